"""From a PDF's coordinates to the page as a reader sees it, and holds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.page.rects import Edged
from pipeline.document import Box

_UPSIDE_DOWN = 2
_UPWARDS = 3


@dataclass(frozen=True, slots=True)
class View:
    """An affine map into points with the origin top left: x' = a x + c y + e, y' = b x + d y + f.

    `width` and `height` are the page's in that view. `quarters` says by how many quarter turns (counter-clockwise) the
    page is turned against how it is seen, so that text set sideways runs from left to right.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float
    quarters: int = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the PDF's user space lies."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def quarters_of(self, x: float, y: float) -> int:
        """How a direction of user space runs in this view: 0 to the right, 1 down, 2 to the left, 3 up."""
        along, down = self.a * x + self.c * y, self.b * x + self.d * y
        if abs(along) >= abs(down):
            return 0 if along >= 0 else _UPSIDE_DOWN
        return 1 if down > 0 else _UPWARDS

    def turned(self) -> View:
        """The view after one more quarter turn: what ran down runs to the right."""
        return View(
            self.b, -self.a, self.d, -self.c, self.f, self.width - self.e, self.height, self.width, self.quarters + 1
        )


def box_of(lines: Sequence[Edged], width: float, height: float, quarters: int = 0) -> Box:
    """The box around lines or shapes in per mille of the page as seen, clipped to it; `quarters` as in `View`."""
    box = Box(
        _per_mille(min(line.left for line in lines), width, math.floor),
        _per_mille(min(line.top for line in lines), height, math.floor),
        _per_mille(max(line.right for line in lines), width, math.ceil),
        _per_mille(max(line.bottom for line in lines), height, math.ceil),
    )
    for _ in range(quarters):
        box = Box(1000 - box.bottom, box.left, 1000 - box.top, box.right)
    return box


def _per_mille(value: float, whole: float, rounded: Callable[[float], int]) -> int:
    return min(1000, max(0, rounded(1000 * value / whole))) if whole > 0 else 0
