# ruff: noqa: RUF001 (the letters of mathematics are what is read)

from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from ocr.text_layer import read_text_layer
from pipeline.document import BlockKind, Box, Document, PageStatus
from pipeline.errors import ReadError
from tests.fakes import hostile_pdfs
from tests.fakes.papers import make_pdf

_PARAGRAPH = "We describe a study of searching in long texts and what it found. " * 4

Read = Callable[[bytes], Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(content: bytes, max_pages: int = 100) -> Document:
        target = tmp_path / "paper.pdf"
        target.write_bytes(content)
        return read_text_layer(target, max_pages)

    return write_and_read


def _found(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for page in document.pages for block in page.blocks]


def test_words_after_formulas_stand_by_themselves(read: Read) -> None:
    typeset = typst.compile(b"Let $x in RR^d$ with $alpha_i$ denote a point whose norm $x^2$ is large.")
    assert isinstance(typeset, bytes)

    document = read(typeset)

    assert document.text == "Let 𝑥 ∈ ℝ𝑑 with 𝛼𝑖 denote a point whose norm 𝑥2 is large."


def test_title_headings_and_paragraphs_are_read_in_order(read: Read) -> None:
    pages = [
        f"# A title of its own\n\n{_PARAGRAPH}\n\n# 1 Introduction\n\n{_PARAGRAPH}",
        f"# 2 Results\n\n{_PARAGRAPH}",
    ]

    document = read(make_pdf(pages))

    assert _found(document) == [
        (BlockKind.TITLE, "A title of its own"),
        (BlockKind.TEXT, _PARAGRAPH.strip()),
        (BlockKind.HEADING, "1 Introduction"),
        (BlockKind.TEXT, _PARAGRAPH.strip()),
        (BlockKind.HEADING, "2 Results"),
        (BlockKind.TEXT, _PARAGRAPH.strip()),
    ]
    assert [(page.number, page.status, page.width_pt, page.engine) for page in document.pages] == [
        (1, PageStatus.OK, 612, "text_layer"),
        (2, PageStatus.OK, 612, "text_layer"),
    ]
    assert document.engine_key.startswith("text_layer/pypdfium2-")


def test_boxes_are_per_mille_from_the_top_left(read: Read) -> None:
    block = read(make_pdf(["A line at the top margin"])).pages[0].blocks[0]

    # 11 pt Helvetica, its baseline 720 pt above the bottom of 792, from 72 pt of 612: capitals are .72 em high.
    assert (block.box.left, block.box.top) == (int(1000 * 72 / 612), int(1000 * (72 - 0.72 * 11) / 792))


def test_boxes_follow_the_crop_box_and_are_clipped_to_it(read: Read) -> None:
    blocks = read(hostile_pdfs.make_cropped(_PARAGRAPH, (72, 600, 400, 740))).pages[0].blocks

    assert [(block.box.left, block.box.right, block.box.top) for block in blocks] == [(0, 1000, 85)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_reads_the_same_and_its_boxes_turn(read: Read, degrees: int) -> None:
    page = read(hostile_pdfs.make_turned(_PARAGRAPH, degrees)).pages[0]

    boxes = {
        0: Box(117, 80, 799, 145),
        90: Box(855, 117, 920, 799),
        180: Box(201, 855, 883, 920),
        270: Box(80, 201, 145, 883),
    }
    assert [block.text for block in page.blocks] == [_PARAGRAPH.strip()]
    assert page.blocks[0].box == boxes[degrees]
    assert (page.width_pt, page.height_pt) == ((792, 612) if degrees in {90, 270} else (612, 792))


def test_a_scan_is_kept_as_a_degraded_page_with_its_reason(read: Read) -> None:
    page = read(hostile_pdfs.make_scan()).pages[0]

    assert (page.status, page.blocks) == (PageStatus.DEGRADED, ())
    assert page.reason == "no text layer: a scan; 0 characters beside images"


def test_a_blank_page_is_no_failure(read: Read) -> None:
    assert [(page.status, page.blocks) for page in read(make_pdf([""])).pages] == [(PageStatus.OK, ())]


def test_pages_beyond_the_limit_are_noted(tmp_path: Path) -> None:
    target = tmp_path / "paper.pdf"
    target.write_bytes(make_pdf(["Page of text"] * 5))

    document = read_text_layer(target, max_pages=2)

    assert [(page.number, page.status, page.reason) for page in document.pages] == [
        (1, PageStatus.OK, ""),
        (2, PageStatus.OK, ""),
        (3, PageStatus.FAILED, "pages 3 to 5 were not read: the limit is 2 pages"),
    ]


@pytest.mark.parametrize(
    "content, reason",
    [
        (hostile_pdfs.make_encrypted(), "encrypted: needs a password"),
        (make_pdf([_PARAGRAPH] * 3)[:2000], "damaged or truncated PDF: it has no end mark"),
        (b"%PDF-1.4\nnothing else\n%%EOF\n", "damaged or truncated PDF: "),
        (hostile_pdfs.make_endless_page_tree(), "damaged or truncated PDF: none of its pages can be loaded"),
        (b"", "not a PDF: an empty file"),
        (b"Rate exceeded.", "not a PDF: a text file that begins with 'Rate exceeded.'"),
        (b"<!DOCTYPE html><html></html>", "not a PDF: an HTML page"),
        (b"%!PS-Adobe-3.0", "not a PDF: a PostScript file"),
        (b"\x1f\x8b\x08\x00", "not a PDF: a gzip file"),
        (b"PK\x03\x04", "not a PDF: a zip file"),
        (b"\x00\x01\x02", "not a PDF: it begins with b'\\x00\\x01\\x02'"),
    ],
)
def test_a_file_that_is_no_readable_pdf_is_refused_with_its_reason(read: Read, content: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(content)

    assert caught.value.message.startswith(reason)
    assert caught.value.permanent


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"absent\.pdf: No such file"):
        read_text_layer(tmp_path / "absent.pdf", 1)


@pytest.mark.parametrize("media_box", ["0 0 2000000 2000000", "0 0 0 0", "612 792 0 0", "-9e30 -9e30 9e30 9e30"])
def test_pages_of_absurd_size_have_boxes_within_the_page(read: Read, media_box: str) -> None:
    content = b"BT /F1 12 Tf 72 700 Td (Still here) Tj ET"

    page = read(hostile_pdfs.make_page(content, media_box)).pages[0]

    for block in page.blocks:
        box = block.box
        assert 0 <= box.left <= box.right <= 1000
        assert 0 <= box.top <= box.bottom <= 1000


def test_deep_nesting_costs_nothing(read: Read) -> None:
    assert _found(read(hostile_pdfs.make_deeply_nested(100_000))) == [(BlockKind.TEXT, "Below the pile")]


def test_two_thousand_nearly_empty_pages_are_read(tmp_path: Path) -> None:
    target = tmp_path / "long.pdf"
    target.write_bytes(make_pdf(["."] * 2000))

    assert len(read_text_layer(target, 2000).pages) == 2000
