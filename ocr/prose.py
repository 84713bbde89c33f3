"""Tells running text, captions and lettering from each other, line by line, before there are any blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ocr.lines import Line
from ocr.shapes import is_caption
from ocr.typography import Typography

_WORD = re.compile(r"[^\W\d_]{2,}")
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


def find_chains(lines: Iterable[Line], typography: Typography) -> list[Chain]:
    """All lines in their order; a caption begins a chain of its own."""
    chains: list[list[Line]] = []
    for line in lines:
        if chains and not is_caption(line, typography) and _follows(chains[-1][-1], line, typography):
            chains[-1].append(line)
        else:
            chains.append([line])
    return [Chain(_role(chain, typography), tuple(chain)) for chain in chains]


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
    is_worded = any(len(_WORD.findall(line.text)) >= _FEWEST_WORDS and len(line.cells) <= 1 for line in chain)
    return Role.PROSE if is_worded else Role.LOOSE
