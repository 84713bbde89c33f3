"""Tells running text, captions and lettering from each other, line by line, before there are any blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ocr.page.lines import Line
from ocr.page.rects import Rect, holds
from ocr.text.shapes import is_caption
from ocr.text.typography import Typography

_WORD = re.compile(r"(?<![\w.])[^\W\d_]{2,}(?!\w)")  # not the unit of "2.5ms"
_NUMBERED = re.compile(r"(?:\d{1,2}|[A-H])(?:\.\d{1,2})*\.?\s+[A-Z][a-z]")
_HEADING = 1.07  # of the body's size
_BAND = 4.0  # points
_FEWEST_WORDS = 5
_SMALLEST = 0.85  # of the body's size: what is smaller is lettering, or a footnote, which stands below all floats


class Role(StrEnum):
    """What a chain of lines is to the drawings around it."""

    PROSE = "prose"  # nothing reaches over it
    CAPTION = "caption"
    LOOSE = "loose"  # lettering, cells, formulas, notes: part of a drawing if it stands close enough


@dataclass(frozen=True, slots=True)
class Chain:
    """Lines that follow each other at the document's leading, at one size and in one column."""

    role: Role
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Its lines with spaces between."""
        return " ".join(line.text for line in self.lines)


def find_chains(lines: Iterable[Line], lettering: Sequence[Rect], typography: Typography) -> list[Chain]:
    """All lines in their order; a caption begins a chain of its own. What stands in `lettering` is loose."""
    drawn = _Places(lettering)
    chains: list[list[Line]] = []
    loose = []
    for line in lines:
        if drawn.hold(line):
            loose.append(Chain(Role.LOOSE, (line,)))
        elif chains and not is_caption(line, typography) and _follows(chains[-1][-1], line, typography):
            chains[-1].append(line)
        else:
            chains.append([line])
    return [*loose, *(Chain(_role(chain, typography), tuple(chain)) for chain in chains)]


class _Places:
    """Rectangles of single lines, sorted into bands of some points, so that a line is looked up quickly."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        self._bands: dict[int, list[Rect]] = {}
        for rect in rects:
            for band in range(int(rect.top // _BAND), min(int(rect.bottom // _BAND), int(rect.top // _BAND) + 8) + 1):
                self._bands.setdefault(band, []).append(rect)

    def hold(self, line: Line) -> bool:
        band = self._bands.get(int((line.top + line.bottom) / 2 // _BAND), ()) if self._bands else ()
        return any(holds(line, rect) or holds(rect, line) for rect in band)


def _follows(above: Line, line: Line, typography: Typography) -> bool:
    em = max(above.size, line.size)
    step = line.baseline - above.baseline
    is_next = -0.5 * em < step < (typography.leading * 1.35 + 0.1) * em
    is_in_column = line.left < above.right + em and line.right > above.left - em
    is_alike = abs(above.size - line.size) <= 0.07 * em and above.is_upright and line.is_upright
    return is_next and is_in_column and is_alike


def _role(chain: Sequence[Line], typography: Typography) -> Role:
    first = chain[0]
    if is_caption(first, typography):
        return Role.CAPTION
    if not first.is_upright or first.size < _SMALLEST * typography.body_size:
        return Role.LOOSE
    is_heading = (first.is_bold or first.size > _HEADING * typography.body_size) and _NUMBERED.match(first.text)
    return Role.PROSE if is_heading or any(map(is_worded, chain)) else Role.LOOSE


def is_worded(line: Line) -> bool:
    """Whether a line reads like part of a sentence rather than like a row of cells or a label."""
    return len(line.cells) <= 1 and len(_WORD.findall(line.text)) >= _FEWEST_WORDS
