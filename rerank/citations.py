"""What a day's papers cite of what a reader likes: the ties that words and vectors do not see.

    day = DayCitations([candidate.paper.id for candidate in candidates], archive)   # once a day
    ties = day.ties(request.profile.wanted_papers)                                 # once a reader
    ties.evidence, ties.words(place, titles)

Two papers are coupled by the works that both cite (Kessler, American Documentation 14, 1963), each weighed by its
rarity: what everybody cites ties nobody. Papers of the day itself are cited by hardly anyone yet, so co-citation tells
nothing of them; `pipeline.related` has it for papers of the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.citations import paper_key
from pipeline.kinship import TELLING, counted, rarity
from pipeline.ports import F32, I64, Archive
from rerank.reason import quote

# Log-odds of citing a liked paper that hardly anybody cites: if readers want one paper in a hundred, one in five of
# those that do so. From first principles: no reader whose choices are known comes with references.
CITES = 3.2
# What coupling is chance where the day tells nothing of it, as if so many candidates had it. Of 523 pairs of papers of
# different venues three share a work, of 171 of one conference 36: mostly a single one, at .02 to .08; two papers of
# one group on one subject come to .24.
_CHANCE = 0.005
_USUAL = 50
_BOTH = 0.5  # what the weaker kind of tie adds: who cites a paper often cites what it cites


@dataclass(frozen=True, slots=True)
class Ties:
    """One reader's view of a day: for each candidate, in the order given, what ties it to the liked papers.

    `coupling`, `cites` and `cited` are float32 in [0, 1]: by shared works, by citing liked papers, by being cited by
    them. A further like never lowers them, and many faint ties stay faint (the root of the sum of squares). `nearest`
    is the place in `liked` of the paper that it is tied to most, -1 where there is no tie.
    """

    liked: tuple[str, ...]
    coupling: F32
    cites: F32
    cited: F32
    nearest: I64
    _day: DayCitations

    @property
    def evidence(self) -> F32:
        """Log-odds for each candidate, 0 where nothing ties it: most good papers cite nothing that was liked.

        A coupling is worth how many times it is what a candidate of this day has by chance.
        """
        chance = (float(self.coupling.sum()) + _USUAL * _CHANCE) / (len(self.coupling) + _USUAL)
        coupled, direct = np.log1p(self.coupling / chance), CITES * np.maximum(self.cites, self.cited)
        told = np.maximum(coupled, direct) + _BOTH * np.minimum(coupled, direct)
        return np.asarray(told, np.float32)

    def words(self, place: int, titles: Mapping[str, str]) -> str:
        """The candidate's strongest tie for a sentence, such as `cites two papers you liked`; empty where it has none.

        `titles` are those of liked papers by id; one without is called a paper you liked.
        """
        if self.nearest[place] < 0:
            return ""
        nearest = self.liked[self.nearest[place]]
        name = f"{quote(titles[nearest])}, which you liked" if nearest in titles else "a paper you liked"
        return self._day.words(place, self.liked, nearest, name)


class DayCitations:
    """The works that a day's papers cite, to be compared with what any number of readers like.

    `archive` holds the references of the candidates and of the liked papers. What one reader likes leaves no trace in
    what another is told: works are weighed by how many papers of the archive cite them, whoever likes those.
    """

    def __init__(self, candidate_ids: Sequence[str], archive: Archive) -> None:
        self._ids = tuple(candidate_ids)
        self._archive = archive
        self._citing_places: dict[str, list[int]] = {}
        for place, paper_id in enumerate(self._ids):
            for key in archive.references.get(paper_id, ()):
                self._citing_places.setdefault(key, []).append(place)
        telling = sorted(key for key in self._citing_places if self._rarity(key) >= TELLING)
        self._columns = {key: column for column, key in enumerate(telling)}
        self._places = {paper_key(paper_id): place for place, paper_id in enumerate(self._ids)}
        self._rows: dict[str, tuple[I64, F32]] = {}

    def ties(self, liked_ids: Sequence[str]) -> Ties:
        """What ties the day to these papers; about a millisecond for 20 of them and 2,300 candidates."""
        liked = tuple(dict.fromkeys(liked_ids))
        coupling, cites, cited = self._couplings(liked), self._citing(liked), self._cited(liked)
        strength = coupling + CITES * (cites + cited)
        nearest = np.full(len(self._ids), -1, np.int64)
        tied = np.flatnonzero(strength.any(axis=0))
        if len(tied):
            nearest[tied] = strength[:, tied].argmax(axis=0)
        return Ties(liked, _together(coupling), _together(cites), _together(cited), nearest, self)

    def words(self, place: int, liked: Sequence[str], nearest: str, name: str) -> str:
        """What ties a candidate to the liked papers, of which `nearest` goes by `name`."""
        cited = self._archive.references.get(self._ids[place], frozenset())
        citing = [paper_id for paper_id in liked if paper_key(paper_id) in cited]
        theirs = self._archive.references.get(nearest, frozenset())
        if len(citing) > 1:
            return f"cites {counted(len(citing), 'paper')} you liked"
        if nearest in citing:
            return f"cites {name}"
        if paper_key(self._ids[place]) in theirs:
            return f"is cited by {name}"
        return f"shares {counted(len(cited & theirs), 'reference')} with {name}"

    def _couplings(self, liked: Sequence[str]) -> F32:
        """Cosines of what liked papers (rows) and candidates (columns) cite."""
        if not liked or not self._columns:
            return np.zeros((len(liked), len(self._ids)), np.float32)
        product = _sparse([self._row(paper_id) for paper_id in liked], len(self._columns)) @ self._candidates
        found = np.asarray(product.toarray(), np.float32)
        for row, key in enumerate(map(paper_key, liked)):
            if key in self._places:
                found[row, self._places[key]] = 0  # a paper is not tied to itself
        return found

    def _citing(self, liked: Sequence[str]) -> F32:
        """How much it tells that a candidate (columns) cites a liked paper (rows)."""
        found = np.zeros((len(liked), len(self._ids)), np.float32)
        for row, key in enumerate(map(paper_key, liked)):
            if places := self._citing_places.get(key):
                found[row, places] = self._rarity(key)
        return found

    def _cited(self, liked: Sequence[str]) -> F32:
        """How much it tells that a liked paper (rows) cites a candidate (columns)."""
        found = np.zeros((len(liked), len(self._ids)), np.float32)
        for row, paper_id in enumerate(liked):
            for key in self._archive.references.get(paper_id, frozenset()) & self._places.keys():
                found[row, self._places[key]] = self._rarity(key)
        return found

    @cached_property
    def _candidates(self) -> Any:  # Any: scipy ships no types
        """What the candidates cite: works by papers, each paper of unit length."""
        return _sparse([self._row(paper_id) for paper_id in self._ids], len(self._columns)).T.tocsr()

    def _row(self, paper_id: str) -> tuple[I64, F32]:
        """The columns of what a paper cites and their weights; what no candidate cites only lengthens it."""
        if paper_id not in self._rows:
            works = sorted(self._archive.references.get(paper_id, ()))
            weights = {key: self._rarity(key) for key in works}
            length = float(np.sqrt(sum(weight**2 for weight in weights.values()))) or 1.0
            known = [key for key in works if key in self._columns]
            columns = np.array([self._columns[key] for key in known], np.int64)
            self._rows[paper_id] = (columns, np.array([weights[key] / length for key in known], np.float32))
        return self._rows[paper_id]

    def _rarity(self, key: str) -> float:
        return rarity(self._archive.citations.get(key, 1), self._archive.papers)


def _sparse(rows: Sequence[tuple[I64, F32]], width: int) -> Any:  # Any: scipy ships no types
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.empty(0, np.int64)
    values = np.concatenate([weights for _, weights in rows]) if rows else np.empty(0, np.float32)
    return csr_matrix((values, columns, ends), shape=(len(rows), width))


def _together(ties: F32) -> F32:
    """One value a column of ties to several papers (rows)."""
    return np.asarray(np.minimum(np.sqrt((ties**2).sum(axis=0)), 1), np.float32)
