"""A page's text layer as a value."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.page.graphics import NO_GRAPHICS, Graphics
from ocr.page.lines import Line


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page's text layer holds. Sizes in points; `junk` counts meaningless characters.

    `quarters`: the lines are as seen after that many quarter turns of the page, because most text is set sideways.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    characters: int
    junk: int
    graphics: Graphics = NO_GRAPHICS
    quarters: int = 0
