"""The figures of `autoreader eval read`: one list, one run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from flows.evaluation.peers import Peers
from flows.evaluation.rows import Row
from flows.evaluation.text import evaluate_text
from pipeline.errors import UsageError


class Part(StrEnum):
    """What of reading can be measured by itself."""

    TEXT = "text"


def evaluate_reading(data: Path, peers: Peers, only: Part | None) -> list[Row]:
    """The rows of one part or of all. Raises UsageError where `data` holds no PDFs as expected."""
    if not (data / "pdf").is_dir():
        raise UsageError(f"no folder {data / 'pdf'}: expected one with arxiv_tex, jose, juliacon and page_tests in it")
    rows: list[Row] = []
    for part in Part if only is None else [only]:
        match part:
            case Part.TEXT:
                rows += evaluate_text(data, peers)
    return rows
