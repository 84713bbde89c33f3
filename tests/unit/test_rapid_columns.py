from collections.abc import Iterator

from ocr.page.lines import Line
from ocr.page.rects import Rect
from ocr.rapid.columns import in_runs


def _line(text: str, left: float, top: float, right: float) -> Line:
    return Line(text, left, top, right, top + 10, size=10, baseline=top + 8, cells=((left, right),))


def _column(name: str, left: float, right: float, top: float = 100, count: int = 6) -> Iterator[Line]:
    for row in range(count):
        yield _line(f"{name}{row}", left, top + 12 * row, right)


def _texts(lines: list[Line], areas: tuple[Rect, ...] = ()) -> list[str]:
    return [line.text for run in in_runs(lines, areas) for line in run]


def test_one_column_is_read_from_top_to_bottom() -> None:
    lines = [*_column("a", 50, 550)]

    assert _texts(lines[::-1]) == ["a0", "a1", "a2", "a3", "a4", "a5"]


def test_two_columns_are_read_one_after_the_other() -> None:
    lines = [*_column("r", 310, 550), *_column("l", 50, 290)]

    assert _texts(lines) == [f"l{row}" for row in range(6)] + [f"r{row}" for row in range(6)]


def test_a_title_across_stands_before_the_columns_under_it() -> None:
    lines = [*_column("l", 50, 290), *_column("r", 310, 550), _line("title", 100, 60, 500)]

    assert _texts(lines)[0] == "title"


def test_a_figure_across_ends_both_columns_above_it() -> None:
    above = [*_column("a", 50, 290), *_column("b", 310, 550)]
    below = [*_column("c", 50, 290, top=300), *_column("d", 310, 550, top=300)]

    texts = _texts([*above, _line("across", 60, 240, 540), *below])

    assert "".join(text[0] for text in texts) == "a" * 6 + "b" * 6 + "a" + "c" * 6 + "d" * 6


def test_parts_of_a_page_may_have_gutters_of_their_own() -> None:
    above = [*_column("a", 50, 290), *_column("b", 310, 550)]
    below = [*_column("c", 50, 190, top=300), *_column("d", 210, 370, top=300), *_column("e", 390, 550, top=300)]

    texts = _texts([*above, _line("x", 50, 240, 550), *below])

    assert "".join(text[0] for text in texts) == "a" * 6 + "b" * 6 + "x" + "c" * 6 + "d" * 6 + "e" * 6


def test_the_cells_of_a_table_are_read_row_by_row() -> None:
    cells = [
        _line(f"{row}{column}", left, 100 + 12 * row, left + 40)
        for row in range(6)
        for column, left in (("a", 50), ("b", 180), ("c", 310), ("d", 440))
    ]

    assert _texts(cells)[:5] == ["0a", "0b", "0c", "0d", "1a"]


def test_a_table_across_both_columns_is_read_row_by_row() -> None:
    columns = [*_column("l", 50, 290, top=300), *_column("r", 310, 550, top=300)]
    table = [*_column("x", 50, 290), *_column("y", 310, 550)]

    texts = _texts([*columns, *table], (Rect(40, 90, 560, 180),))

    assert texts[:4] == ["x0", "y0", "x1", "y1"]
    assert texts[12:14] == ["l0", "l1"]


def test_a_table_in_a_column_does_not_hide_the_gutter() -> None:
    cells = [_line("cell", left, 180 + 12 * row, left + 30) for row in range(3) for left in (60, 130, 220)]
    left = [*_column("l", 50, 290), *cells, *_column("m", 50, 290, top=240)]

    texts = _texts([*left, *_column("r", 310, 550, count=18)])

    assert texts.index("m5") < texts.index("r0")


def test_nothing_has_no_runs() -> None:
    assert in_runs([]) == []
