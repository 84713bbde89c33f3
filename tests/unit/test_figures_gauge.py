from dataclasses import replace

import pytest

from ocr.figures.backdrops import own_shapes
from ocr.gauge import measure_page, shortcoming
from ocr.page.graphics import Graphics, Shape, ShapeKind
from ocr.page.lines import Line
from ocr.page.page_text import PageText
from pipeline.document import Block, BlockKind, Box, Gauge

_WHOLE = Shape(ShapeKind.IMAGE, 0, 0, 600, 800)
_LOGO = Shape(ShapeKind.IMAGE, 20, 10, 170, 70)
_STRIPS = tuple(Shape(ShapeKind.IMAGE, 0, top, 600, top + 40) for top in range(0, 800, 40))


def _page(characters: int, *images: Shape, top: float = 100, junk: int = 0) -> PageText:
    line = Line("x" * characters, 50, top, 550, top + 10, 10, top + 8)
    lines = (line,) if characters else ()
    return PageText(1, 600, 800, lines, characters, junk, graphics=Graphics(images, images))


def _shortcoming(page: PageText) -> str:
    return shortcoming(page, measure_page(page, ()))


def test_a_page_is_measured_by_its_characters_images_mathematics_and_tables() -> None:
    text = Line("Let x ∈ Y and x ≤ ∞", 50, 100, 550, 110, 10, 108)
    graphics = Graphics((), (Shape(ShapeKind.IMAGE, 0, 0, 300, 400),), math_share=0.1)
    page = PageText(1, 600, 800, (text,), 20, 1, graphics=graphics)
    blocks = [
        Block(BlockKind.TEXT, "a" * 30, Box(0, 0, 9, 9), 0),
        Block(BlockKind.TABLE, "1 2 3 4 5 ", Box(0, 9, 9, 18), 1),
    ]

    assert measure_page(page, blocks) == Gauge(20, 0.05, 0.25, 0.15, 0.25)


@pytest.mark.parametrize(
    "page, reason",
    [
        (_page(0, _WHOLE), "no text layer: a scan; 0 characters beside images"),
        (_page(0, *_STRIPS), "no text layer: a scan; 0 characters beside images"),
        (_page(150, _WHOLE), "no text layer: a scan; 150 characters beside images"),
        (_page(3000, _WHOLE), "poor text layer: a scan; an image covers 100% of the page, under its text"),
        (_page(3000, junk=100), "poor text layer: 100 of 3000 characters have no meaning"),
    ],
)
def test_a_page_whose_text_layer_does_not_do_says_why(page: PageText, reason: str) -> None:
    assert _shortcoming(page) == reason


@pytest.mark.parametrize(
    "page",
    [
        _page(0),  # blank
        _page(90),  # the last line of a paper
        _page(90, _LOGO),
        _page(120, Shape(ShapeKind.IMAGE, 50, 50, 550, 350), top=400),  # a figure and its caption
        _page(900, Shape(ShapeKind.IMAGE, 0, 0, 600, 600), top=650),  # a large figure with text beside it
        _page(3000, junk=80),
    ],
)
def test_a_clean_page_has_no_shortcoming(page: PageText) -> None:
    assert _shortcoming(page) == ""


def test_text_turned_into_outlines_is_no_text() -> None:
    letters = tuple(Shape(ShapeKind.PATH, x, 100, x + 5, 108) for x in range(500))
    page = replace(_page(0), graphics=Graphics(letters))

    assert _shortcoming(page) == "no text layer: 0 characters beside 500 outlines as small as letters"


def test_a_logo_on_every_page_is_no_figure_and_neither_is_a_scan() -> None:
    picture = Shape(ShapeKind.IMAGE, 50, 300, 550, 500)
    pages = [_page(900, _LOGO, picture), _page(900, _LOGO), _page(900, _LOGO), _page(900, _WHOLE)]

    assert own_shapes(pages) == [[picture], [], [], []]


def test_a_picture_at_the_same_place_on_every_page_is_a_figure() -> None:
    picture = Shape(ShapeKind.IMAGE, 50, 300, 550, 500)

    assert own_shapes([_page(900, picture)] * 3) == [[picture]] * 3
