"""What a text layer's characters mean: ligatures expanded, stray accents put on their letters, junk dropped."""

# ruff: noqa: RUF001, RUF003 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
import unicodedata

HYPHEN = "\ufffe"  # what pdfium writes for a hyphen at the end of a line
FILLER = "\u2060"  # what this package puts beside a character that takes two places

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_TABLE = str.maketrans(_LIGATURES | dict.fromkeys(_SPACES, " "))

# Controls, zero-width and soft-hyphen characters, private use and non-characters: glyphs that say nothing.
_JUNK = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    "\ufeff\ufff0-\uffff\U000f0000-\U0010ffff]"
)

# TeX's old fonts set an accent as a glyph of its own before the letter: "V´elez", "G ´ OMEZ".
_COMBINING = {
    "´": "\u0301",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "˚": "\u030a",
    "¸": "\u0327",
    "˝": "\u030b",
}
# With a space on both sides it stands inside a word, else the space before it is one.
_ACCENT = re.compile(rf"(?P<inside>(?<=\w) )?(?P<accent>[{''.join(_COMBINING)}])(?(inside) ?)(?P<letter>[A-Za-zı])")


def clean(text: str) -> str:
    """One line's text as a reader would type it; spaces are single, none at the ends."""
    if not text.isascii() or not text.isprintable():
        text = _JUNK.sub("", text.translate(_TABLE))
        text = _ACCENT.sub(_compose, text)
    return " ".join(text.split())


def junk_count(text: str) -> int:
    """How many characters say nothing: unmapped glyphs (U+FFFD), controls, private use. Line ends do not count."""
    if text.isascii() and text.replace("\r\n", "").isprintable():
        return 0
    silent = sum(map(text.count, ("\r", HYPHEN, FILLER, "\u00ad")))
    return len(_JUNK.findall(text)) - silent


def _compose(match: re.Match[str]) -> str:
    letter = "i" if match["letter"] == "ı" else match["letter"]
    composed = unicodedata.normalize("NFC", letter + _COMBINING[match["accent"]])
    if len(composed) > 1:
        return match[0]
    is_inside = match["inside"] and match[0][2] == " "
    return composed if is_inside or not match["inside"] else f" {composed}"
