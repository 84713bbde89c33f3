"""Puts the shapes of a page together into drawings: what stands close belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ocr.page.graphics import Shape, ShapeKind
from ocr.page.rects import Rect, around, touch

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


def find_drawings(shapes: Iterable[Shape], width: float, height: float, fences: Sequence[float] = ()) -> list[Drawing]:
    """The drawings of a page of that size, those too small to be one left out.

    `fences` are distances from the left, between captions side by side: what stands on both sides is not joined.
    """
    usable = [shape for shape in shapes if not _is_backdrop(shape, width, height)]
    usable.sort(key=lambda shape: -(shape.width + 1) * (shape.height + 1))
    drawings: list[Drawing] = []
    for shape in usable[:_MOST_SHAPES]:
        _add(drawings, Drawing(Rect(shape.left, shape.top, shape.right, shape.bottom), [shape]), fences)
    return [drawing for drawing in drawings if _is_large(drawing.rect)]


def _add(drawings: list[Drawing], new: Drawing, fences: Sequence[float]) -> None:
    """Joins a drawing with all it touches, and what they then touch."""
    while beside := [other for other in drawings if _belong(other, new, fences)]:
        for other in beside:
            drawings.remove(other)
            new.join(other)
    drawings.append(new)


def _belong(one: Drawing, other: Drawing, fences: Sequence[float]) -> bool:
    if not touch(one.rect, other.rect, _reach(one, other)):
        return False
    left, right = (one.rect, other.rect) if one.rect.left <= other.rect.left else (other.rect, one.rect)
    return not any(left.right <= fence + _THIN and right.left >= fence - _THIN for fence in fences)


def _reach(one: Drawing, other: Drawing) -> float:
    """Lone rules join only what they touch: those of tables, footnotes and fractions stand near much."""
    is_loose = any(len(item.shapes) == 1 and is_rule(item.shapes[0]) for item in (one, other))
    return 1.0 if is_loose else _REACH


def _is_backdrop(shape: Shape, width: float, height: float) -> bool:
    return shape.width > _BACKDROP * width and shape.height > _BACKDROP * height


def _is_large(rect: Rect) -> bool:
    return rect.right - rect.left >= _LEAST and rect.bottom - rect.top >= _LEAST


def level_rules(shapes: Sequence[Shape], narrowest: float) -> list[Shape]:
    """The straight lines across of at least that width, from the top down; those drawn cell by cell put together."""
    rules: list[Shape] = []
    for rule in sorted(filter(is_level, shapes), key=lambda rule: (round(rule.top), rule.left)):
        last = rules[-1] if rules else None
        if last is not None and abs(rule.top - last.top) < 1 and rule.left - last.right < _THIN:
            top, bottom = min(last.top, rule.top), max(last.bottom, rule.bottom)
            rules[-1] = Shape(last.kind, last.left, top, max(last.right, rule.right), bottom)
        else:
            rules.append(rule)
    return sorted((rule for rule in rules if rule.width >= narrowest), key=lambda rule: rule.top)
