from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image, ImageDraw

from ocr.endpoints.chat import ChatAnswer
from ocr.surya.answers import BadAnswerError, Found, checked, is_plainly_printed, read_layout, read_page
from ocr.surya.blocks import make_blocks
from ocr.surya.contract import load_contract
from pipeline.document import BlockKind, Box
from pipeline.errors import MissingExtraError
from tests.fakes.model_answers import GOOD_LAYOUT, GOOD_PAGE, LOOPING, NO_JSON, WITHOUT_DIVS

_CONTRACT = load_contract()
_PROSE = " ".join(f"sentence {number} says {number * 7919 % 1000} things of interest" for number in range(80))


def _picture() -> Image.Image:
    """Bars all over the page but for the lowest tenth."""
    image = Image.new("RGB", (600, 800), "white")
    pen = ImageDraw.Draw(image)
    for row in range(0, 720, 8):
        pen.rectangle((0, row, 600, row + 3), "black")
    return image


def _div(label: str, html: str, box: str = "100 100 900 200") -> str:
    return f'<div data-label="{label}" data-bbox="{box}">{html}</div>'


def _found(answer: str) -> list[Found]:
    return read_page(checked(ChatAnswer(answer, "stop"), _CONTRACT), _picture(), _CONTRACT)


def test_a_good_page_becomes_blocks_in_reading_order() -> None:
    blocks = make_blocks(_found(GOOD_PAGE), 2)

    assert [(block.kind, block.text, block.latex, block.order) for block in blocks] == [
        (BlockKind.HEADING, "On reading pages", "", 0),
        (BlockKind.TEXT, "We show that $E = mc^2$ holds for pages.", "", 1),
        (BlockKind.EQUATION, r"$$\int_0^1 x\,dx = \tfrac12$$", r"\int_0^1 x\,dx = \tfrac12", 2),
    ]
    assert blocks[1].box == Box(80, 120, 920, 400)


@pytest.mark.parametrize(
    "answer,fault",
    [
        (ChatAnswer(GOOD_PAGE, "length", completion_tokens=12288), "the answer is cut off after 12288 tokens"),
        (ChatAnswer(GOOD_PAGE, "abort", completion_tokens=9), "the answer is ended by 'abort' after 9 tokens"),
        (ChatAnswer(LOOPING, "stop"), "the answer repeats itself"),
        (ChatAnswer(_div("Text", f"<p>{_PROSE}</p>" * 9) + "<p>End.</p>", "stop"), "the answer repeats itself"),
    ],
)
def test_an_answer_that_is_not_whole_or_goes_in_circles_is_bad(answer: ChatAnswer, fault: str) -> None:
    with pytest.raises(BadAnswerError, match=f"^{fault}$"):
        checked(answer, _CONTRACT)


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr>" + "<td></td>" * 30 + "</tr></table>",
        "<table>" + "<tr><td>0</td><td>0</td><td>0</td></tr>" * 60 + "</table>",
        "<p>1 Introduction " + ". " * 300 + "1</p>",
        f"<p>{_PROSE}</p>",
    ],
)
def test_tables_of_equal_cells_and_dotted_lines_are_no_loops(html: str) -> None:
    text = _div("Text", html) + _div("Page-Footer", "7")

    assert checked(ChatAnswer(text, "stop"), _CONTRACT) == text


@pytest.mark.parametrize(
    "answer",
    [
        WITHOUT_DIVS,
        f"<div>{GOOD_PAGE}</div>",
        "just words",
        _div("Text", "a") + f"<p>{_PROSE}</p>",
        "http://example.org",
    ],
)
def test_text_outside_of_labelled_divs_is_a_bad_answer_and_not_an_empty_page(answer: str) -> None:
    with pytest.raises(BadAnswerError, match="not made of labelled divs"):
        _found(answer)


def test_text_that_the_model_sees_on_blank_paper_is_left_out() -> None:
    found = _found(_div("Text", "there") + _div("Text", "imagined", "100 950 900 990"))

    assert [block.html for block in found] == ["there"]


@pytest.mark.parametrize("dark", [0, 100, 149, 150, 244])
@pytest.mark.parametrize("share", [0.005, 0.021, 0.5, 0.979, 1.0])
def test_what_is_plainly_printed_is_never_blank_to_the_package(dark: int, share: float) -> None:
    part = Image.new("RGB", (100, 100), (255, 255, 241))
    part.paste((dark, dark, dark), (0, 0, 100, round(100 * share)))

    assert not (is_plainly_printed(part) and _CONTRACT.is_blank(part))


def test_a_few_words_on_paper_are_plainly_printed() -> None:
    assert is_plainly_printed(_picture())


@pytest.mark.parametrize(
    "box,expected",
    [
        ("900 200 100 100", Box(100, 100, 900, 200)),
        ("-5 0 1200 1000.4", Box(0, 0, 1000, 1000)),
        ("nan 0 1 2", Box(0, 0, 1000, 1000)),
    ],
)
def test_a_box_lies_on_the_page_and_the_right_way_round(box: str, expected: Box) -> None:
    assert _found(_div("Text", "a", box))[0].box == expected


def test_a_layout_lists_places_with_their_tokens() -> None:
    places = read_layout(GOOD_LAYOUT, _picture(), _CONTRACT)

    assert [(place.label, place.box, place.count) for place in places] == [
        ("SectionHeader", Box(80, 60, 920, 100), 50),
        ("Text", Box(80, 120, 920, 480), 150),
    ]


@pytest.mark.parametrize(
    "answer,fault",
    [
        (NO_JSON, "no JSON list"),
        ("[1, 2]", "no JSON list"),
        ("[{]", "no JSON list"),
        ("[]", "empty"),
        ("[" * 9999, "no JSON"),
    ],
)
def test_what_is_no_layout_is_a_bad_answer(answer: str, fault: str) -> None:
    with pytest.raises(BadAnswerError, match=fault):
        read_layout(answer, _picture(), _CONTRACT)


@pytest.mark.parametrize(
    "label,kind",
    [
        ("Caption", BlockKind.CAPTION),
        ("Footnote", BlockKind.FOOTNOTE),
        ("Equation-Block", BlockKind.EQUATION),
        ("List-Group", BlockKind.LIST),
        ("Page-Header", BlockKind.HEADER),
        ("Page-Footer", BlockKind.FOOTER),
        ("Image", BlockKind.FIGURE),
        ("Section-Header", BlockKind.HEADING),
        ("Table", BlockKind.TABLE),
        ("Text", BlockKind.TEXT),
        ("Complex-Block", BlockKind.FIGURE),
        ("Code-Block", BlockKind.CODE),
        ("Form", BlockKind.TEXT),
        ("Table-Of-Contents", BlockKind.LIST),
        ("Figure", BlockKind.FIGURE),
        ("Chemical-Block", BlockKind.TEXT),
        ("Diagram", BlockKind.FIGURE),
        ("Bibliography", BlockKind.REFERENCE),
        ("Sidebar", BlockKind.TEXT),
    ],
)
def test_each_label_has_its_kind_and_what_is_unknown_is_text(label: str, kind: BlockKind) -> None:
    assert [block.kind for block in make_blocks(_found(_div(label, "<p>Words</p>")), 2)] == [kind]


def test_a_blank_page_is_no_block() -> None:
    assert make_blocks(_found(_div("Blank-Page", "", "0 0 1000 1000")), 2) == ()


def test_a_table_has_text_and_html_wherever_the_model_puts_it() -> None:
    table = "<table><tr><td>a</td><td>b</td></tr></table>"

    blocks = make_blocks(_found(_div("Table", table) + _div("Form", f"<p>{table}</p>")), 2)

    clean = "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
    assert [(block.kind, block.text, block.html) for block in blocks] == [(BlockKind.TABLE, "a | b", clean)] * 2


def test_references_are_blocks_of_their_own_that_share_the_box_of_the_list() -> None:
    answer = _div("Bibliography", "<p>[1] First one.</p><p>[2] Other one.</p>", "100 200 900 400")

    blocks = make_blocks(_found(answer), 9)

    assert [(block.kind, block.text, block.box, block.order) for block in blocks] == [
        (BlockKind.REFERENCE, "[1] First one.", Box(100, 200, 900, 300), 0),
        (BlockKind.REFERENCE, "[2] Other one.", Box(100, 300, 900, 400), 1),
    ]


def test_latex_without_its_tag_is_still_an_equation() -> None:
    block = make_blocks(_found(_div("Equation-Block", r"\frac{a}{b} = c")), 2)[0]

    assert (block.text, block.latex) == (r"$$\frac{a}{b} = c$$", r"\frac{a}{b} = c")


def test_the_first_large_heading_of_page_one_is_the_title() -> None:
    answer = _div("Section-Header", "<h4>Letter</h4>") + _div("Section-Header", "<h1>On pages</h1>", "100 210 900 260")

    assert [block.kind for block in make_blocks(_found(answer), 1)] == [BlockKind.HEADING, BlockKind.TITLE]
    assert [block.kind for block in make_blocks(_found(answer), 2)] == [BlockKind.HEADING, BlockKind.HEADING]


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "surya.inference.prompts", None)
    monkeypatch.delattr("surya.inference.prompts")

    with pytest.raises(MissingExtraError, match=r"surya-ocr is not installed; install it with: .*autoreader\[surya\]"):
        load_contract.__wrapped__()


def test_the_package_is_not_loaded_before_it_is_needed() -> None:
    program = "import sys, ocr.surya; print([name for name in ('torch', 'surya', 'bs4') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
