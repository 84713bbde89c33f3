"""Letters as patterns need them, and words made comparable."""

from __future__ import annotations

import unicodedata

_FIRST_ACCENTED, _FIRST_ARMENIAN = 0xC0, 0x530  # Latin, Greek and Cyrillic lie between

UPPER = "A-Z" + "".join(chr(code) for code in range(_FIRST_ACCENTED, _FIRST_ARMENIAN) if chr(code).isupper())
LOWER = "a-z" + "".join(chr(code) for code in range(_FIRST_ACCENTED, _FIRST_ARMENIAN) if chr(code).islower())
# Han, kana and Hangul know no capitals: names in them are runs of two to four characters.
IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"

_SPELLED_OUT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def fold(word: str) -> str:
    """Letters and digits alone, in lower case and without accents: O'Neill-Müller is oneillmuller."""
    if word.isascii():
        return "".join(filter(str.isalnum, word.lower()))
    bare = unicodedata.normalize("NFKD", word.lower()).translate(_SPELLED_OUT)
    return "".join(filter(str.isalnum, bare))
