from dataclasses import replace

from ocr.furniture import Place, place_lines
from ocr.lines import Line
from ocr.page_text import PageText


def _line(text: str, top: float, left: float = 72, right: float = 540) -> Line:
    return Line(text, left, top, right, top + 10, 10, top + 8, cells=((left, right),))


def _page(number: int, *lines: Line) -> PageText:
    return PageText(number, 612, 792, lines, 2000, 0)


def _texts(pages: list[PageText], place: Place) -> list[list[str]]:
    return [[item.line.text for item in items if item.place is place] for items in place_lines(pages)]


def _paper(count: int) -> list[PageText]:
    return [
        _page(
            number,
            _line(f"{number} A. AUTHOR ET AL.", 40),
            _line(f"Body of page {'abcdefgh'[number]} begins", 90),
            _line("and goes on.", 400),
            _line(f"A last line {'abcdefgh'[number]}", 690),
            _line(str(number + 4), 750, 300, 310),
        )
        for number in range(1, count + 1)
    ]


def test_recurring_lines_and_page_numbers_at_the_edges_are_furniture() -> None:
    pages = _paper(3)

    assert _texts(pages, Place.HEADER) == [["1 A. AUTHOR ET AL."], ["2 A. AUTHOR ET AL."], ["3 A. AUTHOR ET AL."]]
    assert _texts(pages, Place.FOOTER) == [["5"], ["6"], ["7"]]
    assert _texts(pages, Place.BODY)[0] == ["Body of page b begins", "and goes on.", "A last line b"]


def test_the_numbers_that_end_a_footer_on_every_page_belong_to_it() -> None:
    pages = [
        _page(n, _line(f"Text {'abcd'[n] * 4}", 300), _line("Journal, doi 10.1/", 740), _line("302.", 752))
        for n in range(1, 4)
    ]

    assert _texts(pages, Place.FOOTER) == [["Journal, doi 10.1/", "302."]] * 3


def test_a_lone_number_in_a_plot_is_no_page_number() -> None:
    pages = [*_paper(3), _page(4, _line("100", 50, 80, 95), _line("Text", 300), _line("8", 750, 300, 310))]

    assert _texts(pages, Place.BODY)[3] == ["100", "Text"]


def test_headers_that_change_with_the_section_are_told_by_their_place() -> None:
    names = ["1 INTRODUCTION", "2 MODEL", "2 MODEL", "3 DATA", "4 END"]
    pages = [
        _page(number, _line(name, 40), _line(f"Body {'abcdefgh'[number] * 5}", 90), _line("more", 102))
        for number, name in enumerate(names, start=1)
    ]

    assert _texts(pages, Place.HEADER) == [[name] for name in names]


def test_a_publishers_notice_under_the_first_page_is_a_footer() -> None:
    pages = [_page(1, _line("Text", 300), _line("Preprint. Under review.", 740))]

    assert _texts(pages, Place.FOOTER) == [["Preprint. Under review."]]


def test_the_archives_stamp_is_dropped() -> None:
    stamp = replace(_line("arXiv:2401.01234v2 [cs.IR] 5 Jan 2024", 200, 20, 34), bottom=500, is_upright=False)
    pages = [_page(1, _line("Text", 300), stamp)]

    assert _texts(pages, Place.DROPPED) == [["arXiv:2401.01234v2 [cs.IR] 5 Jan 2024"]]


def test_line_numbers_beside_the_text_are_dropped() -> None:
    numbers = [_line(f"{index:03}", 100 + 12 * index, 30, 45) for index in range(54, 60)]
    pages = [_page(1, *numbers, _line("Text", 300))]

    assert [item.line.text for item in place_lines(pages)[0]] == ["Text"]


def test_line_numbers_within_the_lines_are_cut_off() -> None:
    lines = [
        replace(_line(f"{index} words of line", 100 + 12 * index), cells=((40, 46), (72, 540)), left=40)
        for index in range(1, 8)
    ]

    placed = place_lines([_page(1, *lines)])[0]

    assert {(item.line.text, item.line.left) for item in placed} == {("words of line", 72)}


def test_a_numbered_list_is_not_taken_for_line_numbers() -> None:
    lines = [_line(f"{index} item", 100 + 12 * index) for index in range(1, 4)]

    assert [item.line.text for item in place_lines([_page(1, *lines)])[0]] == ["1 item", "2 item", "3 item"]
