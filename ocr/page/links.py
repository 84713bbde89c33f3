"""Reads a page's links to addresses: many references show none of the DOI that their link holds."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.document import Box

_MOST_LINKS = 2000  # a page of references has some hundreds
_LONGEST_ADDRESS = 2048
_SCALE = 1000  # a device of so many pixels either way: PageToDevice answers in per mille of the page as it is seen


def page_links(page: pypdfium2.PdfPage) -> list[tuple[Box, str]]:
    """Where on a page each link to an address lies, and the address; links inside the document are left out."""
    found: list[tuple[Box, str]] = []
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    for _ in range(_MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page.raw, position, link):
            break
        address = _address(page, link)
        if address and (box := _box(page, link)) is not None:
            found.append((box, address))
    return found


def _address(page: pypdfium2.PdfPage, link: pdfium.FPDF_LINK) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    size = pdfium.FPDFAction_GetURIPath(page.pdf.raw, action, None, 0)
    if not 1 < size <= _LONGEST_ADDRESS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(page.pdf.raw, action, buffer, size)
    return buffer.value.decode("utf-8", "replace").strip()


def _box(page: pypdfium2.PdfPage, link: pdfium.FPDF_LINK) -> Box | None:
    area = pdfium.FS_RECTF()
    if not pdfium.FPDFLink_GetAnnotRect(link, area):
        return None
    corners = [_seen(page, x, y) for x, y in ((area.left, area.top), (area.right, area.bottom))]
    (left, right), (top, bottom) = (sorted(values) for values in zip(*corners, strict=True))
    return Box(left, top, right, bottom)


def _seen(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _SCALE, _SCALE, 0, x, y, across, down)
    return min(_SCALE, max(0, across.value)), min(_SCALE, max(0, down.value))
