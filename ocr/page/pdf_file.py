"""Opens PDF files, and says in words why one cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import ReadError


def open_pdf(pdf: Path) -> pypdfium2.PdfDocument:
    """The open document; close it. Raises ReadError: not a PDF, encrypted, damaged or truncated."""
    _check(pdf)
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError("encrypted: needs a password") from error
        if error.err_code == pdfium.FPDF_ERR_SECURITY:
            raise ReadError("encrypted in a way that cannot be read") from error
        raise ReadError(f"damaged or truncated PDF: {error}") from error


def _check(pdf: Path) -> None:
    """Raises ReadError where a file is no whole PDF, which pdfium would try to repair."""
    try:
        content = pdf.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read {pdf}: {error.strerror}") from error
    # Readers accept the mark within the first 1024 bytes (PDF 32000-1, annex H.3.4.1).
    if b"%PDF-" not in content[:1024]:
        raise ReadError(f"not a PDF: {_describe(content)}")
    if b"%%EOF" not in content:
        raise ReadError("damaged or truncated PDF: it has no end mark")


def _describe(content: bytes) -> str:
    head = content[:1024].lstrip().lower()
    if not content:
        return "an empty file"
    if head.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if head.startswith(b"%!ps"):
        return "a PostScript file"
    if content.startswith(b"\x1f\x8b"):
        return "a gzip file"
    if content.startswith(b"PK"):
        return "a zip file"
    shown = content[:40].decode("utf-8", "replace").strip()
    return f"a text file that begins with {shown!r}" if shown.isprintable() else f"it begins with {content[:8]!r}"
