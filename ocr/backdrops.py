"""Leaves out what is drawn on a page but is none of its figures: logos on every page, frames, a scan under its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ocr.graphics import Shape, ShapeKind
from ocr.page_text import PageText
from ocr.rects import holds

_EDGE = 0.15  # of the page's height, at either end: logos recur there
_FEWEST_PAGES = 3
_FEW_PAGES = 0.3  # of them
_SCAN = 0.5  # of the page
_FEW_CHARACTERS = 200

_Key = tuple[ShapeKind, int, int, int, int]


def own_shapes(pages: Sequence[PageText]) -> list[list[Shape]]:
    """The shapes of every page that belong to it alone and are not the page itself."""
    keys = Counter(
        key for page in pages for key in {_key(shape) for shape in page.graphics.shapes if _is_outer(shape, page)}
    )
    needed = max(_FEWEST_PAGES, _FEW_PAGES * len(pages)) if len(pages) >= _FEWEST_PAGES else len(pages)
    recurring = {key for key, count in keys.items() if count >= needed and len(pages) > 1}
    return [
        [shape for shape in page.graphics.shapes if _key(shape) not in recurring and not _is_scan(shape, page)]
        for page in pages
    ]


def _key(shape: Shape) -> _Key:
    return shape.kind, round(shape.left), round(shape.top), round(shape.right), round(shape.bottom)


def _is_outer(shape: Shape, page: PageText) -> bool:
    return shape.bottom < _EDGE * page.height or shape.top > (1 - _EDGE) * page.height


def _is_scan(shape: Shape, page: PageText) -> bool:
    """Whether an image is the page: it covers most of it, and the text there is lies on it."""
    if shape.kind is not ShapeKind.IMAGE or shape.width * shape.height <= _SCAN * page.width * page.height:
        return False
    on_it = sum(holds(shape, line) for line in page.lines)
    return page.characters < _FEW_CHARACTERS or on_it > 0.5 * len(page.lines)
