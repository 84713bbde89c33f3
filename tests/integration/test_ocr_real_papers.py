"""Reading, measured on published papers beside the checkout; skipped where they are not at hand."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from flows.evaluation.columns import two_column_pages
from flows.evaluation.truth import find_truth
from flows.evaluation.words import order, precision, recall, similarity, words_of
from ocr.text_layer import read_text_layer
from pipeline.document import BlockKind, Document, PageStatus

_DATA = Path(__file__).parents[2].parent / "shared" / "data" / "pdf"
_PAPERS = sorted((_DATA / "jose").glob("*.pdf"))
_WORD = re.compile(r"[^\W\d_]{2,}")
_OUTSIDE = (BlockKind.HEADER, BlockKind.FOOTER)

pytestmark = pytest.mark.skipif(not _PAPERS, reason="the shared PDFs are not beside this checkout")


@cache
def _document(pdf: Path) -> Document:
    return read_text_layer(pdf, max_pages=100)


def _words(texts: Iterator[str]) -> Counter[str]:
    return Counter(word.lower() for text in texts for word in _WORD.findall(text))


def _body(pdf: Path) -> Counter[str]:
    return _words(block.text for page in _document(pdf).pages for block in page.blocks if block.kind not in _OUTSIDE)


def _truth(pdf: Path) -> Counter[str]:
    root = etree.parse(pdf.with_suffix(".jats.xml")).getroot()
    for formula in list(root.iter("{*}tex-math")):  # TeX is not what stands on the page
        formula.text = ""
    return _words(_text_of(body) for body in root.iterfind("body"))


def _text_of(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _recall(pdf: Path) -> float:
    truth = _truth(pdf)
    return (truth & _body(pdf)).total() / truth.total()


def test_hardly_a_word_is_lost() -> None:
    recalls = [_recall(pdf) for pdf in _PAPERS]

    assert statistics.median(recalls) >= 0.999
    assert min(recalls) >= 0.98


def test_every_title_is_found() -> None:
    for pdf in _PAPERS:
        (expected, *_) = map(_text_of, etree.parse(pdf.with_suffix(".jats.xml")).iterfind(".//article-title"))
        titles = [block.text for block in _document(pdf).pages[0].blocks if block.kind is BlockKind.TITLE]

        assert [_WORD.findall(title.lower()) for title in titles] == [_WORD.findall(expected.lower())], pdf.name


def test_section_headings_are_found_and_hardly_anything_else_is_taken_for_one() -> None:
    found = expected = right = 0
    for pdf in _PAPERS:
        root = etree.parse(pdf.with_suffix(".jats.xml")).getroot()
        true = Counter(_text_of(title).strip().lower() for title in root.iterfind(".//body//sec/title"))
        blocks = [block for page in _document(pdf).pages for block in page.blocks]
        ours = Counter(block.text.lower() for block in blocks if block.kind is BlockKind.HEADING)
        ours.pop("references", None)
        expected += true.total()
        found += ours.total()
        right += (true & ours).total()

    assert right / expected >= 0.9
    assert right / found >= 0.9


def test_footers_are_on_every_page_and_out_of_the_text() -> None:
    for pdf in _PAPERS:
        for page in _document(pdf).pages:
            footer = " ".join(block.text for block in page.blocks if block.kind is BlockKind.FOOTER)
            body = " ".join(b.text for b in page.blocks if b.kind not in (*_OUTSIDE, BlockKind.REFERENCE))

            assert "Journal of Open Source Education" in footer
            assert re.search(rf"\b{page.number}$", footer)
            assert not re.search(r"Journal of Open Source Education,\s\d", body)


def test_references_are_split_about_as_many_as_were_registered() -> None:
    for pdf in _PAPERS:
        registered = len(etree.parse(pdf.with_suffix(".crossref.xml")).getroot().findall(".//{*}citation"))
        entries = [b for page in _document(pdf).pages for b in page.blocks if b.kind is BlockKind.REFERENCE]

        # An entry that runs over a page is two; software without a DOI is not always registered.
        assert registered - 1 <= len(entries) <= registered + 4, pdf.name


def test_papers_with_a_text_layer_are_read_without_shortcomings() -> None:
    papers = [*_PAPERS, *sorted((_DATA / "juliacon").glob("*.pdf"))]

    assert {page.status for pdf in papers for page in _document(pdf).pages} == {PageStatus.OK}


def test_scans_are_told_from_papers() -> None:
    for name in ("scans/small_ocr.pdf", "page_tests/lincoln_letter.pdf"):
        assert {page.status for page in _document(_DATA / name).pages} == {PageStatus.DEGRADED}


def _page_words(pdf: Path, number: int) -> list[str]:
    blocks = _document(pdf).pages[number - 1].blocks
    return words_of("\n".join(block.text for block in blocks if block.kind not in _OUTSIDE))


def test_two_column_pages_are_read_down_one_column_and_then_the_other() -> None:
    papers = sorted((_DATA / "juliacon").glob("*.pdf"))[::2]
    found = [
        similarity(expected, _page_words(pdf, number)) for pdf in papers for number, expected in two_column_pages(pdf)
    ]

    assert len(found) > 10
    assert statistics.median(found) >= 0.98
    assert min(found) >= 0.9


def test_papers_from_tex_are_read_in_their_order_and_hardly_a_word_is_lost() -> None:
    truths = {pdf: truth for pdf in (_DATA / "arxiv_tex").glob("*.pdf") if (truth := find_truth(pdf)) is not None}
    assert truths

    for pdf, truth in truths.items():
        found = words_of(_document(pdf).text)
        assert recall(truth.body, found) >= 0.98, pdf.name
        assert order(truth.running, found) >= 0.99, pdf.name


def test_hardly_a_word_is_read_that_a_paper_does_not_hold() -> None:
    truths = {pdf: find_truth(pdf) for pdf in _PAPERS}
    found = [precision(truth.all, words_of(_document(pdf).text)) for pdf, truth in truths.items() if truth is not None]

    # The rest is what JATS does not know: the margin's dates and licence, and how references are printed.
    assert statistics.median(found) >= 0.95
