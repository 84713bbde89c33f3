"""Tells fonts for mathematics by their names, and how much of a page is set in them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pypdfium2.raw as pdfium

_SAMPLES = 120  # of a page's text objects, which are many thousands

# Computer Modern and AMS (CMMI, CMSY, CMEX, MSAM, MSBM, EUFM, RSFS), their kin in other families (MTMI, txsy, NewTXMI,
# FourierMath), OpenType's "... Math", Word's Cambria Math, and Symbol.
_NAME = re.compile(
    r"cmmi|cmmib|cmsy|cmbsy|cmex|msam|msbm|eu[fsrei][mbx]\d|rsfs|math|mtmi|mtsy|mtex|"
    r"[tp]x(?:b?mi|b?sy|b?ex|sya|syb|mia)|txmi|pxmi|pazom|fourier-?m|wasy|stmary|bbold|bbm\d|dsrom|esint|^(?:\w+\+)?symbol",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_mathematics(name: str) -> bool:
    """Whether a font of this PostScript name is made for formulas."""
    return bool(_NAME.search(name))


def math_share(texts: Sequence[Any]) -> float:  # Any: pdfium's pointers to text objects
    """Of the width of a page's text, about how much is set in such fonts; some objects are looked at."""
    widths = {True: 0.0, False: 0.0}
    step = max(1, -(-len(texts) // _SAMPLES))
    for name, width in _fonts(texts[::step]):
        widths[is_mathematics(name)] += width
    total = sum(widths.values())
    return widths[True] / total if total else 0.0


def _fonts(texts: Sequence[Any]) -> Iterator[tuple[str, float]]:
    name = ctypes.create_string_buffer(128)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for handle in texts:
        font = pdfium.FPDFTextObj_GetFont(handle)
        if font and pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            yield name.value.decode("utf-8", "replace"), max(0.0, right.value - left.value)
