"""PDFs whose every piece of text stands where a test puts it, in the order it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.papers import _assemble

_PAGE_PT = (612, 792)  # US letter
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"


@dataclass(frozen=True, slots=True)
class Placed:
    """A text in Windows-1252 at a place in points, origin at the bottom left."""

    text: str
    x: float
    y: float
    size: float = 10.0
    is_bold: bool = False


def make_placed_pdf(pages: Sequence[Sequence[Placed]]) -> bytes:
    """A valid PDF; each page draws its pieces in their order."""
    first = 5
    numbers = [first + 2 * position for position in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT.format("Helvetica").encode(),
        _FONT.format("Helvetica-Bold").encode(),
    ]
    for number, pieces in zip(numbers, pages, strict=True):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE_PT[0]} {_PAGE_PT[1]}] /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        drawing = "\n".join(map(_draw, pieces)).encode("cp1252")
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    return _assemble(bodies)


def _draw(piece: Placed) -> str:
    text = piece.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    font = "F2" if piece.is_bold else "F1"
    return f"BT /{font} {piece.size} Tf 1 0 0 1 {piece.x} {piece.y} Tm ({text}) Tj ET"
