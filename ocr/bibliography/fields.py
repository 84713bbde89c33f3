"""Reads the fields of one reference string."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.bibliography.identifiers import NO_IDENTIFIERS, Identifiers, take_identifiers
from ocr.bibliography.labels import without_label
from ocr.bibliography.names import read_names
from ocr.bibliography.titles import split_title
from ocr.bibliography.years import find_year

_SPACE = re.compile(r"\s+")
# A text layer may put the space before a mark instead of behind it, or none. Patterns begin with what they look for and
# look behind from there, which is three times as fast as looking behind at every character.
_STRAY = (
    (re.compile(r"\s+\.(?=\d)(?<=\d\s\.)"), "."),
    (re.compile(r"\s+([,;:.])(?=[^\s.,;:)\]”’\"])"), r"\1 "),
    (re.compile(r"\s+(?=[,;:.)\]”’](?!\.))"), ""),
    (re.compile(r"([(\[“])\s+"), r"\1"),
    (re.compile(r"[)\]](?=\w)(?<=\d.)|[)\]](?=[(\[])|[\"”](?=\w)(?<=[,.].)"), r"\g<0> "),
    (re.compile(r"\((?=[A-Z])(?<=[a-z]{3}\()"), " ("),
    (re.compile(r",(?=[^\W\d_])(?<=[^\W\d_],)|\.(?=[A-Z])(?<=[a-z]{4}\.)"), r"\g<0> "),
    (re.compile(r"\band(?=[A-Z])"), "and "),
)
_LEAD = re.compile(r"[\s.,:;–—-]*")
_YEAR_FIRST = re.compile(
    r"[\s.,:;]*(?:[(\[]\s?(?:[^()\[\]]{0,20}\s)?(?:(?:19|20)\d\d[a-z]?|n\.\s?d\.|in press|forthcoming)[^()\[\]]{0,16}"
    r"[)\]]"
    r"|(?:19|20)\d\d[a-z]?\b(?!\s?[-–]))[\s.,:;]*"
)
_LONGEST = 4000  # characters: more is not one reference


@dataclass(frozen=True, slots=True)
class Fields:
    """What a reference says; what was not found is empty. `suffix` is the letter behind the year (2019a)."""

    authors: tuple[str, ...] = ()
    has_others: bool = False  # "et al." cut the list of authors
    title: str = ""
    year: int | None = None
    suffix: str = ""
    venue: str = ""
    identifiers: Identifiers = NO_IDENTIFIERS


def read_fields(printed: str) -> Fields:
    """The fields of a reference as printed, with or without its label."""
    identifiers, text = take_identifiers(_SPACE.sub(" ", without_label(printed)[:_LONGEST]))
    text = _tidy(text)
    names = read_names(text)
    year, suffix = find_year(text, names.end)
    rest = text[names.end :]
    lead = _YEAR_FIRST.match(rest) or _LEAD.match(rest)
    marks = lead[0].rstrip() if lead else ""
    title, venue = split_title(
        rest[lead.end() if lead else 0 :],
        is_comma_style=marks.endswith(","),
        is_bare_style=marks.lstrip()[:4].isdigit() and marks[-1].isalnum(),
    )
    return Fields(names.authors, names.has_others, title, year, suffix, venue, identifiers)


def _tidy(text: str) -> str:
    """With spaces where the patterns expect them."""
    for pattern, replacement in _STRAY:
        text = pattern.sub(replacement, text)
    return text.strip()
