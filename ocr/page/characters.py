"""The characters of a text page, in such a way that their places in the text are pdfium's."""

from __future__ import annotations

import ctypes
import re
from array import array

import pypdfium2.raw as pdfium

from ocr.page.glyphs import FILLER

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LAST_UNIT = 0xFFFF  # of UTF-16, which is what pdfium counts in
_UNKNOWN = 0xFFFD
_FEW = 16  # characters that are rather asked for one by one


def read_characters(raw: pdfium.FPDF_TEXTPAGE) -> str:
    """The page's text so that position i is pdfium's character i."""
    count = pdfium.FPDFText_CountChars(raw)
    if count <= 0:
        return ""
    text = _units(raw, 0, count).decode("utf-16-le", "replace")
    # pdfium counts a character beyond the basic plane (an italic K) as two: fill up the second place.
    return text if len(text) == count else _ASTRAL.sub(rf"\g<0>{FILLER}", text)


def _units(raw: pdfium.FPDF_TEXTPAGE, start: int, count: int) -> bytes:
    """UTF-16 of a range of characters, exactly two bytes for each.

    Unprintable characters are left out of pdfium's text but not out of its numbering: where the text is too short,
    it is asked for in halves, down to single characters.
    """
    if count <= _FEW:
        codes = (pdfium.FPDFText_GetUnicode(raw, index) for index in range(start, start + count))
        return array("H", map(_unit, codes)).tobytes()
    buffer = (ctypes.c_ushort * (2 * count + 1))()
    if pdfium.FPDFText_GetText(raw, start, count, buffer) - 1 == count:
        return bytes(buffer)[: 2 * count]
    half = count // 2
    return _units(raw, start, half) + _units(raw, start + half, count - half)


def _unit(code: int) -> int:
    return code if 0 < code <= _LAST_UNIT else _UNKNOWN
