"""Other ways to write what a query asks for: whole or in parts, short or spelled out.

GPT-4o is also written GPT4o, k-NN kNN, and ResNet50 ResNet-50; who asks for RAG wants what is about retrieval-augmented
generation, and the reverse. What an abbreviation stands for is what the archive itself says, in the usual form of a
definition: "retrieval-augmented generation (RAG)". Nothing is stored for it: passages with the abbreviation are looked
at when somebody asks, so a definition counts from the day it is indexed.

A passage that has both ways counts the better of the two, which leaves nDCG@10 on SciFact as it is (.7437 with them,
.7436 without) and on 85 reading lists within a standard error (.493, .498): it is for finding what has none of the
query's own words. Adding both up cost .007 and .03 there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.terms import STOP_WORDS, analyzer

_MOST = 6  # ways of one query
_LONGEST_TYPED = 40  # characters; what is longer is no name
_COMPOUND = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+)+(?![\w-])")
_WORD = re.compile(r"[^\W_]+")
# Between a small letter and a capital, in a run of capitals before its last (GPTNeo: GPT Neo), before a digit.
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Za-z])(?=\d)")
_SHORT = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9-]{1,9}(?![\w-])")
_DEFINED = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_CAPITALS = 2  # of an abbreviation, at least
_FEWEST, _MOST_SPELLED = 3, 6  # letters, and words: two letters stand for too much


@dataclass(frozen=True, slots=True)
class Rewording:
    """Terms of a query, and the term or the terms in a row that say the same."""

    instead_of: frozenset[str]
    phrase: tuple[str, ...]


def spellings(query: str) -> list[Rewording]:
    """Compounds as one word, and names of several parts as these, in the order of the query."""
    found = [*_joined(query), *_parted(query)]
    return list(dict.fromkeys(found))[:_MOST]


def abbreviations(query: str) -> list[str]:
    """The words of a query that look like abbreviations, as they are typed."""
    typed = (match[0] for match in _SHORT.finditer(query))
    return list(dict.fromkeys(word for word in typed if _is_short_form(word)))[:_MOST]


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Each abbreviation that a text defines, with what it stands for (Schwartz and Hearst, PSB 2003)."""
    for match in _DEFINED.finditer(text):
        short = match[1]
        if not _is_short_form(short):
            continue
        before = text[: match.start()].split()[-min(len(short) + 5, 2 * len(short)) :]
        long = _long_form(short.removesuffix("s") if short[:-1].isupper() else short, " ".join(before))
        if len(long.split()) > 1 or "-" in long:
            yield short, long


def spelled_out(short: str, texts: Iterable[str]) -> Rewording | None:
    """What an abbreviation stands for in most of the texts that define it; None where none does."""
    wanted = _singular(short)
    defined = (pair for text in texts for pair in definitions(text))
    counted = Counter(tuple(analyzer().analyze(long)) for other, long in defined if _singular(other) == wanted)
    if not counted:
        return None
    return Rewording(frozenset(analyzer().analyze(short)), counted.most_common(1)[0][0])


def initials(query: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every run of words of a query that an abbreviation may stand for: its initials, and its terms.

    Words in between like "of" may be without a letter.
    """
    words = [(word.lower(), term) for word in _WORD.findall(query) for term in analyzer().analyze(word)[:1]]
    for first in range(len(words)):
        for last in range(first + _FEWEST, min(first + _MOST_SPELLED, len(words)) + 1):
            run = words[first:last]
            if run[0][0] in STOP_WORDS or run[-1][0] in STOP_WORDS:
                continue
            all_letters = "".join(word[0] for word, _ in run)
            few_letters = "".join(word[0] for word, _ in run if word not in STOP_WORDS)
            for letters in dict.fromkeys((all_letters, few_letters)):
                if len(letters) >= _FEWEST:
                    yield letters, tuple(term for _, term in run)


def _joined(query: str) -> Iterator[Rewording]:
    for match in _COMPOUND.finditer(query):
        parts, whole = analyzer().analyze(match[0]), analyzer().analyze(match[0].replace("-", ""))
        if len(match[0]) <= _LONGEST_TYPED and len(whole) == 1:
            yield Rewording(frozenset(parts), tuple(whole))


def _parted(query: str) -> Iterator[Rewording]:
    for word in _WORD.findall(query):
        parts = analyzer().analyze(_SEAM.sub(" ", word))
        if len(word) <= _LONGEST_TYPED and len(parts) > 1:
            yield Rewording(frozenset(analyzer().analyze(word)), tuple(parts))


def _is_short_form(word: str) -> bool:
    return sum(letter.isupper() for letter in word) >= _CAPITALS


def _singular(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _long_form(short: str, before: str) -> str:
    """The end of a text whose letters are the abbreviation's, in their order, the first of them at a word's beginning.

    Empty where there is none.
    """
    at = len(before)
    for place, letter in reversed(list(enumerate(short.lower()))):
        if not letter.isalnum():
            continue
        at = _last_place(before.lower(), letter, at, is_first=place == 0)
        if at < 0:
            return ""
    return before[at:]


def _last_place(text: str, letter: str, end: int, *, is_first: bool) -> int:
    at = text.rfind(letter, 0, end)
    while is_first and at > 0 and text[at - 1].isalnum():
        at = text.rfind(letter, 0, at)
    return at
