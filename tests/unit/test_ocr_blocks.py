from dataclasses import replace

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.text.blocks import make_blocks
from ocr.text.furniture import Place, PlacedLine
from ocr.text.typography import measure
from pipeline.document import BlockKind

_PROSE = "words that run from the left margin to the right one as prose does,"


def _line(text: str, top: float, left: float = 72, right: float = 540, size: float = 10) -> Line:
    return Line(text, left, top, right, top + size, size, top + 0.8 * size, cells=((left, right),))


def _blocks(*lines: Line) -> list[tuple[BlockKind, str]]:
    page = PageText(1, 612, 792, lines, 2000, 0)
    placed = [[PlacedLine(line, Place.BODY) for line in lines]]
    return [(block.kind, block.text) for block in make_blocks([page], placed, measure([lines]))[0]]


def _prose(*tops: float, left: float = 72, right: float = 540) -> list[Line]:
    return [_line(_PROSE, top, left, right) for top in tops]


def test_lines_at_the_usual_distance_are_a_paragraph_and_a_gap_parts_two() -> None:
    found = _blocks(*_prose(100, 112, 124), *_prose(144, 156))

    assert found == [(BlockKind.TEXT, " ".join([_PROSE] * 3)), (BlockKind.TEXT, " ".join([_PROSE] * 2))]


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = [*_prose(100, 112), replace(_line("Next. " + _PROSE, 124), left=87), *_prose(136)]

    assert [text.split()[0] for _, text in _blocks(*lines)] == ["words", "Next."]


def test_the_other_column_begins_a_block() -> None:
    found = _blocks(*_prose(100, 112, 124, right=300), *_prose(100, 112, 124, left=320))

    assert [kind for kind, _ in found] == [BlockKind.TEXT, BlockKind.TEXT]


def test_a_title_a_run_in_abstract_and_a_heading_are_told_apart() -> None:
    title = [_line("A study of everything", 60, 150, 460, 18), _line("that there is", 80, 250, 360, 18)]
    heading = replace(_line("1 Introduction", 180, 72, 150, 12), is_bold=True)
    found = _blocks(
        *title, _line("Ada Lind", 104, 280, 330), _line("Abstract. We study it.", 130), heading, *_prose(204, 216)
    )

    assert found == [
        (BlockKind.TITLE, "A study of everything that there is"),
        (BlockKind.TEXT, "Ada Lind"),
        (BlockKind.HEADING, "Abstract"),
        (BlockKind.TEXT, "We study it."),
        (BlockKind.HEADING, "1 Introduction"),
        (BlockKind.TEXT, f"{_PROSE} {_PROSE}"),
    ]


def test_a_displayed_formula_is_one_equation_with_its_number() -> None:
    formula = [
        _line("y = \u2211", 140, 200, 240),
        _line("i\u2208A", 149, 230, 240, 7),
        _line("xi + \u03b5", 140, 262, 300),
        _line("(4)", 140, 520, 540),
    ]
    found = _blocks(*_prose(100, 112), *formula, *_prose(170, 182))

    assert [kind for kind, _ in found] == [BlockKind.TEXT, BlockKind.EQUATION, BlockKind.TEXT]
    assert found[1][1].endswith("(4)")


def test_rows_under_a_table_caption_are_a_table_line_by_line() -> None:
    rows = [replace(_line(f"method{n} 0.{n}", 140 + 12 * n), cells=((72, 120), (300, 330))) for n in range(3)]
    found = _blocks(*_prose(60, 72, 84), _line("Table 1: Scores.", 120), *rows)

    assert found[-2:] == [
        (BlockKind.CAPTION, "Table 1: Scores."),
        (BlockKind.TABLE, "method0 0.0\nmethod1 0.1\nmethod2 0.2"),
    ]


def test_lettering_of_a_drawing_is_one_figure() -> None:
    labels = [_line(text, top, 100 + top, 130 + top, 7) for text, top in (("0.2", 200), ("Recall", 260), ("ours", 230))]
    found = _blocks(*_prose(60, 72, 84, 96), *labels, _line("Figure 1: A plot.", 300))

    assert found[1:] == [(BlockKind.FIGURE, "0.2 Recall ours"), (BlockKind.CAPTION, "Figure 1: A plot.")]


def test_small_print_with_a_mark_below_the_text_is_a_footnote() -> None:
    found = _blocks(*_prose(400, 412, 424), _line("1 The data are at the usual place.", 700, size=8))

    assert found[1] == (BlockKind.FOOTNOTE, "1 The data are at the usual place.")


def test_references_are_entries_until_the_next_section() -> None:
    heading = replace(_line("References", 100, 72, 130, 12), is_bold=True)
    appendix = replace(_line("A Proofs", 180, 72, 130, 12), is_bold=True)
    entries = [
        _line("[1] A. Lind. One.", 120),
        _line("[2] B. Okafor. Two, and", 132),
        _line("more of it.", 144, left=84),
    ]
    found = _blocks(heading, *entries, appendix, *_prose(200, 212, 224, 236, 248))

    assert found[:4] == [
        (BlockKind.HEADING, "References"),
        (BlockKind.REFERENCE, "[1] A. Lind. One."),
        (BlockKind.REFERENCE, "[2] B. Okafor. Two, and more of it."),
        (BlockKind.HEADING, "A Proofs"),
    ]
    assert found[4][0] is BlockKind.TEXT


def test_lines_of_a_table_of_contents_are_no_headings() -> None:
    heading = replace(_line("Contents", 100, 72, 130, 12), is_bold=True)
    entry = replace(_line("1 Introduction 4", 130), is_bold=True)
    found = _blocks(heading, entry, *_prose(160, 172))

    assert found[1] == (BlockKind.LIST, "1 Introduction 4")


def test_headers_come_first_and_footers_last() -> None:
    lines = [_line("7", 750, 300, 310), *_prose(300), _line("Running title", 30)]
    places = [Place.FOOTER, Place.BODY, Place.HEADER]
    page = PageText(1, 612, 792, tuple(lines), 2000, 0)

    placed = [[PlacedLine(*pair) for pair in zip(lines, places, strict=True)]]
    (blocks,) = make_blocks([page], placed, measure([lines[1:-1]]))

    assert [(block.kind, block.order) for block in blocks] == [
        (BlockKind.HEADER, 0),
        (BlockKind.TEXT, 1),
        (BlockKind.FOOTER, 2),
    ]


def test_the_lines_beside_an_initial_and_those_below_it_are_one_paragraph() -> None:
    initial = replace(_line("Over the past decades", 100, 72), bottom=122)
    found = _blocks(initial, *_prose(112, left=100), *_prose(124, 136))

    assert [kind for kind, _ in found] == [BlockKind.TEXT]


def test_an_address_below_the_text_is_a_footnote_without_a_mark() -> None:
    address = replace(_line("Ada Lind: ada@example.org", 600, 72, 200, 8))
    found = _blocks(*_prose(400, 412, 424), address)

    assert found[-1] == (BlockKind.FOOTNOTE, "Ada Lind: ada@example.org")


def test_a_number_below_its_formula_belongs_to_the_mathematics() -> None:
    found = _blocks(
        *_prose(100, 112), _line("a = b + c", 140, 200, 300), _line("(5)", 170, 520, 540), *_prose(200, 212)
    )

    assert [kind for kind, _ in found] == [BlockKind.TEXT, BlockKind.EQUATION, BlockKind.EQUATION, BlockKind.TEXT]


def test_a_bold_title_of_the_texts_size_keeps_the_line_a_symbol_parted_from_it() -> None:
    title = [
        replace(_line("ON REDUCTIONS OF FINITELY GENERATED", 60, 150, 460), is_bold=True),
        _line("Q-ALGEBRAS", 75, 280, 330),
    ]
    found = _blocks(*title, _line("ADA LIND AND BO OKAFOR", 110, 200, 400), *_prose(200, 212, 224))

    assert found[0] == (BlockKind.TITLE, "ON REDUCTIONS OF FINITELY GENERATED Q-ALGEBRAS")


def test_a_short_line_inside_a_listing_is_code_as_well() -> None:
    code = [replace(_line(text, 140 + 9 * n, 90, 200, 7), is_mono=n != 1) for n, text in enumerate(_LISTING)]
    found = _blocks(*_prose(60, 72, 84), *code)

    assert found[-1] == (BlockKind.CODE, "\n".join(_LISTING))


_LISTING = ("if it is so", "end", "return nothing more")
