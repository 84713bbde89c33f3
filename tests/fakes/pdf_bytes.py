"""Writes PDFs byte by byte: objects, streams, and plain pages in two fonts."""

from __future__ import annotations

from collections.abc import Sequence

PAGE_PT = (612, 792)  # US letter
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
_FIRST_PAGE = 5  # objects 1 to 4: catalogue, page tree, two fonts; then page and content in turn


def assemble(bodies: Sequence[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table_at = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table_at)
    return bytes(file)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body; `entries` stand in its dictionary besides its length."""
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), entries + b" " * bool(entries), content)


def draw_pages(drawings: Sequence[bytes]) -> bytes:
    """A page for each drawing, whose text is in F1, Helvetica, or F2, its bold, in Windows-1252."""
    pages = [_FIRST_PAGE + 2 * position for position in range(len(drawings))]
    kids = " ".join(f"{number} 0 R" for number in pages)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT.format("Helvetica").encode(),
        _FONT.format("Helvetica-Bold").encode(),
    ]
    for number, drawing in zip(pages, drawings, strict=True):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_PT[0]} {PAGE_PT[1]}] /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        bodies.append(stream(drawing))
    return assemble(bodies)


def escape(text: str) -> str:
    """As it stands between the brackets of a string."""
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
