from dataclasses import replace

import pytest

from ocr.page.lines import Line
from ocr.text.shapes import is_caption, is_equation, is_equation_number, is_heading, is_list_item, is_table_caption
from ocr.text.typography import Typography

_USUAL = Typography(10.0, 1.2, lefts=(50.0,), centres=(300.0,))
_BODY = Line("text", 50, 100, 200, 110, 10, 108)


@pytest.mark.parametrize(
    "text",
    ["E = mc2", "y = 1c+x \u2217 k + n , (1)", "\u2211 i\u2208A (ei \u2212 \u03b1)", "P(x) = max(0, x) for x > 0"],
)
def test_lines_of_symbols_are_equations(text: str) -> None:
    assert is_equation(text)


@pytest.mark.parametrize(
    "text",
    [
        "and PEST++MOU.",
        "where \u03b1 = 0.3 in every experiment that we report",
        "Table 3 (2020)",
        "C++ <vector> code",
        "x",
    ],
)
def test_prose_with_symbols_is_none(text: str) -> None:
    assert not is_equation(text)


@pytest.mark.parametrize("text, expected", [("(12)", True), ("(3.4b)", True), ("(see below)", False), ("12", False)])
def test_an_equation_number_stands_in_parentheses(text: str, expected: bool) -> None:
    assert is_equation_number(text) is expected


@pytest.mark.parametrize(
    "line, expected",
    [
        (replace(_BODY, text="Figure 3: A plot."), True),
        (replace(_BODY, text="Fig. 1 | Results"), True),
        (replace(_BODY, text="TABLE II"), True),
        (replace(_BODY, text="Figure 3 shows a plot."), False),
        (replace(_BODY, text="Figure 3 shows a plot.", size=8.0), True),
        (replace(_BODY, text="figure 3: not at the beginning of a sentence"), False),
    ],
)
def test_a_caption_is_told_from_a_sentence_about_a_figure(line: Line, expected: bool) -> None:
    assert is_caption(line, _USUAL) is expected


def test_a_table_caption_is_told_from_a_figure_caption() -> None:
    assert is_table_caption("Table 2: Scores")
    assert not is_table_caption("Figure 2: Scores")


@pytest.mark.parametrize(
    "line",
    [
        replace(_BODY, text="3 Method", is_bold=True),
        replace(_BODY, text="3.2. Loss function", is_italic=True),
        replace(_BODY, text="IV. EXPERIMENTS"),
        replace(_BODY, text="References"),
        replace(_BODY, text="A B S T R A C T", left=90, right=120),
        replace(_BODY, text="Our own title", size=12.0, left=77),
        replace(_BODY, text="Introduction", left=270, right=330, is_small_caps=True),
    ],
)
def test_headings_are_recognised(line: Line) -> None:
    assert is_heading(line, _USUAL)


@pytest.mark.parametrize(
    "line",
    [
        replace(_BODY, text="3 apples fell", is_bold=True),
        replace(_BODY, text="Plain words in a line"),
        replace(_BODY, text="Theorem 1. Every set has a name", is_bold=True),
        replace(_BODY, text="A bold beginning of a sentence that goes on,", is_bold=True),
        replace(_BODY, text="Cell", is_bold=True, left=77, right=99),
        replace(_BODY, text="Code at https://example.org/x", is_bold=True),
        replace(_BODY, text="Q(m) = max f", is_bold=True),
        replace(_BODY, text="12.5 13.1", is_bold=True),
    ],
)
def test_other_lines_are_not_headings(line: Line) -> None:
    assert not is_heading(line, _USUAL)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("\u2022 a point", True),
        ("(a) First", True),
        ("2. Second", True),
        ("(2) implies that", False),
        ("2.5 km", False),
    ],
)
def test_list_items_begin_with_a_mark_of_their_own(text: str, expected: bool) -> None:
    assert is_list_item(text) is expected
