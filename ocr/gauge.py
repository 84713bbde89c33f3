"""Measures a page's text layer: what the gate decides by, and why the text layer alone may not do."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.figures.backdrops import find_scan, whole_images
from ocr.page.graphics import Shape, ShapeKind
from ocr.page.page_text import PageText
from pipeline.document import Block, BlockKind, Gauge

# 154 arXiv pages hold 894 characters and more, their largest image covers .37 of the page at most, their 95th
# percentile of junk is 1.2 %; scans hold none, or an old OCR's text under an image of the whole page.
_FEWEST_CHARACTERS = 200
_HARDLY_ANY = 50
_FEWEST_OUTLINES = 300  # text turned into outlines has one for each letter
_LETTER = (2.0, 20.0)  # points
_LOGO = 0.05  # of the page: all images together are no more than a logo
_MOST_BESIDE = 0.5  # by a figure with its caption
_MOST_JUNK = 0.03
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
        image_cover=_share(max(map(_area, whole_images(text.graphics.images)), default=0.0), text.width * text.height),
        math_share=max(round(text.graphics.math_share, _PLACES), _share(symbols, text.characters)),
        table_share=_share(in_tables, printed),
    )


def shortcoming(text: PageText, gauge: Gauge) -> str:
    """Why a page's text layer is not enough; empty where it is, and for pages that are really blank."""
    if _is_picture_of_text(text, gauge):
        return f"no text layer: a scan; {gauge.characters} characters beside images"
    if gauge.characters < _HARDLY_ANY and (outlines := sum(map(_is_glyph, text.graphics.shapes))) >= _FEWEST_OUTLINES:
        return f"no text layer: {gauge.characters} characters beside {outlines} outlines as small as letters"
    if find_scan(text) is not None:
        return f"poor text layer: a scan; an image covers {gauge.image_cover:.0%} of the page, under its text"
    if gauge.junk_share > _MOST_JUNK:
        return f"poor text layer: {text.junk} of {gauge.characters} characters have no meaning"
    return ""


def _is_picture_of_text(text: PageText, gauge: Gauge) -> bool:
    """Whether there is so little text that the page's images must hold it; a caption under a figure is enough."""
    pictured = sum(map(_area, text.graphics.images))
    if pictured < _LOGO * text.width * text.height:
        return False
    return gauge.characters < (_FEWEST_CHARACTERS if gauge.image_cover > _MOST_BESIDE else _HARDLY_ANY)


def _is_glyph(shape: Shape) -> bool:
    return shape.kind is ShapeKind.PATH and _LETTER[0] < shape.height < _LETTER[1] and shape.width < _LETTER[1]


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, round(part / whole, _PLACES))) if whole > 0 else 0.0


def _area(shape: Shape) -> float:
    return shape.width * shape.height
