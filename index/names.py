"""Authors' names as the lexical index keeps them: every word of a name, and its initial with the family name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import tantivy

NAMES = "autoreader_names_1"  # stored in the index's schema; a change below is a new name
_INITIAL = 1


@functools.cache
def name_analyzer() -> tantivy.TextAnalyzer:
    """Words in lower case and without accents; names are not stemmed."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


def name_words(name: str) -> list[str]:
    """The words of a name as they are spoken: "LeCun, Yann" is ["yann", "lecun"]."""
    family, comma, given = name.partition(",")
    words: list[str] = name_analyzer().analyze(f"{given} {family}" if comma else name)
    return words


def initial_keys(name: str) -> Iterator[str]:
    """The initials of an author with the family name: "Yann A. LeCun" gives "y~lecun" and "a~lecun"."""
    words = name_words(name)
    for given in words[:-1]:
        yield f"{given[0]}~{words[-1]}"


def asked_terms(name: str) -> tuple[list[str], list[str]]:
    """What an author must have who is asked for by this name: words, and initials with the family name.

    One word may stand anywhere in a name. "Y. LeCun" asks for the initial alone; "Yann LeCun" for the words as well, so
    that the initial ties the two to one author.
    """
    words = name_words(re.sub(r"\.(?=\w)", ". ", name))  # Y.A. LeCun
    if len(words) == 1:
        return words, []
    return [word for word in words if len(word) > _INITIAL], [f"{given[0]}~{words[-1]}" for given in words[:-1]]
