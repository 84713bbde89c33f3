"""PDFs whose every piece of text stands where a test puts it, in the order it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.pdf_bytes import draw_pages, escape


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
    return draw_pages(["\n".join(map(_draw, pieces)).encode("cp1252") for pieces in pages])


def _draw(piece: Placed) -> str:
    font = "F2" if piece.is_bold else "F1"
    return f"BT /{font} {piece.size} Tf 1 0 0 1 {piece.x} {piece.y} Tm ({escape(piece.text)}) Tj ET"
