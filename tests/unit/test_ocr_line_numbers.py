from dataclasses import replace

import pytest

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.text.line_numbers import without_line_numbers

_WORDS = "words of a line that is long enough"


def _line(text: str, top: float, left: float, right: float, *cells: tuple[float, float]) -> Line:
    return Line(text, left, top, right, top + 9, 10, top + 8, cells=cells or ((left, right),))


def _page(*lines: Line) -> PageText:
    return PageText(1, 612, 792, lines, 2000, 0)


def _texts(page: PageText) -> list[str]:
    return [line.text for line in without_line_numbers([page])[0].lines]


def _body(count: int, left: float = 72, right: float = 540) -> list[Line]:
    return [_line(_WORDS, 100 + 12 * index, left, right) for index in range(count)]


@pytest.mark.parametrize("left", [40.0, 560.0])
def test_lone_numbers_in_either_margin_are_dropped(left: float) -> None:
    numbers = [_line(f"{index:03}", 90 + 12 * index, left, left + 12) for index in range(54, 60)]

    assert _texts(_page(*numbers, *_body(20))) == [_WORDS] * 20


def test_numbers_between_two_columns_are_dropped_although_the_title_reaches_over_them() -> None:
    numbers = [_line(str(index), 100 + 12 * index, 300, 310) for index in range(1, 31)]
    title = _line("A title over both columns", 60, 72, 540)

    assert _texts(_page(title, *_body(20, 72, 290), *numbers)) == [title.text, *[_WORDS] * 20]


def test_the_column_of_a_table_that_counts_stays() -> None:
    rows = [_line(str(index), 400 + 12 * index, 80, 86) for index in range(1, 9)]

    assert _texts(_page(*_body(20), *rows))[20:] == [str(index) for index in range(1, 9)]


def test_numbers_before_the_lines_are_cut_off_with_their_place() -> None:
    lines = [_line(f"{index} {_WORDS}", 100 + 12 * index, 40, 540, (40, 46), (72, 540)) for index in range(1, 21)]

    cleaned = without_line_numbers([_page(*lines)])[0].lines

    assert {(line.text, line.left, line.cells) for line in cleaned} == {(_WORDS, 72, ((72, 540),))}


def test_numbers_behind_the_lines_are_cut_off_and_free_the_hyphen_at_the_lines_end() -> None:
    lines = [_line(f"the trans- {index}", 100 + 12 * index, 72, 570, (72, 540), (560, 570)) for index in range(95, 115)]

    cleaned = without_line_numbers([_page(*lines)])[0].lines

    assert {(line.text, line.right, line.is_hyphenated) for line in cleaned} == {("the trans", 540, True)}


def test_every_fifth_line_may_be_the_one_with_a_number() -> None:
    lines = [
        _line(f"{index} {_WORDS}" if index % 5 == 0 else _WORDS, 50 + 12 * index, 60 if index % 5 == 0 else 72, 540)
        for index in range(1, 41)
    ]

    assert _texts(_page(*lines)) == [_WORDS] * 40


def test_a_number_that_a_formula_parted_from_the_count_goes_with_it() -> None:
    lines = [_line(f"{index} {_WORDS}", 60 + 12 * index, 60, 540) for index in range(1, 41) if index not in (21, 23)]

    assert _texts(_page(*lines)) == [_WORDS] * 38


def test_a_list_of_references_with_plain_numbers_keeps_them() -> None:
    entries = [
        line
        for index in range(1, 11)
        for line in (
            _line(f"{index} A. Author, Some title", 100 + 36 * index, 72, 540),
            _line("that goes on over a line", 112 + 36 * index, 84, 540),
            _line("and another, 2019.", 124 + 36 * index, 84, 400),
        )
    ]

    assert _texts(_page(*entries)) == [line.text for line in entries]


def test_a_numbered_page_among_many_that_are_not_keeps_its_numbers() -> None:
    numbered = _page(*(_line(f"{index} {_WORDS}", 100 + 12 * index, 72, 540) for index in range(1, 21)))
    plain = [replace(_page(*_body(20)), number=number) for number in range(2, 5)]

    assert without_line_numbers([numbered, *plain])[0] == numbered
