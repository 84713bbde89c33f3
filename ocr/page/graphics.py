"""What a page draws besides text, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ocr.page.rects import Rect


class ShapeKind(StrEnum):
    """What draws a shape."""

    IMAGE = "image"
    PATH = "path"
    SHADING = "shading"
    FORM = "form"  # a drawing put in as a whole, lettering and all


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn, in points, origin top left, clipped to the page as it is seen."""

    kind: ShapeKind
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Graphics:
    """What a page draws: shapes in the order they are painted, `images` also from inside of forms.

    `lettering` is where forms hold text: what stands there belongs to a drawing. `math_share`: of the width of all
    text, about how much is set in fonts for mathematics.
    """

    shapes: tuple[Shape, ...] = ()
    images: tuple[Shape, ...] = ()
    lettering: tuple[Rect, ...] = ()
    math_share: float = 0.0


NO_GRAPHICS = Graphics()
