from collections.abc import Sequence
from dataclasses import dataclass

from ocr.figures.floats import Float, find_floats
from ocr.page.graphics import Graphics, Shape, ShapeKind
from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.page.rects import Rect
from ocr.text.typography import Typography
from pipeline.document import FigureKind

_TYPOGRAPHY = Typography(10.0, 1.2)
_PROSE = "These are the words of a paragraph that runs from margin to margin"


@dataclass(frozen=True)
class _Found:
    kind: FigureKind
    rect: tuple[float, float, float, float]
    caption: str
    lines: tuple[str, ...]


def _line(text: str, left: float, top: float, right: float, size: float = 10) -> Line:
    return Line(text, left, top, right, top + size, size, top + 0.8 * size)


def _prose(top: float, count: int = 3, left: float = 50, right: float = 550) -> list[Line]:
    return [_line(_PROSE, left, top + 12 * number, right) for number in range(count)]


def _path(left: float, top: float, right: float, bottom: float) -> Shape:
    return Shape(ShapeKind.PATH, left, top, right, bottom)


def _image(left: float, top: float, right: float, bottom: float) -> Shape:
    return Shape(ShapeKind.IMAGE, left, top, right, bottom)


def _find(lines: Sequence[Line], shapes: Sequence[Shape], lettering: Sequence[Rect] = ()) -> list[_Found]:
    page = PageText(1, 600, 800, tuple(lines), 900, 0, graphics=Graphics(tuple(shapes), (), tuple(lettering)))
    return [_shown(found) for found in find_floats(page, lines, shapes, _TYPOGRAPHY)]


def _shown(found: Float) -> _Found:
    rect = found.rect
    caption = found.caption.text if found.caption else ""
    edges = (rect.left, rect.top, rect.right, rect.bottom)
    return _Found(found.kind, edges, caption, tuple(line.text for line in found.lines))


def test_a_picture_belongs_to_the_caption_below_it() -> None:
    lines = [*_prose(50), _line("Figure 1: A view", 200, 310, 400), *_prose(340)]

    assert _find(lines, [_image(100, 100, 500, 300)]) == [
        _Found(FigureKind.FIGURE, (100, 100, 500, 300), "Figure 1: A view", ())
    ]


def test_parts_side_by_side_with_names_below_them_are_one_figure() -> None:
    names = [_line("(a) before", 120, 305, 200, 8), _line("(b) after", 420, 305, 500, 8)]
    lines = [*_prose(50), *names, _line("Figure 1: Both", 250, 330, 350), *_prose(360)]

    (found,) = _find(lines, [_image(50, 100, 270, 300), _image(330, 100, 550, 300)])

    assert (found.rect, found.lines) == ((50, 100, 550, 313), ("(a) before", "(b) after"))


def test_lettering_around_a_drawing_is_part_of_it_and_prose_is_not() -> None:
    axis = _line("seconds", 280, 305, 320, 8)
    lines = [*_prose(50, 4), axis, _line("Figure 1: Times", 200, 325, 400), *_prose(350)]

    (found,) = _find(lines, [_path(100, 110, 500, 300)])

    assert (found.rect, found.lines) == ((100, 110, 500, 313), ("seconds",))


def test_figures_side_by_side_each_have_their_own_caption() -> None:
    captions = [_line("Figure 1: Left one", 60, 310, 280), _line("Figure 2: Right one", 320, 310, 540)]

    found = _find([*_prose(50), *captions, *_prose(340)], [_image(50, 100, 296, 300), _image(304, 100, 550, 300)])

    assert [(one.caption, one.rect) for one in found] == [
        ("Figure 1: Left one", (50, 100, 296, 300)),
        ("Figure 2: Right one", (304, 100, 550, 300)),
    ]


def test_a_figure_stays_in_its_column() -> None:
    left = [*_prose(50, 5, 50, 280), _line("x = y", 60, 130, 100), *_prose(200, 12, 50, 280)]
    right = [_line("Fig. 1. In the right column", 330, 220, 540), *_prose(240, 8, 320, 550)]

    (found,) = _find([*left, *right], [_path(60, 120, 280, 180), _path(320, 50, 550, 210)])

    assert found.rect == (320, 50, 550, 210)


def test_a_drawing_with_a_wide_empty_margin_ends_where_text_begins() -> None:
    lines = [*_prose(50, 3), _line("Figure 1: Cropped by its file", 200, 310, 400), *_prose(330)]

    (found,) = _find(lines, [Shape(ShapeKind.FORM, 100, 40, 500, 400)])

    assert found.rect == (100, 84, 500, 310)


def test_sentences_inside_a_drawing_are_lettering() -> None:
    inside = _line("A sentence of six words here", 150, 200, 400)
    lines = [*_prose(50, 2), inside, _line("Figure 1: A dialogue", 200, 310, 400), *_prose(330)]

    (found,) = _find(lines, [Shape(ShapeKind.FORM, 100, 100, 500, 300)], [Rect(150, 200, 400, 210)])

    assert (found.rect, found.lines) == ((100, 100, 500, 300), ("A sentence of six words here",))


def test_a_table_lies_between_its_rules() -> None:
    rules = [_path(100, top, 500, top + 0.5) for top in (120, 140, 200)]
    footnote = _path(50, 700, 150, 700.4)
    cells = [_line("Method", 110, 125, 160), _line("Score", 300, 125, 340), _line("Ours", 110, 150, 140)]
    lines = [_line("Table 1: Scores", 200, 100, 400), *cells, *_prose(230)]

    assert _find(lines, [*rules, footnote]) == [
        _Found(FigureKind.TABLE, (100, 120, 500, 200.5), "Table 1: Scores", ("Method", "Score", "Ours"))
    ]


def test_tables_with_captions_below_them_are_not_exchanged() -> None:
    rules = [_path(100, top, 500, top + 0.5) for top in (100, 150, 200, 250)]
    lines = [_line("Table 1: The first", 200, 156, 400), _line("Table 2: The second", 200, 256, 400)]

    found = _find(lines, rules)

    assert sorted((one.caption, one.rect[1]) for one in found) == [
        ("Table 1: The first", 100),
        ("Table 2: The second", 200),
    ]


def test_rules_drawn_cell_by_cell_are_one() -> None:
    cells = [_path(left, top, left + 100, top + 0.5) for top in (120, 140, 200) for left in (100, 200, 300)]

    (found,) = _find([_line("Table 1: Scores", 200, 100, 400), *_prose(230)], cells)

    assert found.rect == (100, 120, 400, 200.5)


def test_a_table_that_goes_on_over_the_page_ends_with_its_last_row() -> None:
    rules = [_path(100, 120, 500, 120.5), _path(100, 140, 500, 140.5)]
    rows = [_line(text, left, top, left + 60) for top in (145, 160) for text, left in (("Name", 110), ("Value", 300))]

    (found,) = _find([_line("Table 1: Long", 200, 100, 400), *rows, *_prose(230)], rules)

    assert found.rect == (100, 120, 500, 170)


def test_a_large_picture_without_a_caption_is_a_figure_and_a_frame_around_text_is_not() -> None:
    assert _find(_prose(500), [_image(100, 100, 500, 300)]) == [_Found(FigureKind.FIGURE, (100, 100, 500, 300), "", ())]
    assert _find(_prose(120), [_path(40, 100, 560, 300)]) == []
    assert _find(_prose(120), [_image(40, 100, 560, 300)]) == []
    assert _find(_prose(500), [_image(100, 100, 150, 130)]) == []


def test_an_algorithm_is_no_figure() -> None:
    lines = [*_prose(50), _line("Algorithm 1: Steps", 200, 310, 400), *_prose(340)]

    assert _find(lines, [_path(100, 100, 500, 300)]) == []


def test_what_lies_beyond_running_text_belongs_to_no_caption() -> None:
    lines = [*_prose(310), _line("Figure 1: Somewhere else", 200, 360, 400)]

    assert _find(lines, [_path(100, 100, 500, 300)]) == []
