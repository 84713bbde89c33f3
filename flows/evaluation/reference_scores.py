"""Compares the fields of references with the truth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flows.evaluation.reference_truth import FIELDS, KnownReference

Found = Mapping[str, str]  # a field's name and what a method says it is

_WORD = re.compile(r"[^\W\d_]+")
_NOT_NAMES = frozenset({"et", "al", "and", "jr", "others", "eds", "ed", "editors"})
_LINKS = frozenset({"of", "the", "and", "in", "on", "for", "a", "an", "de", "der", "fur", "et"})


@dataclass(slots=True)
class Tally:
    """How often a field was right, found and there at all."""

    right: int = 0
    found: int = 0
    known: int = 0

    @property
    def f1(self) -> float:
        """2 right / (found + known); 0 where neither was."""
        return 2 * self.right / max(1, self.found + self.known)


@dataclass(slots=True)
class FieldTallies:
    """The tallies of all fields over some references."""

    by_field: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})

    def count(self, known: KnownReference, found: Found) -> None:
        """Adds one reference."""
        for name, tally in self.by_field.items():
            expected, got = getattr(known, name), found.get(name, "")
            tally.known += bool(expected)
            tally.found += bool(got)
            tally.right += bool(expected) and is_same(name, expected, got)

    @property
    def micro(self) -> Tally:
        """All fields together."""
        tallies = self.by_field.values()
        return Tally(
            sum(tally.right for tally in tallies),
            sum(tally.found for tally in tallies),
            sum(tally.known for tally in tallies),
        )


def is_same(name: str, expected: str, got: str) -> bool:
    """Whether two values of a field are the same.

    Letters and digits decide, without case, accents, spaces and marks. Authors: the words of two letters or more,
    which are the family names and what is written out of given names. Venues: also where one abbreviates the other
    word by word, since some methods print "Phys. Rev. D" for "Physical Review D".
    """
    if name == "authors":
        return name_words(expected) == name_words(got)
    if letters(expected) == letters(got):
        return True
    return name == "venue" and _is_abbreviation(expected, got)


def letters(text: str) -> str:
    """Letters and digits alone, in lower case and without accents."""
    return "".join(character for character in unicodedata.normalize("NFKD", text).lower() if character.isalnum())


def name_words(authors: str) -> frozenset[str]:
    """The words of two letters or more in a list of names."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", authors).lower() if not unicodedata.combining(one))
    return frozenset(word for word in _WORD.findall(bare) if len(word) > 1) - _NOT_NAMES


def recall(expected: Iterable[str], found: Iterable[str]) -> tuple[int, int]:
    """How many of the expected were found, each counted as often as it is expected, and how many there are."""
    got = set(found)
    wanted = list(expected)
    return sum(one in got for one in wanted), len(wanted)


def _is_abbreviation(expected: str, got: str) -> bool:
    long, short = _words(expected), _words(got)
    return 0 < len(long) == len(short) and all(
        one.startswith(other) or other.startswith(one) for one, other in zip(long, short, strict=True)
    )


def _words(venue: str) -> Sequence[str]:
    return [word for word in _WORD.findall(unicodedata.normalize("NFKC", venue).lower()) if word not in _LINKS]
