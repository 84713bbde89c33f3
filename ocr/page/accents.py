"""Puts the accents that a PDF draws by themselves on the letters they stand over.

TeX's old fonts (OT1, still common on arXiv) have no accented letters: `é` is an `e` and an acute somewhere in the
content stream, often a whole word later. Only their places on the page tell which belong together.
"""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from ocr.page.glyphs import FILLER

_COMBINING = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}
_BELOW = "¸˛"
_ACCENT = re.compile(f"[{''.join(_COMBINING)}]")
_MOST = 500  # of a page: looking one up costs some 30 us
_REACH = 0.25  # em from an accent's edge into its letter
_GAP = 0.15  # em: letters closer together than that are one word
_DOTLESS = {"ı": "i", "ȷ": "j"}


@dataclass(frozen=True, slots=True)
class _Edges:
    left: float
    right: float
    bottom: float
    top: float


def place_accents(raw: pdfium.FPDF_TEXTPAGE, text: str) -> str:
    """A page's text, as long as before, with letters and accents composed where they stand over each other.

    `text[i]` must be pdfium's character i. What an accent leaves behind is a filler, and so are the spaces that pdfium
    put around it inside a word. A letter that has no composed form (x with a hat) keeps its accent behind it.
    """
    found = list(_ACCENT.finditer(text))
    if not found or len(found) > _MOST:
        return text
    characters = list(text)
    page = _Places(raw, text)
    for match in found:
        _place(match.start(), characters, page)
    return "".join(characters)


class _Places:
    """Where the characters of a text page stand."""

    def __init__(self, raw: pdfium.FPDF_TEXTPAGE, text: str) -> None:
        self._raw = raw
        self.text = text
        self._buffers = [ctypes.c_double() for _ in range(4)]

    def edges(self, index: int) -> _Edges | None:
        """The box of a glyph; None where it has none."""
        if not pdfium.FPDFText_GetCharBox(self._raw, index, *self._buffers):
            return None
        return _Edges(*(buffer.value for buffer in self._buffers))

    def size(self, index: int) -> float:
        """The size of a character's font as it is seen."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._raw, index, matrix)
        return float(pdfium.FPDFText_GetFontSize(self._raw, index)) * float((matrix.c**2 + matrix.d**2) ** 0.5)

    def letter_at(self, x: float, y: float) -> int | None:
        """The letter that covers a point."""
        index = int(pdfium.FPDFText_GetCharIndexAtPos(self._raw, x, y, 0.0, 0.0))
        return index if 0 <= index < len(self.text) and self.text[index].isalpha() else None


def _place(index: int, characters: list[str], page: _Places) -> None:
    edges = page.edges(index)
    if edges is None:
        return
    accent, em = page.text[index], page.size(index)
    y = edges.top + _REACH * em if accent in _BELOW else edges.bottom - _REACH * em
    base = page.letter_at((edges.left + edges.right) / 2, y)
    if base is None or characters[base] in _COMBINING:
        return
    letter = _DOTLESS.get(characters[base], characters[base])
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    if len(composed) == 1:
        characters[base], characters[index] = composed, FILLER
    elif abs(base - index) == 1:
        characters[min(base, index)], characters[max(base, index)] = composed[0], composed[1]
        return
    else:
        characters[index] = FILLER
    _close_gap(index, em, characters, page)


def _close_gap(index: int, em: float, characters: list[str], page: _Places) -> None:
    """Takes out the spaces that pdfium put where the accent stood, if the letters around it stand close together."""
    before = index - 1
    while before >= 0 and characters[before] in (" ", FILLER):
        before -= 1
    after = index + 1
    while after < len(characters) and characters[after] in (" ", FILLER):
        after += 1
    if before < 0 or after >= len(characters) or not (characters[before].isalpha() and characters[after].isalpha()):
        return
    left, right = page.edges(before), page.edges(after)
    if left is not None and right is not None and -em < right.left - left.right < _GAP * em:
        characters[before + 1 : after] = [FILLER] * (after - before - 1)
