"""Puts the shapes of a page together into drawings: what stands close belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ocr.graphics import Shape, ShapeKind
from ocr.rects import Rect, around, touch

_THIN = 2.5  # points: a rule is no thicker
_REACH = 10.0  # points between the parts of one drawing
_MOST_SHAPES = 1_500  # put together on one page, the largest first
_BACKDROP = 0.9  # of the page's width and height: what lies behind or around everything
_LEAST = 12.0  # points: a drawing is no smaller


@dataclass(slots=True)
class Drawing:
    """Shapes that stand together, and the rectangle around them."""

    rect: Rect
    shapes: list[Shape] = field(default_factory=list)

    def join(self, other: Drawing) -> None:
        """Takes in another one's shapes."""
        self.rect = around((self.rect, other.rect))
        self.shapes += other.shapes

    @property
    def has_pictures(self) -> bool:
        """Whether it is more than paths, which may also be rules, frames and backgrounds of text."""
        return any(shape.kind is not ShapeKind.PATH for shape in self.shapes)

    @property
    def has_images(self) -> bool:
        """Whether it holds an image or a drawing put in as a whole; shadings also fill frames around text."""
        return any(shape.kind in (ShapeKind.IMAGE, ShapeKind.FORM) for shape in self.shapes)


def is_rule(shape: Shape) -> bool:
    """Whether a path is a straight line across or down."""
    return shape.kind is ShapeKind.PATH and min(shape.width, shape.height) <= _THIN


def is_level(shape: Shape) -> bool:
    """Whether a path is a straight line across the page."""
    return shape.kind is ShapeKind.PATH and shape.height <= _THIN


def find_drawings(shapes: Iterable[Shape], width: float, height: float) -> list[Drawing]:
    """The drawings of a page of that size, those too small to be one left out."""
    usable = [shape for shape in shapes if not _is_backdrop(shape, width, height)]
    usable.sort(key=lambda shape: -(shape.width + 1) * (shape.height + 1))
    drawings: list[Drawing] = []
    for shape in usable[:_MOST_SHAPES]:
        _add(drawings, Drawing(Rect(shape.left, shape.top, shape.right, shape.bottom), [shape]))
    return [drawing for drawing in drawings if _is_large(drawing.rect)]


def _add(drawings: list[Drawing], new: Drawing) -> None:
    """Joins a drawing with all it touches, and what they then touch."""
    while beside := [other for other in drawings if touch(other.rect, new.rect, _reach(other, new))]:
        for other in beside:
            drawings.remove(other)
            new.join(other)
    drawings.append(new)


def _reach(one: Drawing, other: Drawing) -> float:
    """Lone rules join only what they touch: those of tables, footnotes and fractions stand near much."""
    is_loose = any(len(item.shapes) == 1 and is_rule(item.shapes[0]) for item in (one, other))
    return 1.0 if is_loose else _REACH


def _is_backdrop(shape: Shape, width: float, height: float) -> bool:
    return shape.width > _BACKDROP * width and shape.height > _BACKDROP * height


def _is_large(rect: Rect) -> bool:
    return rect.right - rect.left >= _LEAST and rect.bottom - rect.top >= _LEAST


def level_rules(shapes: Sequence[Shape], narrowest: float) -> list[Shape]:
    """The straight lines across of at least that width, from the top down."""
    return sorted(
        (shape for shape in shapes if is_level(shape) and shape.width >= narrowest), key=lambda rule: rule.top
    )
