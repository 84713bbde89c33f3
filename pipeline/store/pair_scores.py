"""What rerankers made of (query, paper); a query is stored as a hash, never as the words of a reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import Connection, delete, select

from pipeline.batches import batched
from pipeline.ports import Clock, Pair
from pipeline.store.engine import upsert
from pipeline.tables import pair_scores

KEPT = timedelta(days=60)  # a paper that came late is offered for 30 days; twice that, and nobody asks again
_BATCH = 500


class PairScoreRows:
    """Reads and writes the scores of pairs on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, scorer_key: str, pairs: Collection[Pair]) -> dict[Pair, float]:
        """The scores of those that this scorer was asked about."""
        papers_of: dict[str, set[str]] = {}
        for pair in pairs:
            papers_of.setdefault(pair.query_sha256, set()).add(pair.paper_id)
        found: dict[Pair, float] = {}
        for query, papers in sorted(papers_of.items()):
            for some in batched(sorted(papers), _BATCH):
                found.update(self._scores(scorer_key, query, some))
        return {pair: found[pair] for pair in pairs if pair in found}

    def _scores(self, scorer_key: str, query_sha256: str, papers: Collection[str]) -> dict[Pair, float]:
        query = select(pair_scores).where(
            pair_scores.c.scorer_key == scorer_key,
            pair_scores.c.query_sha256 == query_sha256,
            pair_scores.c.paper_id.in_(papers),
        )
        rows = self._connection.execute(query)
        return {Pair(row.query_sha256, row.paper_id, row.version): row.score for row in rows}

    def save(self, scorer_key: str, scores: Mapping[Pair, float], asked_on: date) -> None:
        """Stores scores; a pair that was asked about again has its newest."""
        rows = [
            {
                "scorer_key": scorer_key,
                "query_sha256": pair.query_sha256,
                "paper_id": pair.paper_id,
                "version": pair.version,
                "score": score,
                "asked_on": asked_on,
            }
            for pair, score in scores.items()
        ]
        upsert(self._connection, pair_scores, rows, update=("score", "asked_on"))

    def sweep(self, before: date) -> int:
        """Forgets what was asked before a day; returns how many."""
        return self._connection.execute(delete(pair_scores).where(pair_scores.c.asked_on < before)).rowcount


class _Work(Protocol):
    @property
    def pair_scores(self) -> PairScoreRows: ...


class _Store(Protocol):
    """What of the store is used; the store itself lies above this module."""

    def begin(self) -> AbstractContextManager[_Work]: ...
    def read(self) -> AbstractContextManager[_Work]: ...


class StoredPairScores:
    """Implements `pipeline.ports.PairMemory` for one scorer, each call a short transaction of its own."""

    def __init__(self, store: _Store, scorer_key: str, clock: Clock) -> None:
        self._store = store
        self._scorer_key = scorer_key
        self._clock = clock

    def recall(self, pairs: Collection[Pair]) -> dict[Pair, float]:
        """The scores of those that are known."""
        with self._store.read() as work:
            return work.pair_scores.of(self._scorer_key, pairs)

    def keep(self, scores: Mapping[Pair, float]) -> None:
        """Remembers these, and forgets what nobody asked about for 60 days."""
        today = self._clock.now().date()
        with self._store.begin() as work:
            work.pair_scores.save(self._scorer_key, scores, today)
            work.pair_scores.sweep(today - KEPT)
