from __future__ import annotations

import pypdfium2
import pytest

from tests.fakes.papers import make_paper, make_pdf


def _text(pdf: bytes, page: int) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        text: str = document[page].get_textpage().get_text_bounded()
    finally:
        document.close()
    return text.replace("\r\n", "\n")


def test_a_made_paper_takes_any_field() -> None:
    paper = make_paper("2611.00007", categories=("math.PR", "cs.LG"))

    assert paper.id == "2611.00007"
    assert paper.primary_category == "math.PR"
    assert paper.latest_version == 1


def test_a_made_paper_refuses_a_field_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match="colour"):
        make_paper(colour="red")


def test_a_made_pdf_gives_its_text_back_page_by_page() -> None:
    pdf = make_pdf(["# First heading\nSome (bracketed) text, a \\ and an é.", "The second page."])

    assert _text(pdf, 0) == "First heading\nSome (bracketed) text, a \\ and an é."
    assert _text(pdf, 1) == "The second page."


def test_a_heading_of_a_made_pdf_is_set_in_a_bigger_font() -> None:
    document = pypdfium2.PdfDocument(make_pdf(["# Heading\nbody"]))

    heights = [top - bottom for _, bottom, _, top in (item.get_bounds() for item in document[0].get_objects())]
    document.close()

    assert heights[0] > heights[1]


def test_a_long_line_is_wrapped_inside_the_page() -> None:
    pdf = make_pdf(["word " * 100])

    assert len(_text(pdf, 0).splitlines()) == 6


def test_the_same_text_gives_the_same_bytes() -> None:
    assert make_pdf(["one", "two"]) == make_pdf(["one", "two"])
