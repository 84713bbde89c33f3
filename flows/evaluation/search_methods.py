"""Ways to rank papers for a query: the two halves of a search, two plain ways to join them, and the search itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from flows.evaluation.search_home import OpenedIndex
from index import open_search
from index.conditions import Selection
from index.fusion import SHIPPED, Blend, min_max
from index.generation import Generation
from index.lexical import Among
from index.look import Look
from index.query import SearchQuery
from index.terms import query_words
from pipeline.ports import F32, I64, Encoder

_CANDIDATES = 200  # chunks of each list that the plain ways join
_RRF = 60  # Cormack, Clarke and Buettcher 2009

SHIPPED_METHOD = "autoreader"
_STEPS = {  # the search without one of its steps; without the first, scaling by extremes, it is "min-max"
    "no feedback": replace(SHIPPED, feedback=0.0),
    "no rewording": replace(SHIPPED, rewords=False),
    "no all-words": replace(SHIPPED, all_words=0.0),
}

Method = Callable[[str, int], list[str]]  # a query, and how many papers at most: their ids, best first


def methods(opened: OpenedIndex, encoder: Encoder) -> dict[str, Method]:
    """Each by its name."""
    lists = _Lists(opened.generation, encoder)
    search = open_search(opened.folder, encoder)
    return {
        "BM25": lists.by_words,
        "dense": lists.by_meaning,
        "RRF": lists.by_rank,
        "min-max": lists.by_score,
        SHIPPED_METHOD: lambda query, limit: [hit.paper_id for hit in search.search(query, limit).hits],
        **{name: _ranked(opened.generation, encoder, blend) for name, blend in _STEPS.items()},
    }


def _ranked(generation: Generation, encoder: Encoder, blend: Blend) -> Method:
    """The search's ranking alone, with another blend."""
    selection = Selection.of(generation.columns, generation.lexical, SearchQuery())

    def rank(query: str, limit: int) -> list[str]:
        matches = Look(generation, selection, blend).rank(query, encoder.encode_queries([query])[0], limit)
        return [str(generation.columns.paper_ids[match.paper]) for match in matches]

    return rank


class _Lists:
    """The two halves of a search, and the two plain ways to join their lists."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self._generation = generation
        self._encoder = encoder

    def by_words(self, query: str, limit: int) -> list[str]:
        """BM25 over title and text."""
        return self._papers(self._words(query)[0], limit)

    def by_meaning(self, query: str, limit: int) -> list[str]:
        """Inner products of the vectors."""
        return self._papers(self._meaning(query)[0], limit)

    def by_rank(self, query: str, limit: int) -> list[str]:
        """Reciprocal rank fusion."""
        scores: dict[int, float] = {}
        for rows in (self._words(query)[0], self._meaning(query)[0]):
            for place, row in enumerate(rows.tolist(), start=1):
                scores[row] = scores.get(row, 0.0) + 1 / (_RRF + place)
        return self._papers(_best_first(scores), limit)

    def by_score(self, query: str, limit: int) -> list[str]:
        """Each list's scores scaled to 0...1, then half and half; a chunk outside a list has 0 of it."""
        scores: dict[int, float] = {}
        for rows, found in (self._words(query), self._meaning(query)):
            for row, score in zip(rows.tolist(), min_max(found).tolist(), strict=True):
                scores[row] = scores.get(row, 0.0) + score / 2
        return self._papers(_best_first(scores), limit)

    def _words(self, query: str) -> tuple[I64, F32]:
        ids, scores = self._generation.lexical.search(list(query_words(query)), _CANDIDATES, Among())
        return self._generation.columns.rows_of(ids), scores

    def _meaning(self, query: str) -> tuple[I64, F32]:
        return self._generation.dense.search(self._encoder.encode_queries([query])[0], _CANDIDATES)

    def _papers(self, rows: I64, limit: int) -> list[str]:
        columns = self._generation.columns
        return [str(columns.paper_ids[paper]) for paper in _each_once(columns.papers[rows].tolist())][:limit]


def _each_once(papers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(papers))


def _best_first(scores: dict[int, float]) -> I64:
    return np.array(sorted(scores, key=lambda row: -scores[row]), np.int64)
