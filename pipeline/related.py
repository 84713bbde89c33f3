"""Which papers of the archive are tied to one by citations: what they cite, who cites them, whom they cite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.citations import paper_key, paper_of
from pipeline.kinship import TELLING, Kin, KinOf, Tie, cosine, length, rarity
from pipeline.store import Store
from pipeline.store.citations import CitationRows, Literature

# A work that a thousand papers cite costs a thousand rows and tells little: the rarest are looked up first.
_MOST_ROWS = 2000
_MOST_COUPLED = 100  # papers, by shared works, whose whole bibliographies are measured
_MOST_CITING = 100  # papers, the newest, whose other references are looked at
_MOST_ASKED = 5  # papers in one question: each costs the same again


def kin_in(store: Store) -> KinOf:
    """Looks up the kin of papers in a store."""

    def kin_of(paper_ids: Sequence[str]) -> dict[str, Kin]:
        with store.read() as work:
            return find_kin(work.citations, paper_ids)

    return kin_of


def find_kin(citations: CitationRows, paper_ids: Sequence[str]) -> dict[str, Kin]:
    """The papers that citations tie to these, by id; some may not be stored. None of them is its own kin.

    What costs most is bounded, so it takes some ten milliseconds whatever the archive's size.
    """
    found: dict[str, list[Tie]] = {}
    for paper_id in paper_ids[:_MOST_ASKED]:
        for other, tie in _Relations.of(citations, paper_id).ties().items():
            found.setdefault(other, []).append(tie)
    return {other: Kin(tuple(ties)) for other, ties in found.items() if other not in paper_ids}


@dataclass(frozen=True, slots=True)
class _Relations:
    """One paper's place among the others: what it cites, by key, and how much each of these works tells."""

    citations: CitationRows
    paper_id: str
    literature: Literature
    weights: Mapping[str, float]

    @classmethod
    def of(cls, citations: CitationRows, paper_id: str) -> _Relations:
        known = citations.around([paper_id])
        works = known.references.get(paper_id, frozenset())
        weights = {key: rarity(known.citations.get(key, 1), known.papers) for key in works}
        return cls(citations, paper_id, known, weights)

    def ties(self) -> dict[str, Tie]:
        """What ties each paper to this one."""
        key = paper_key(self.paper_id)
        citing = self.citations.cited_by([key]).get(key, frozenset())
        told = rarity(len(citing), self.literature.papers)
        cited = {paper_of(work): weight for work, weight in self.weights.items() if paper_of(work)}
        coupled = self._coupled()
        beside = self._cited_beside(sorted(citing)[-_MOST_CITING:], len(citing))
        return {
            other: Tie(
                self.paper_id,
                *coupled.get(other, (0.0, 0)),
                max(told if other in citing else 0.0, cited.get(other, 0.0)),
                other in citing,
                other in cited,
                *beside.get(other, (0.0, 0)),
            )
            for other in {*coupled, *citing, *cited, *beside} - {self.paper_id}
        }

    def _coupled(self) -> dict[str, tuple[float, int]]:
        """The papers that cite the same works: how much and how many of them."""
        citing = self.citations.cited_by(self._worth_asking())
        shared = Counter(paper_id for papers in citing.values() for paper_id in papers)
        weighed = dict.fromkeys(shared, 0.0)
        for key, papers in citing.items():
            for paper_id in papers:
                weighed[paper_id] += self.weights[key] ** 2
        first = sorted(shared, key=lambda paper_id: (-weighed[paper_id], paper_id))[:_MOST_COUPLED]
        own = length(self.weights.values())
        # The others' works are taken to be as rare as this one's: to look up how rare they are would take longer than
        # all the rest.
        usual = own / max(len(self.weights), 1)
        sizes = self.citations.sizes(first)
        return {one: (cosine(weighed[one], own, usual * sizes[one]), shared[one]) for one in first}

    def _worth_asking(self) -> list[str]:
        """The rarest works, as many as may be asked for."""
        asked: list[str] = []
        rows = 0
        for key in sorted(self.weights, key=lambda key: (-self.weights[key], key)):
            rows += self.literature.citations.get(key, 1)
            if self.weights[key] < TELLING or rows > _MOST_ROWS:
                break
            asked.append(key)
        return asked

    def _cited_beside(self, citing: Collection[str], total: int) -> dict[str, tuple[float, int]]:
        """The papers that those which cite this one cite as well: how regularly, and how many do."""
        references = self.citations.references_of(citing)
        beside = Counter(key for keys in references.values() for key in keys if paper_of(key))
        counts = self.citations.citation_counts(beside)
        return {
            paper_of(key): (cosine(together, total, counts.get(key, together)), together)
            for key, together in beside.items()
        }
