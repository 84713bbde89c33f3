"""Rectangles on a page in points, and how they lie to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Edged(Protocol):
    """Whatever has a place on the page: lines, shapes, rectangles. Origin top left."""

    @property
    def left(self) -> float:
        """Points from the page's left edge."""
        ...

    @property
    def top(self) -> float:
        """Points from the page's top."""
        ...

    @property
    def right(self) -> float:
        """Points from the page's left edge."""
        ...

    @property
    def bottom(self) -> float:
        """Points from the page's top."""
        ...


@dataclass(frozen=True, slots=True)
class Rect:
    """A bare rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Square points."""
        return (self.right - self.left) * (self.bottom - self.top)


def around(items: Iterable[Edged]) -> Rect:
    """The smallest rectangle that holds all of at least one."""
    items = list(items)
    return Rect(
        min(item.left for item in items),
        min(item.top for item in items),
        max(item.right for item in items),
        max(item.bottom for item in items),
    )


def gap_across(one: Edged, other: Edged) -> float:
    """The white between two sideways; negative where they overlap."""
    return max(one.left, other.left) - min(one.right, other.right)


def gap_down(one: Edged, other: Edged) -> float:
    """The white between two up and down; negative where they overlap."""
    return max(one.top, other.top) - min(one.bottom, other.bottom)


def touch(one: Edged, other: Edged, reach: float = 0.0) -> bool:
    """Whether two overlap or come as near as `reach`."""
    return gap_across(one, other) <= reach and gap_down(one, other) <= reach


def holds(rect: Edged, item: Edged) -> bool:
    """Whether the middle of an item lies in a rectangle."""
    x, y = (item.left + item.right) / 2, (item.top + item.bottom) / 2
    return rect.left <= x <= rect.right and rect.top <= y <= rect.bottom
