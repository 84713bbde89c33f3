from dataclasses import replace

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.text.furniture import Place, place_lines


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


def test_a_librarys_stamp_beside_the_text_is_dropped_but_not_the_name_of_an_axis() -> None:
    stamp = replace(_line("Downloaded from a library on a day", 200, 5, 14), bottom=460, is_upright=False)
    axis = replace(_line("accuracy in percent of all", 200, 80, 90), bottom=320, is_upright=False)
    pages = [_page(1, _line("Text", 300), axis, stamp)]

    assert _texts(pages, Place.DROPPED) == [["Downloaded from a library on a day"]]


def test_small_print_under_a_notice_belongs_to_it_in_its_column_only() -> None:
    small = [
        replace(_line(text, 660 + 9 * index, 72, 290), size=7.0)
        for index, text in enumerate(["Permission to make digital copies", "of this work is granted.", "10.1145/1234"])
    ]
    column = [_line(f"Right column {'abcdefgh'[index] * 4}", 640 + 12 * index, 320, 540) for index in range(6)]
    pages = [_page(1, *(_line("A line of the left column", 100 + 12 * n, 72, 290) for n in range(9)), *small, *column)]

    assert _texts(pages, Place.FOOTER) == [[line.text for line in small]]


def test_a_table_heading_that_recurs_at_the_top_is_no_header() -> None:
    pages = [_page(n, _line("TABLE II", 60), _line(f"Body {'abcd'[n] * 4}", 300)) for n in range(1, 4)]

    assert _texts(pages, Place.HEADER) == [[], [], []]


def _single_page(*outer: Line) -> PageText:
    return _page(1, *(_line(f"Text {'abcdefghijkl'[n] * 5} goes on", 100 + 12 * n) for n in range(12)), *outer)


def test_a_page_by_itself_has_its_head_and_foot_where_single_lines_stand_apart() -> None:
    head = replace(_line("Advocacy in action 447", 30), size=8.0)
    foot = replace(_line("Revision: 2.4 P/N 119 June", 700), cells=((72, 130), (250, 320), (480, 540)))

    placed = [_single_page(head, foot)]

    assert _texts(placed, Place.HEADER) == [["Advocacy in action 447"]]
    assert _texts(placed, Place.FOOTER) == [["Revision: 2.4 P/N 119 June"]]


def test_a_title_at_the_top_of_a_single_page_is_no_header() -> None:
    title = replace(_line("A study of single pages", 30), size=17.0)

    assert _texts([_single_page(title)], Place.HEADER) == [[]]


def test_a_lone_number_far_below_the_text_of_a_single_page_is_its_number() -> None:
    assert _texts([_single_page(_line("62", 500, 300, 310))], Place.FOOTER) == [["62"]]
