"""Splits a list of references into its entries."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr.page.lines import Line

_MARK = re.compile(
    r"(?:\[(?P<bracket>[\w+.’'/:-]{1,24}|[^\[\]]{2,60}\d{4}[a-z]?)\]|\((?P<round>\d{1,3})\)"
    r"|(?P<dotted>\d{1,3})[.)](?=\s))"
)
_HEADING = re.compile(
    r"^(?:(?:[\dIVX]{1,4}|[A-Z])[.)]?\s+)?"
    r"(?:references?(?:\s+(?:and\s+notes|cited))?|notes\s+and\s+references|r\se\sf\se\sr\se\sn\sc\se\ss"
    r"|bibliograph(?:y|ie)|(?:works|literature)\s+cited|literature|literatur(?:verzeichnis)?"
    r"|r[ée]f[ée]rences(?:\s+bibliographiques)?|referencias|riferimenti|参考文献|список литературы)\W*$",
    re.IGNORECASE,
)
_WHOLE_END = re.compile(r"[.\])/]$|\d$|/\S+$")
_SHARE_OF_MARKS = 0.12  # of the lines: entries of eight lines are long
_SHARE_OF_INDENTS = 0.1
_CLEARLY = 0.4  # difference of shares: hanging indents are by far the usual
_FEWEST_LINES = 3
_LARGEST_STEP = 3  # numbers may be missing where a line could not be read


def is_references_heading(text: str) -> bool:
    """Whether a heading opens the list of references."""
    return bool(_HEADING.match(text))


def split_entries(lines: Sequence[Line], page_width: float) -> list[list[Line]]:
    """The entries of one page, in order; what goes on from the page before is an entry of its own.

    Entries begin at a mark such as [12] where the list is numbered, else at outdented lines (or indented ones, where
    the lines before those end an entry), else after a gap.
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
    marked = _marked(lines)
    if sum(marked) >= max(1, _SHARE_OF_MARKS * len(lines)):
        return marked
    indents = _indents(lines, page_width)
    hanging = [0.5 * line.size < indent < 4 * line.size for line, indent in zip(lines, indents, strict=True)]
    if sum(hanging) >= max(1, _SHARE_OF_INDENTS * len(lines)):
        flush = [indent <= 0.5 * line.size for line, indent in zip(lines, indents, strict=True)]
        return hanging if _is_first_indented(lines, hanging, flush) else flush
    return _after_gaps(lines)


def _marked(lines: Sequence[Line]) -> list[bool]:
    """Which lines begin with a mark; a number that does not follow the one before is part of an entry."""
    marked = []
    last = None
    for line in lines:
        match = _MARK.match(line.text)
        number = _number(match)
        is_mark = match is not None and (number is None or last is None or 0 < number - last <= _LARGEST_STEP)
        last = number if is_mark and number is not None else last
        marked.append(is_mark)
    return marked


def _number(match: re.Match[str] | None) -> int | None:
    label = next((group for group in match.groups() if group), "") if match is not None else ""
    return int(label) if label.isdecimal() else None


def _is_first_indented(lines: Sequence[Line], hanging: Sequence[bool], flush: Sequence[bool]) -> bool:
    """Whether entries begin at the indented lines, as in paragraphs of prose: those come after the ends of entries."""
    if min(sum(hanging), sum(flush[1:])) < _FEWEST_LINES:
        return False
    return _ends_before(lines, hanging) > _ends_before(lines, flush) + _CLEARLY


def _ends_before(lines: Sequence[Line], starts: Sequence[bool]) -> float:
    """Of the lines that would begin an entry, the share that come after what looks like an entry's end."""
    before = [bool(_WHOLE_END.search(above.text)) for above, here in zip(lines, starts[1:], strict=False) if here]
    return sum(before) / len(before) if before else 0.0


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
