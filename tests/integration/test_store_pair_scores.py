"""What rerankers made of pairs, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.clocks import FixedClock
from pipeline.ports import Pair
from pipeline.store import Store, open_store
from pipeline.store.pair_scores import StoredPairScores
from tests.fakes.stored import announce

ONE, OTHER = Pair("a" * 64, "2611.00001", 1), Pair("b" * 64, "2611.00001", 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    announce(opened)
    yield opened
    opened.close()


def _memory(store: Store, day: date = date(2026, 11, 17), scorer: str = "tiny") -> StoredPairScores:
    return StoredPairScores(store, scorer, FixedClock(datetime(day.year, day.month, day.day, tzinfo=UTC)))


def test_scores_come_back_for_the_pairs_that_were_asked(store: Store) -> None:
    _memory(store).keep({ONE: 0.5, OTHER: -3.25})

    assert _memory(store).recall([ONE]) == {ONE: 0.5}
    assert _memory(store).recall([ONE, OTHER]) == {ONE: 0.5, OTHER: -3.25}


def test_another_version_or_another_scorer_was_not_asked(store: Store) -> None:
    _memory(store).keep({ONE: 0.5})

    assert _memory(store).recall([Pair("a" * 64, "2611.00001", 2)]) == {}
    assert _memory(store, scorer="larger").recall([ONE]) == {}


def test_the_newest_score_of_a_pair_counts(store: Store) -> None:
    _memory(store).keep({ONE: 0.5})
    _memory(store).keep({ONE: 0.75})

    assert _memory(store).recall([ONE]) == {ONE: 0.75}


def test_scores_are_forgotten_after_sixty_days(store: Store) -> None:
    _memory(store, date(2026, 9, 17)).keep({ONE: 0.5})
    _memory(store, date(2026, 9, 18)).keep({OTHER: 0.25})

    _memory(store, date(2026, 11, 17)).keep({})

    assert _memory(store).recall([ONE, OTHER]) == {OTHER: 0.25}
