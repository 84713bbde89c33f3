"""Finds citations by names and year in the text: (Smith et al., 2020a; Doe and Roe 2019), Smith et al. (2020)."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.bibliography.fields import Fields
from ocr.bibliography.letters import LOWER, UPPER, fold

_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d|n\.\s?d\.)(?P<letters>[a-z](?:,\s?[a-z]\b)*)?(?!\w)")
_WORD = rf"[{UPPER}][{UPPER}{LOWER}’'.@‐–-]*[{UPPER}{LOWER}]"
_SMALL = r"(?:(?:van|von|de|der|den|del|la|di|da|dos|ter|ten)\s)*"
_NAME = rf"{_SMALL}{_WORD}(?:\s{_SMALL}{_WORD}){{0,3}}"
_BEFORE = re.compile(
    rf"(?P<first>{_NAME})"
    rf"(?P<more>(?:(?:,\s{_NAME})*,?\s(?:and|&)\s(?P<second>{_NAME})|,?\s+et\.?\s+al\b\.?|\s(?:and|&)\s(?:others"
    rf"|colleagues))?)"
    r"(?:[’']s?)?[\s,]*(?P<opened>[(\[]?)\s?$"
)
_SAME_NAMES = re.compile(r"\s?[,;]\s?(?:and\s)?$|\sand\s$")
_UNDATED = 0  # the year of what is cited with "n.d."
_WINDOW = 120  # characters before a year in which the names must stand
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "ter", "ten"}
)


@dataclass(frozen=True, slots=True)
class _Cited:
    """A reference as the text may cite it."""

    index: int
    suffix: str
    people: tuple[str, ...]  # folded family names
    has_others: bool


class AuthorYearIndex:
    """The references of one list by family name and year."""

    def __init__(self, references: Sequence[Fields]) -> None:
        self._by_key: dict[tuple[str, int], list[_Cited]] = {}
        for index, fields in enumerate(references):
            if not fields.authors:
                continue
            people = tuple(_family_key(author) for author in fields.authors)
            cited = _Cited(index, fields.suffix, people, fields.has_others)
            for name in {people[0], _whole_key(fields.authors[0])}:
                self._by_key.setdefault((name, fields.year or _UNDATED), []).append(cited)

    def citations(self, text: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Start, end and references of every place that names authors and a year of the list."""
        before: re.Match[str] | None = None
        start = end = 0
        found: list[int] = []
        for year in _YEAR.finditer(text):
            if before is not None and found and _SAME_NAMES.fullmatch(text, end, year.start()):
                found += self._resolved(before, year)
                end = year.end()
                continue
            if found:
                yield start, _closed(text, end, before), tuple(dict.fromkeys(found))
            window = max(0, year.start() - _WINDOW)
            before = _BEFORE.search(text, window, year.start())
            found = self._resolved(before, year) if before is not None else []
            start, end = before.start() if before is not None else 0, year.end()
        if found:
            yield start, _closed(text, end, before), tuple(dict.fromkeys(found))

    def _resolved(self, before: re.Match[str], year: re.Match[str]) -> list[int]:
        words = before["first"].split()
        number = int(year["year"]) if year["year"].isdigit() else _UNDATED
        for skipped in range(len(words)):  # "As Smith (2020)" is Smith's
            key = fold("".join(words[skipped:]).removesuffix("’s").removesuffix("'s"))
            if (candidates := self._by_key.get((key, number))) is not None:
                return [cited.index for cited in _narrowed(candidates, before, year["letters"] or "")]
        return []


def _narrowed(candidates: list[_Cited], before: re.Match[str], letters: str) -> list[_Cited]:
    """Of references with the same first author and year those that fit letter, second author and "et al."."""
    if letters:
        wanted = {letter for letter in letters if letter.isalpha()}
        candidates = [cited for cited in candidates if cited.suffix in wanted] or candidates
    if len(candidates) == 1:
        return candidates
    if before["second"]:
        second = fold(before["second"].split()[-1])
        fitting = [cited for cited in candidates if second in cited.people[1:]]
    elif before["more"]:
        fitting = [cited for cited in candidates if cited.has_others or len(cited.people) > 2]  # noqa: PLR2004 (et al.)
    else:
        fitting = [cited for cited in candidates if len(cited.people) == 1 and not cited.has_others]
    return fitting or candidates


def _closed(text: str, end: int, before: re.Match[str] | None) -> int:
    """The end with the bracket that opened just before the year."""
    is_opened = before is not None and before["opened"] != ""
    return end + 1 if is_opened and text[end : end + 1] in (")", "]") else end


def _whole_key(author: str) -> str:
    return fold(author.partition(",")[0])


def _family_key(author: str) -> str:
    """The family name's last part: citations leave "van der" out or write it in capitals."""
    words = [word for word in author.partition(",")[0].split() if word.lower() not in _PARTICLES | {"jr", "jr.", "sr."}]
    return fold(words[-1]) if words else _whole_key(author)
