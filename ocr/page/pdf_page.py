"""Reads one page's text layer from pdfium: lines with boxes, sizes and fonts, in content-stream order."""

from __future__ import annotations

import ctypes
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.page.glyphs import junk_count
from ocr.page.lines import Line, join_pieces
from ocr.page.page_text import PageText
from ocr.page.pdf_objects import read_graphics
from ocr.page.text_pieces import PieceReader
from ocr.page.view import View

_DEVICE = 1_000_000  # PageToDevice answers in whole pixels: many of them make it exact


def read_page(page: pypdfium2.PdfPage, number: int) -> PageText:
    """Reads a page that pdfium could load. Raises pypdfium2.PdfiumError where it has no readable text structure."""
    text_page = page.get_textpage()
    try:
        reader = PieceReader(text_page, _view(page))
        pieces = list(reader.pieces())
        for _ in range(reader.main_direction()):
            reader.view = reader.view.turned()
        if reader.view.quarters:
            pieces = _downwards(list(reader.pieces()))
        text = reader.text
        characters = len(text) - text.count("\r") - text.count("\n") - text.count(" ")
        return PageText(
            number=number,
            width=reader.view.width,
            height=reader.view.height,
            lines=tuple(join_pieces(pieces)),
            characters=characters,
            junk=junk_count(text),
            graphics=read_graphics(page, reader.view),
            quarters=reader.view.quarters,
        )
    finally:
        text_page.close()


def _downwards(pieces: list[Line]) -> list[Line]:
    """The pieces, in reverse where they run up the page: pdfium turns the order of text set sideways around."""
    rising = sum(below.top < above.top for above, below in pairwise(pieces))
    return pieces[::-1] if rising > len(pieces) / 2 else pieces


def _view(page: pypdfium2.PdfPage) -> View:
    """The page as seen, its rotation and crop box applied."""
    width, height = page.get_size()
    (x0, y0), (x1, y1), (x2, y2) = (_to_device(page, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
    sx, sy = width / _DEVICE, height / _DEVICE
    return View(
        a=(x1 - x0) * sx / 1000,
        b=(y1 - y0) * sy / 1000,
        c=(x2 - x0) * sx / 1000,
        d=(y2 - y0) * sy / 1000,
        e=x0 * sx,
        f=y0 * sy,
        width=width,
        height=height,
    )


def _to_device(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, device_x, device_y)
    return device_x.value, device_y.value
