"""Links of pages, read through pdfium from files made here."""

import ctypes
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from ocr.page.links import page_links
from pipeline.document import Box

_WIDTH, _HEIGHT = 500, 1000


def _link(page: pypdfium2.PdfPage, area: tuple[float, float, float, float], address: str) -> None:
    annotation = pdfium.FPDFPage_CreateAnnot(page.raw, pdfium.FPDF_ANNOT_LINK)
    left, bottom, right, top = area
    pdfium.FPDFAnnot_SetRect(annotation, ctypes.byref(pdfium.FS_RECTF(left, top, right, bottom)))
    pdfium.FPDFAnnot_SetURI(annotation, address.encode())
    pdfium.FPDFPage_CloseAnnot(annotation)


def _saved(path: Path, *, quarters: int = 0, links: int = 1) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(_WIDTH, _HEIGHT)
    for _ in range(links):
        _link(page, (50, 800, 150, 900), "https://doi.org/10.1234/reef")
    page.set_rotation(90 * quarters)
    document.save(path)
    return pypdfium2.PdfDocument(path)[0]


@pytest.mark.parametrize(
    "quarters,box",
    [(0, Box(100, 100, 300, 200)), (1, Box(800, 100, 900, 300)), (2, Box(700, 800, 900, 900))],
)
def test_a_link_lies_where_the_page_shows_it(tmp_path: Path, quarters: int, box: Box) -> None:
    page = _saved(tmp_path / "page.pdf", quarters=quarters)

    assert page_links(page) == [(box, "https://doi.org/10.1234/reef")]


def test_a_page_without_links_has_none(tmp_path: Path) -> None:
    assert page_links(_saved(tmp_path / "page.pdf", links=0)) == []


def test_a_page_with_endless_links_is_read_to_a_limit(tmp_path: Path) -> None:
    assert len(page_links(_saved(tmp_path / "page.pdf", links=2100))) == 2000
