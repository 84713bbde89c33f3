"""The same work under two arXiv ids: resubmitted, retitled, or as a short and a long paper.

Measured on the stream (105,668 papers, of which 2,303 pairs share half of the authors and a third of the title): all
12 pairs with the same title and half of the authors are one work, at cosines of .80 to 1. With like titles a cosine of
.95 or more means one work in 10 of 11 pairs (of 400 sampled), and the eleventh, the proceedings of a 1st and of a 2nd
workshop, differs in its numbers; from .90 to .95 most pairs are a group's next paper. Without a like title even the
same abstract proves nothing: of 30 pairs with one abstract and two titles at least 5 are two papers, one of them listed
with the other's abstract.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.generation import Generation
from index.hits import Hit
from pipeline.ports import F32

_SHARED_AUTHORS = 0.5  # of the shorter list
_LIKE_TITLES = 0.3  # of the words of both
_SAME_MEANING = 0.95  # cosine of the abstracts
_WORD = re.compile(r"[^\W_]+")
_NUMERAL = re.compile(r"\w*\d\w*|[ivx]+|first|second|third")
_SMALL = frozenset(
    ("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "towards", "using", "via", "with")
)

Nearness = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Work:
    """What tells a paper from another: its id, and of title and authors what spelling does not change."""

    paper_id: str
    title: tuple[str, ...]
    authors: frozenset[str]

    @classmethod
    def of(cls, paper_id: str, title: str, authors: Sequence[str]) -> Work:
        """Reads title and authors."""
        return cls(paper_id, tuple(_words(title)), frozenset(filter(None, map(_initial_and_family, authors))))

    def is_like(self, other: Work) -> bool:
        """Whether authors and titles agree so far that the abstracts decide; series are told apart by their numbers."""
        shared = len(self.authors & other.authors)
        if not shared or shared < _SHARED_AUTHORS * min(len(self.authors), len(other.authors)):
            return False
        one, two = set(self.title) - _SMALL, set(other.title) - _SMALL
        if {word for word in one ^ two if _NUMERAL.fullmatch(word)}:
            return False
        return len(one & two) >= _LIKE_TITLES * len(one | two)


def fold(hits: Sequence[Hit], nearness: Nearness, pinned: Collection[str] = ()) -> list[Hit]:
    """The hits without those that are the same work as one before them, which names them in `also`.

    Papers that were asked for by id or title (`pinned`) stay, whatever else they are, and so does what stands where
    the one before it was withdrawn.
    """
    first = leaders([Work.of(hit.paper_id, hit.title, hit.authors) for hit in hits], nearness)
    kept = [
        at == place or hit.paper_id in pinned or (hits[at].is_withdrawn and not hit.is_withdrawn)
        for place, (at, hit) in enumerate(zip(first, hits, strict=True))
    ]
    also: dict[int, list[str]] = {}
    for place, at in enumerate(first):
        if not kept[place]:
            also.setdefault(at, []).append(hits[place].paper_id)
    return [replace(hit, also=tuple(also.get(place, ()))) for place, hit in enumerate(hits) if kept[place]]


def leaders(works: Sequence[Work], nearness: Nearness) -> list[int]:
    """For each work the place of the first one that it is the same as, mostly its own.

    `nearness` tells the cosine of two papers' abstracts; it is asked only of papers that may well be the same.
    """
    found: list[int] = []
    first_by_author: dict[str, list[int]] = {}
    for place, work in enumerate(works):
        known = sorted({at for author in work.authors for at in first_by_author.get(author, ())})
        leader = next((at for at in known if _is_same(works[at], work, nearness)), place)
        found.append(leader)
        if leader == place:
            for author in work.authors:
                first_by_author.setdefault(author, []).append(place)
    return found


def _is_same(one: Work, other: Work, nearness: Nearness) -> bool:
    if not one.is_like(other):
        return False
    return one.title == other.title or nearness(one.paper_id, other.paper_id) >= _SAME_MEANING


def abstract_nearness(generation: Generation) -> Nearness:
    """The cosine of two papers' abstracts; 0 where one has none in this generation."""

    def vector(paper_id: str) -> F32:
        rows = generation.columns.rows_of(np.sort(generation.lexical.ids_of_paper(paper_id)))
        return generation.dense.vectors(rows[rows >= 0][:1])  # a paper's first chunk is its abstract

    def nearness(one: str, other: str) -> float:
        return float(np.sum(vector(one) @ vector(other).T))

    return nearness


def _words(title: str) -> list[str]:
    return _WORD.findall(_folded(title))


def _initial_and_family(name: str) -> str:
    """`j gauss` of "Johann Carl Friedrich Gauß" or "Gauss, Johann"; empty where there are no letters."""
    family, comma, given = _folded(name).partition(",")
    words = _WORD.findall(f"{given} {family}" if comma else family)
    return f"{words[0][0]} {words[-1]}" if words else ""


def _folded(text: str) -> str:
    """In lower case and without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
