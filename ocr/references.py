"""Splits a list of references into its entries."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr.lines import Line

_MARK = re.compile(r"^(?:\[[\w+.’'-]{1,12}\]|\(\d{1,3}\)|\d{1,3}\.(?=\s))")
_HEADING = re.compile(
    r"^(?:[\dIVX]{1,4}\.?\s+)?(?:references|bibliography|literature cited|works cited)\W*$", re.IGNORECASE
)


def is_references_heading(text: str) -> bool:
    """Whether a heading opens the list of references."""
    return bool(_HEADING.match(text))


def split_entries(lines: Sequence[Line], page_width: float) -> list[list[Line]]:
    """The entries of one page, in order; what goes on from the page before is an entry of its own.

    Entries begin at a mark such as [12] where the list is numbered, else at outdented lines, else after a gap.
    """
    if not lines:
        return []
    starts = _starts(lines, page_width)
    entries: list[list[Line]] = []
    for line, is_start in zip(lines, starts, strict=True):
        if is_start or not entries:
            entries.append([])
        entries[-1].append(line)
    return entries


def _starts(lines: Sequence[Line], page_width: float) -> list[bool]:
    marked = [bool(_MARK.match(line.text)) for line in lines]
    if sum(marked) >= max(1, 0.12 * len(lines)):
        return marked
    indents = _indents(lines, page_width)
    hanging = [0.5 * line.size < indent < 4 * line.size for line, indent in zip(lines, indents, strict=True)]
    if sum(hanging) >= 0.2 * len(lines):
        return [indent <= 0.5 * line.size for line, indent in zip(lines, indents, strict=True)]
    return _after_gaps(lines)


def _indents(lines: Sequence[Line], page_width: float) -> list[float]:
    """How far each line begins from the left edge of its column."""
    is_right = [line.left > 0.45 * page_width for line in lines]
    edges = {
        side: min((line.left for line, right in zip(lines, is_right, strict=True) if right is side), default=0.0)
        for side in (False, True)
    }
    return [line.left - edges[side] for line, side in zip(lines, is_right, strict=True)]


def _after_gaps(lines: Sequence[Line]) -> list[bool]:
    steps = [below.baseline - above.baseline for above, below in pairwise(lines)]
    usual = sorted(steps)[len(steps) // 3] if steps else 0.0
    ends = [line.text.endswith((".", "]", ")")) for line in lines]
    return [True] + [(step > 1.15 * usual or step < 0) and has_end for step, has_end in zip(steps, ends, strict=False)]
