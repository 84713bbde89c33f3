"""The figures of `autoreader eval read`: one list, one run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from flows.evaluation.gate import evaluate_gate
from flows.evaluation.peers import Peers
from flows.evaluation.references import evaluate_references
from flows.evaluation.rows import Row
from flows.evaluation.text import evaluate_text
from pipeline.errors import AutoreaderError, UsageError

logger = logging.getLogger(__name__)


class Part(StrEnum):
    """What of reading can be measured by itself."""

    TEXT = "text"  # words and their order
    REFERENCES = "references"  # fields and identifiers
    GATE = "gate"  # which pages go to OCR, and what it makes of them


def evaluate_reading(data: Path, peers: Peers, only: Part | None) -> list[Row]:
    """The rows of one part, or of all that `data` has something for; what it lacks is said in the log.

    Raises UsageError where it has nothing at all, or nothing for the part asked for.
    """
    if only is not None:
        rows = _evaluate(only, data, peers)
    else:
        rows = [row for part in Part for row in _if_possible(part, data, peers)]
    if not rows:
        raise UsageError(f"nothing to measure in {data}: expected pdf/jose, pdf/arxiv_tex, references ...")
    return rows


def _if_possible(part: Part, data: Path, peers: Peers) -> Iterator[Row]:
    try:
        yield from _evaluate(part, data, peers)
    except AutoreaderError as error:  # of one part: the others are still worth their figures
        logger.warning("%s left out: %s", part, error)


def _evaluate(part: Part, data: Path, peers: Peers) -> list[Row]:
    match part:
        case Part.TEXT:
            return evaluate_text(data, peers)
        case Part.REFERENCES:
            return evaluate_references(data, peers)
        case Part.GATE:
            return evaluate_gate(data)
