"""Scans made of born-digital pages: what stands on them is known, and who reads them is told nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pypdf
import pypdfium2
from PIL import Image

_INCH_PT = 72


def make_scan(pdf: Path, pages: Sequence[int], target: Path, dpi: int = 150, *, keeps_text: bool = False) -> None:
    """Writes these pages (from 1) of a file as pictures; with `keeps_text` over their text, as old OCR leaves it."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        pictures = [document[page - 1].render(scale=dpi / _INCH_PT).to_pil().convert("RGB") for page in pages]
    scan = _as_pdf(pictures, dpi)
    if not keeps_text:
        target.write_bytes(scan)
        return
    writer = pypdf.PdfWriter()
    texts, covers = pypdf.PdfReader(pdf), pypdf.PdfReader(io.BytesIO(scan))
    for page, cover in zip(pages, covers.pages, strict=True):
        writer.add_page(texts.pages[page - 1]).merge_page(cover)
    writer.write(target)


def _as_pdf(pictures: Sequence[Image.Image], dpi: int) -> bytes:
    content = io.BytesIO()
    pictures[0].save(content, "PDF", resolution=dpi, save_all=True, append_images=list(pictures[1:]))
    return content.getvalue()
