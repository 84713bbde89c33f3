"""Measures a page's text layer: what the gate decides by, and why the text layer alone may not do."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.graphics import Shape
from ocr.page_text import PageText
from pipeline.document import Block, BlockKind, Gauge

# 154 arXiv pages hold 894 characters and more, their largest image covers .37 of the page at most, their 95th
# percentile of junk is 1.2 %; scans hold none, or an old OCR's text under an image of the whole page.
_FEWEST_CHARACTERS = 200
_MOST_COVER = 0.5
_MOST_JUNK = 0.03
_BESIDE = 0.8  # of the text: so much of it outside of a large image, and the image is no scan under it
_STRIP = 2.0  # points between two strips of one scan
_PLACES = 3

# Relations, operators, arrows, letter-like symbols and mathematical alphabets, but no Greek: prose holds that too.
_MATHEMATICS = re.compile(r"[±×÷¬∂ℂ-ℊℕℙ-ℝ←-⇿∀-⋿⌈-⌋⟨⟩⦀-⫿\U0001d400-\U0001d7ff]")


def measure_page(text: PageText, blocks: Sequence[Block]) -> Gauge:
    """What a page holds; shares rounded to three places, so that documents read twice are the same."""
    symbols = sum(len(_MATHEMATICS.findall(line.text)) for line in text.lines)
    printed = sum(len(block.text) for block in blocks)
    in_tables = sum(len(block.text) for block in blocks if block.kind is BlockKind.TABLE)
    return Gauge(
        characters=text.characters,
        junk_share=_share(text.junk, text.characters),
        image_cover=_share(max(map(_area, _whole(text.graphics.images)), default=0.0), text.width * text.height),
        math_share=max(round(text.graphics.math_share, _PLACES), _share(symbols, text.characters)),
        table_share=_share(in_tables, printed),
    )


def shortcoming(text: PageText, gauge: Gauge) -> str:
    """Why a page's text layer is not enough; empty where it is, and for pages that are really blank."""
    if gauge.characters < _FEWEST_CHARACTERS and text.graphics.images:
        return f"no text layer: a scan; {gauge.characters} characters beside images"
    if gauge.image_cover > _MOST_COVER and not _is_beside(text):
        return f"poor text layer: a scan; an image covers {gauge.image_cover:.0%} of the page, under its text"
    if gauge.junk_share > _MOST_JUNK:
        return f"poor text layer: {text.junk} of {gauge.characters} characters have no meaning"
    return ""


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, round(part / whole, _PLACES))) if whole > 0 else 0.0


def _whole(images: Sequence[Shape]) -> list[Shape]:
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


def _is_beside(text: PageText) -> bool:
    """Whether the page's text stands beside its largest image: then that is a picture, and no scan."""
    largest = max(_whole(text.graphics.images), key=_area)
    outside = sum(
        len(line.text) for line in text.lines if not _is_on(line.centre, (line.top + line.bottom) / 2, largest)
    )
    return outside > _BESIDE * sum(len(line.text) for line in text.lines)


def _is_on(x: float, y: float, image: Shape) -> bool:
    return image.left <= x <= image.right and image.top <= y <= image.bottom


def _area(shape: Shape) -> float:
    return shape.width * shape.height
