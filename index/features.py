"""What a paper has beside prose, told from the text of its chunks."""

from __future__ import annotations

import re

from index.query import Feature

# Places where people keep code. A sentence that only promises it ("will be released") is no code.
_CODE = re.compile(
    r"(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|hf\.co|sourceforge\.net|"
    r"anonymous\.4open\.science|code\.google\.com|colab\.research\.google\.com|osf\.io)/?\s?\w|\w\.github\.io",
    re.IGNORECASE,
)
# Every one of these places holds one of these: looking for them takes 2 us a chunk, the expression 230.
_CODE_HINTS = (".co", ".org", ".net", ".io", "4open")
# A caption is a chunk of its own (pipeline.chunk), so it begins one.
_FIGURE = re.compile(r"(?:Extended Data )?Fig(?:ure|\.)?\s?[A-Z]?\.?\d", re.IGNORECASE)
_TABLE = re.compile(r"Tab(?:le|\.)\s?(?:[A-Z]?\.?\d|[IVX]+\b)", re.IGNORECASE)
_BIT = {Feature.CODE: 1, Feature.FIGURE: 2, Feature.TABLE: 4}


def features_of(text: str) -> int:
    """The features a chunk shows, one bit each."""
    lowered = text.lower()
    has_hint = any(hint in lowered for hint in _CODE_HINTS)
    bits = _BIT[Feature.CODE] if has_hint and _CODE.search(text) else 0
    if _FIGURE.match(text):
        bits |= _BIT[Feature.FIGURE]
    if _TABLE.match(text):
        bits |= _BIT[Feature.TABLE]
    return bits


def bits_of(wanted: tuple[Feature, ...]) -> int:
    """The bits that must all be set."""
    bits = 0
    for feature in wanted:
        bits |= _BIT[feature]
    return bits
