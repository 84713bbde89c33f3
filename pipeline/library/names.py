"""Surnames, as far as they tell papers of the same title apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rapidfuzz import fuzz

from pipeline.library.words import words_of

Surname = tuple[str, ...]

_ALIKE = 80.0  # Mueller and Müller, Tschebyscheff and Chebyshev less so; Wang and Wong are 75
_ENOUGH = 0.5  # of an entry's names must stand among a paper's
_SEVERAL = 2
_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Authorship(StrEnum):
    """What the authors say about two papers being one."""

    SAME = "same"  # all of several names stand there
    AGREE = "agree"
    UNKNOWN = "unknown"
    DIFFER = "differ"


def surname_of(name: str) -> Surname:
    """The folded words of a surname, out of `Last, First`, `Last, Jr., First` or `First Last`; empty for "others"."""
    if name.strip().lower() in _OTHERS:
        return ()
    last, comma, _ = name.partition(",")
    words = [word for word in words_of(last) if word not in _SUFFIXES]
    return tuple(words if comma else words[-1:])


def surnames_of(names: Iterable[str]) -> tuple[Surname, ...]:
    """One surname a name, in order."""
    return tuple(surname for surname in map(surname_of, names) if surname)


def compare_authors(wanted: Sequence[Surname], stored: Iterable[str]) -> Authorship:
    """Whether an entry's surnames, or at least half of them, stand in a paper's names; given names do not count.

    Names of papers are whole (`Ada Byron`, `Byron Ada`): a surname is found when its last word is among their words.
    """
    words = {word for name in stored for word in words_of(name)}
    if not wanted or not words:
        return Authorship.UNKNOWN
    found = sum(1 for surname in wanted if _stands_in(surname[-1], words))
    if found == len(wanted) and found >= _SEVERAL:
        return Authorship.SAME
    return Authorship.AGREE if found >= _ENOUGH * len(wanted) else Authorship.DIFFER


def _stands_in(word: str, words: set[str]) -> bool:
    return word in words or any(fuzz.ratio(word, other, score_cutoff=_ALIKE) for other in words)
