"""PDFs that mean harm, or are merely odd, made in memory."""

from __future__ import annotations

import io
import zlib

import pypdf
from pypdf.generic import NameObject, RectangleObject

from tests.fakes.papers import make_pdf
from tests.fakes.pdf_bytes import assemble, stream


def make_encrypted() -> bytes:
    """Needs a password to be opened."""
    writer = pypdf.PdfWriter(io.BytesIO(make_pdf(["Nobody reads this."])))
    writer.encrypt("a password", algorithm="RC4-128")
    return _written(writer)


def make_turned(text: str, degrees: int) -> bytes:
    """One page whose viewer turns it clockwise."""
    writer = pypdf.PdfWriter(io.BytesIO(make_pdf([text])))
    writer.pages[0].rotate(degrees)
    return _written(writer)


def make_cropped(text: str, crop: tuple[float, float, float, float]) -> bytes:
    """One page of which viewers show only a part: left, bottom, right, top in points."""
    writer = pypdf.PdfWriter(io.BytesIO(make_pdf([text])))
    writer.pages[0][NameObject("/CropBox")] = RectangleObject(crop)
    return _written(writer)


def make_scan() -> bytes:
    """One page that is nothing but an image."""
    image = zlib.compress(bytes(64 * 64))
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                b" /Resources << /XObject << /I 5 0 R >> >> >>"
            ),
            stream(b"q 612 0 0 792 0 0 cm /I Do Q"),
            stream(
                image,
                b"/Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 8"
                b" /Filter /FlateDecode",
            ),
        ]
    )


def make_page(content: bytes, media_box: str = "0 0 612 792", filters: bytes = b"") -> bytes:
    """One page with this content stream; fonts /F1 (regular) and /F2 (bold) are at hand."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R"
                b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            )
            % media_box.encode(),
            stream(content, filters),
            font % b"Helvetica",
            font % b"Helvetica-Bold",
        ]
    )


def make_text_bomb(characters: int) -> bytes:
    """A small file whose one page holds this many characters of text."""
    line = b"BT /F1 1 Tf 10 %d Td (" + b"a" * 1000 + b") Tj ET\n"
    content = b"".join(line % (10 + number % 700) for number in range(characters // 1000))
    return make_page(zlib.compress(content, 9), filters=b"/Filter /FlateDecode")


def make_deeply_nested(depth: int) -> bytes:
    """Arrays in arrays in the page's content and in its resources."""
    return make_page(b"[" * depth + b"]" * depth + b" TJ BT /F1 12 Tf 72 700 Td (Below the pile) Tj ET")


def make_endless_page_tree() -> bytes:
    """A page tree whose node is its own child."""
    return assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def _written(writer: pypdf.PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
