"""Finds where the figures and tables of a text-layer page lie, from what is drawn around its captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.figures.drawings import Drawing, find_drawings, level_rules
from ocr.figures.prose import find_chains, is_worded
from ocr.figures.ruled_tables import find_tables
from ocr.figures.surface import Caption, Surface
from ocr.page.graphics import Shape, ShapeKind
from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.page.rects import Rect, around, gap_across, gap_down, holds, touch
from ocr.text.shapes import is_caption
from ocr.text.typography import Typography
from pipeline.document import FigureKind

# Distances in em of the page's running text.
_TALLEST = 60.0  # a part of a figure is no further from its caption
_OTHER_SIDE = 3.0  # how much nearer a drawing below a caption must be than one above it
_LETTERING = 1.3  # from a drawing to the numbers and names beside it
_ROUNDS = 3  # of lettering found beside lettering
_NARROWEST = 6.0  # rule of a table
_LARGE = 0.03  # of the page: a picture without a caption is no smaller
_MOST_SENTENCES = 5  # lines of them in a picture without a caption
_LEAST_LEFT = 0.3  # of a drawing's height: more than the rest is not cut off for the text that lies in it


@dataclass(frozen=True, slots=True)
class Float:
    """A figure or table on a page: its place in points, its caption's first line, and the lines set inside it."""

    kind: FigureKind
    rect: Rect
    lines: tuple[Line, ...]
    caption: Line | None = None


def find_floats(page: PageText, body: Sequence[Line], shapes: Sequence[Shape], typography: Typography) -> list[Float]:
    """The floats of a page whose running headers and footers are not in `body`; no line is in two of them.

    `shapes` are those of the page's that belong to it alone.
    """
    has_pictures = any(shape.kind is not ShapeKind.PATH for shape in shapes)
    if not has_pictures and not (shapes and any(is_caption(line, typography) for line in body)):
        return []  # rules, frames, underlines: nothing says that they are a figure
    chains = find_chains(body, page.graphics.lettering, typography)
    rules = level_rules(shapes, _NARROWEST * typography.body_size)
    surface = Surface(chains, rules, page.width, typography.body_size)
    drawings = find_drawings(shapes, page.width, page.height, surface.fences())
    tables = find_tables(surface, rules, drawings)
    drawings = [drawing for drawing in drawings if not any(touch(rect, drawing.rect) for _, rect in tables)]
    finder = _Finder(surface)
    for caption, rect in tables:
        finder.add(FigureKind.TABLE, rect, caption)
    for kind, caption, rect in finder.figures(drawings):
        finder.add(kind, rect, caption)
    for rect in finder.uncaptioned(drawings, _LARGE * page.width * page.height):
        finder.add(FigureKind.FIGURE, rect, None)
    return finder.floats


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a drawing may belong to a caption, and how ill it does."""

    drawing: Drawing
    rect: Rect
    cost: float
    is_above: bool


class _Finder:
    """The floats of one page as they are found."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._taken: set[int] = set()
        self._served: list[Rect] = []
        self.floats: list[Float] = []

    def add(self, kind: FigureKind, rect: Rect, caption: Caption | None) -> None:
        """Notes a float; it gets the lines in it that no other has."""
        everything = (*self._surface.loose, *self._surface.prose)
        inside = [line for line in everything if holds(rect, line) and id(line) not in self._taken]
        self._taken.update(map(id, inside))
        self.floats.append(Float(kind, rect, tuple(inside), caption.line if caption else None))

    def figures(self, drawings: Sequence[Drawing]) -> Iterator[tuple[FigureKind, Caption, Rect]]:
        """Each caption with the drawings that stand nearest to it, all on one side of it."""
        owned: dict[int, list[_Part]] = {}
        served = {item.caption for item in self.floats}
        for drawing in drawings:
            ways = [
                (part.cost, number, part)
                for number, caption in enumerate(self._surface.captions)
                if caption.kind is not None
                and caption.line not in served
                and (part := self._part_of(drawing, caption)) is not None
            ]
            if ways:
                _, number, part = min(ways, key=lambda way: way[:2])
                owned.setdefault(number, []).append(part)
        for number, parts in owned.items():
            caption = self._surface.captions[number]
            kept = self._together(parts)
            self._served += [part.drawing.rect for part in kept]
            rect = around(part.rect for part in kept)
            yield caption.kind or FigureKind.FIGURE, caption, self._lettered(rect, caption)

    def _together(self, parts: Sequence[_Part]) -> list[_Part]:
        """The nearest part and those on its side of the caption, no frames around text among them but alone."""
        nearest = min(parts, key=lambda part: part.cost)
        return [
            part
            for part in parts
            if part is nearest
            or (
                part.is_above is nearest.is_above
                and (part.drawing.has_pictures or not self._surface.prose_in(part.rect))
            )
        ]

    def uncaptioned(self, drawings: Sequence[Drawing], large: float) -> Iterator[Rect]:
        """Large pictures that belong to no caption and hold no running text."""
        for drawing in drawings:
            is_free = drawing.has_images and not self._is_text(drawing.rect)
            if is_free and drawing.rect.area >= large and drawing.rect not in self._served:
                yield self._lettered(drawing.rect, None)

    def _is_text(self, rect: Rect) -> bool:
        """Whether running text stands in a picture, or so many sentences that it is a picture of text."""
        sentences = [line for line in self._surface.loose if is_worded(line) and holds(rect, line)]
        return len(sentences) > _MOST_SENTENCES or bool(self._surface.prose_in(rect))

    def _part_of(self, drawing: Drawing, caption: Caption) -> _Part | None:
        """What of a drawing can belong to a caption; None where text, a caption or a column parts them."""
        surface = self._surface
        column = surface.column(caption.rect)
        own = surface.column(drawing.rect)
        rect = drawing.rect
        if column and own == -column:
            return None
        if column and not own and surface.prose_in(surface.in_column(rect, -column)):
            rect = surface.in_column(rect, column)
        rect = self._uncovered(rect, caption) if drawing.has_pictures else rect
        between = around((rect, caption.rect))
        if gap_down(rect, caption.rect) > _TALLEST * surface.em or surface.is_parted(between, caption):
            return None
        if any(not holds(rect, line) for line in surface.prose_in(between)):
            return None
        return _Part(drawing, rect, self._cost(rect, caption), _is_above(rect, caption))

    def _uncovered(self, rect: Rect, caption: Caption) -> Rect:
        """A picture without its margin that reaches over the caption and over text beyond: what is drawn is less."""
        top, bottom = rect.top, rect.bottom
        prose = self._surface.prose_in(rect)
        if _is_above(rect, caption):
            bottom = min(bottom, caption.rect.top)
            top = max([top, *(line.bottom for line in prose if line.bottom < bottom)])
        else:
            top = max(top, caption.rect.bottom)
            bottom = min([bottom, *(line.top for line in prose if line.top > top)])
        is_enough = bottom - top >= _LEAST_LEFT * (rect.bottom - rect.top)
        return Rect(rect.left, top, rect.right, bottom) if is_enough else rect

    def _cost(self, rect: Rect, caption: Caption) -> float:
        down, across = gap_down(rect, caption.rect), gap_across(rect, caption.rect)
        other_side = 0.0 if _is_above(rect, caption) else _OTHER_SIDE * self._surface.em
        return max(0.0, down) + max(0.0, across) + other_side

    def _lettered(self, rect: Rect, caption: Caption | None) -> Rect:
        """A drawing with the lettering around it, and all that stands between it and its caption."""
        reach = _LETTERING * self._surface.em
        loose = [line for line in self._surface.loose if self._is_free(line, caption)]
        for _ in range(_ROUNDS):
            grown = around([rect, *(line for line in loose if touch(rect, line, reach))])
            if grown == rect:
                break
            rect = grown
        if caption is None:
            return rect
        between = _between(rect, caption.rect)
        return around([rect, *(line for line in loose if holds(between, line))])

    def _is_free(self, line: Line, caption: Caption | None) -> bool:
        """Whether a line may be lettering: in no other float, in no caption and in the caption's column."""
        if id(line) in self._taken or self._surface.is_captioned(line):
            return False
        if caption is None:
            return True
        column = self._surface.column(caption.rect)
        return not column or self._surface.column(line) != -column


def _is_above(rect: Rect, caption: Caption) -> bool:
    return rect.top + rect.bottom < caption.rect.top + caption.rect.bottom


def _between(rect: Rect, caption: Rect) -> Rect:
    left, right = min(rect.left, caption.left), max(rect.right, caption.right)
    if rect.bottom < caption.bottom:
        return Rect(left, rect.bottom, right, caption.top)
    return Rect(left, caption.bottom, right, rect.top)
