"""What a text layer's characters mean: ligatures expanded, junk dropped."""

from __future__ import annotations

import re

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


def clean(text: str) -> str:
    """One line's text as a reader would type it; spaces are single, none at the ends."""
    if not text.isascii() or not text.isprintable():
        text = _JUNK.sub("", text.translate(_TABLE))
    return " ".join(text.split())


def junk_count(text: str) -> int:
    """How many characters say nothing: unmapped glyphs (U+FFFD), controls, private use. Line ends do not count."""
    if text.isascii() and text.replace("\r\n", "").isprintable():
        return 0
    silent = sum(map(text.count, ("\r", HYPHEN, FILLER, "\u00ad")))
    return len(_JUNK.findall(text)) - silent
