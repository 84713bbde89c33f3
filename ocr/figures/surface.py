"""A page as its floats see it: captions, running text that nothing reaches over, and loose lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.figures.captions import caption_kind
from ocr.figures.prose import Chain, Role
from ocr.page.lines import Line
from ocr.page.rects import Edged, Rect, around, gap_down, holds, touch
from pipeline.document import FigureKind

_FEWEST_LINES = 8  # of running text, to tell whether a page has columns
_MOST_CROSSING = 0.3  # of them reach over the middle of a page in two columns
_HAIR = 1.0  # points by which boxes may overlap without touching


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption's place, its first line, and what it says it is about (None: it does not say)."""

    rect: Rect
    line: Line
    kind: FigureKind | None


class Surface:
    """One page; `em` is the size of its running text in points."""

    def __init__(self, chains: Iterable[Chain], rules: Sequence[Edged], width: float, em: float) -> None:
        chains = [part for chain in chains for part in _parted(chain, rules)]
        self.em = em
        self.captions = [_caption(chain) for chain in chains if chain.role is Role.CAPTION]
        self.prose = [line for chain in chains if chain.role is Role.PROSE for line in chain.lines]
        self.loose = [line for chain in chains if chain.role is Role.LOOSE for line in chain.lines]
        self._middle = width / 2
        crossing = sum(self._side(line) == 0 for line in self.prose)
        self._has_columns = len(self.prose) >= _FEWEST_LINES and crossing < _MOST_CROSSING * len(self.prose)

    def column(self, item: Edged) -> int:
        """-1 left, 1 right, 0 both, which is also all there is on a page in one column."""
        return self._side(item) if self._has_columns else 0

    def in_column(self, item: Edged, column: int) -> Rect:
        """What of an item lies in a column."""
        left, right = item.left, item.right
        if column < 0:
            right = min(right, self._middle)
        elif column > 0:
            left = max(left, self._middle)
        return Rect(left, item.top, max(left, right), item.bottom)

    def prose_in(self, rect: Edged) -> list[Line]:
        """The running text in a rectangle."""
        return [line for line in self.prose if holds(rect, line)]

    def is_parted(self, rect: Edged, caption: Caption) -> bool:
        """Whether another caption lies in a rectangle."""
        return any(other is not caption and touch(rect, other.rect, -_HAIR) for other in self.captions)

    def fences(self) -> list[float]:
        """Where, from the left, captions side by side are parted: each is about its own side."""
        return [
            (one.rect.right + other.rect.left) / 2
            for one in self.captions
            for other in self.captions
            if one.rect.right <= other.rect.left and gap_down(one.rect, other.rect) < -_HAIR
        ]

    def is_captioned(self, line: Line) -> bool:
        """Whether a line overlaps a caption."""
        return any(touch(line, caption.rect, -_HAIR) for caption in self.captions)

    def _side(self, item: Edged) -> int:
        if item.right <= self._middle + self.em:
            return -1
        return 1 if item.left >= self._middle - self.em else 0


def _caption(chain: Chain) -> Caption:
    return Caption(around(chain.lines), chain.lines[0], caption_kind(chain.text))


def _parted(chain: Chain, rules: Sequence[Edged]) -> Iterator[Chain]:
    """A caption without the first row of its table, which a rule parts from it; other chains as they are."""
    lines = chain.lines
    if chain.role is Role.CAPTION:
        for index in range(1, len(lines)):
            if _has_rule(lines[index - 1], lines[index], rules):
                yield replace(chain, lines=lines[:index])
                yield Chain(Role.LOOSE, lines[index:])
                return
    yield chain


def _has_rule(above: Line, below: Line, rules: Sequence[Edged]) -> bool:
    return any(
        above.baseline - _HAIR < rule.top < below.baseline - 0.5 * below.size
        and rule.left < below.right
        and rule.right > below.left
        for rule in rules
    )
