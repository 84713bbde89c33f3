"""Leaves out what is drawn on a page but is none of its figures: logos on every page, frames, a scan under its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from ocr.page.graphics import Shape, ShapeKind
from ocr.page.page_text import PageText
from ocr.page.rects import holds

_EDGE = 0.15  # of the page's height, at either end: logos recur there
_FEWEST_PAGES = 3
_FEW_PAGES = 0.3  # of them
_SCAN = 0.5  # of the page
_UNDER = 0.2  # of the text: of so little of it on a large image, that is a picture
_STRIP = 2.0  # points between two strips of one scan
_FEW_CHARACTERS = 200

_SCANNED = (ShapeKind.IMAGE, ShapeKind.FORM)

_Key = tuple[ShapeKind, int, int, int, int]


def own_shapes(pages: Sequence[PageText]) -> list[list[Shape]]:
    """The shapes of every page that belong to it alone and are not the page itself."""
    keys = Counter(
        key for page in pages for key in {_key(shape) for shape in page.graphics.shapes if _is_outer(shape, page)}
    )
    needed = max(_FEWEST_PAGES, _FEW_PAGES * len(pages)) if len(pages) >= _FEWEST_PAGES else len(pages)
    recurring = {key for key, count in keys.items() if count >= needed and len(pages) > 1}
    return [list(_own(page, recurring)) for page in pages]


def _own(page: PageText, recurring: Collection[_Key]) -> Iterator[Shape]:
    scan = find_scan(page)
    for shape in page.graphics.shapes:
        is_scanned = scan is not None and shape.kind in _SCANNED and holds(scan, shape)
        if _key(shape) not in recurring and not is_scanned:
            yield shape


def _key(shape: Shape) -> _Key:
    return shape.kind, round(shape.left), round(shape.top), round(shape.right), round(shape.bottom)


def _is_outer(shape: Shape, page: PageText) -> bool:
    return shape.bottom < _EDGE * page.height or shape.top > (1 - _EDGE) * page.height


def find_scan(page: PageText) -> Shape | None:
    """The image that is the page: it covers most of it, and the text there is lies on it rather than beside it."""
    scan = max(whole_images(page.graphics.images), key=_area, default=None)
    if scan is None or _area(scan) <= _SCAN * page.width * page.height:
        return None
    on_it = sum(len(line.text) for line in page.lines if holds(scan, line))
    is_under_text = on_it > _UNDER * sum(len(line.text) for line in page.lines)
    return scan if is_under_text or page.characters < _FEW_CHARACTERS else None


def whole_images(images: Sequence[Shape]) -> list[Shape]:
    """The images, those that lie under each other as strips of one scan put together."""
    joined: list[Shape] = []
    for image in sorted(images, key=lambda image: (round(image.left), round(image.right), image.top)):
        last = joined[-1] if joined else None
        if last is not None and _is_strip_of(last, image):
            joined[-1] = Shape(last.kind, last.left, last.top, last.right, max(last.bottom, image.bottom))
        else:
            joined.append(image)
    return joined


def _is_strip_of(above: Shape, below: Shape) -> bool:
    is_flush = abs(above.left - below.left) < _STRIP and abs(above.right - below.right) < _STRIP
    return is_flush and below.top - above.bottom < _STRIP


def _area(shape: Shape) -> float:
    return shape.width * shape.height
