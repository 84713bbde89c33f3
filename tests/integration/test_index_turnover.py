"""Another embedding model: the old one serves until the new one has caught up, and new papers are found meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from flows.checks import CheckState, _turnover
from flows.loading import store_papers
from flows.steps import index_chunks, ingest, run_plainly
from flows.turnover import view_turnover
from flows.wiring import Parts
from index import live_contract
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.paper import EventKind, Paper, PaperEvent
from pipeline.ports import Encoder
from pipeline.stages import Coverage, contract_to_serve, coverage_of, embed_chunks
from tests.fakes.encoder import HashedEncoder
from tests.fakes.parts import make_settings, open_test_parts

DAY = date(2026, 11, 17)
OLD, NEW = HashedEncoder(model="fake/old"), HashedEncoder(128, model="fake/new")


class KnownEncoders:
    """Stands for `index.EncoderSource`: opens what it was given."""

    def __init__(self, *known: Encoder) -> None:
        self._known = {encoder.contract.key: encoder for encoder in known}

    def for_contract(self, contract: EmbeddingContract) -> Encoder:
        if contract.key not in self._known:
            raise IndexStateError(f"{contract.model} is not on this machine any more")
        return self._known[contract.key]


@contextmanager
def parts_with(home: Path, encoder: Encoder, *known: Encoder) -> Iterator[Parts]:
    with open_test_parts(make_settings(home, "http://127.0.0.1:1")) as parts:
        parts.__dict__["encoder"] = encoder
        parts.__dict__["encoders"] = KnownEncoders(encoder, *known)
        yield parts


def store(parts: Parts, *numbers: int) -> None:
    papers = (
        Paper(f"2611.{n:05d}", f"Study {n}", ("Ada Lovelace",), f"We look at the matter of {n}.", ("cs.IR",))
        for n in numbers
    )
    store_papers(parts, ((paper, DAY) for paper in papers))


def announce(parts: Parts, number: int) -> None:
    store(parts, number)
    event = PaperEvent(f"2611.{number:05d}", 1, EventKind.META, DAY, parts.clock.now())  # of META nothing is fetched
    with parts.store.begin() as work:
        work.papers.add_events([event])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Holds three papers, indexed with the old model."""
    with parts_with(tmp_path, OLD) as parts:
        store(parts, 1, 2, 3)
        index_chunks(parts)
    return tmp_path


def serving(parts: Parts) -> str:
    contract = live_contract(parts.home.index)
    assert contract is not None
    return contract.model


def test_the_old_model_serves_until_the_new_one_covers_as_much(home: Path) -> None:
    with parts_with(home, NEW, OLD) as parts:
        ingest(parts, DAY, run_plainly)

        assert serving(parts) == "fake/old"
        assert str(view_turnover(parts)) == (
            "fake/old serves until fake/new covers as much: 0 of 3 passages are embedded with it"
        )

        index_chunks(parts)

        assert serving(parts) == "fake/new"
        assert view_turnover(parts) is None


def test_searches_are_answered_with_the_old_model_meanwhile(home: Path) -> None:
    with parts_with(home, NEW, OLD) as parts:
        asked, kept = len(OLD.encoded), len(NEW.encoded)

        assert len(parts.search.search("study of a matter").hits) == 3

        assert len(OLD.encoded) > asked
        assert len(NEW.encoded) == kept


def test_the_doctor_tells_how_far_a_change_has_come(home: Path) -> None:
    with parts_with(home, OLD) as parts:
        assert (_turnover(parts).state, _turnover(parts).detail) == (CheckState.OK, "none under way")
    with parts_with(home, NEW) as parts:
        assert _turnover(parts).state is CheckState.ADVICE
        assert _turnover(parts).detail.endswith("0 of 3 passages are embedded with it")


def test_a_paper_that_is_announced_meanwhile_is_embedded_with_both_models(home: Path) -> None:
    with parts_with(home, NEW, OLD) as parts:
        announce(parts, 4)
        ingest(parts, DAY, run_plainly)

        assert serving(parts) == "fake/old"
        assert coverage_of(parts.context, OLD.contract.key) == Coverage(4, 4)
        assert coverage_of(parts.context, NEW.contract.key) == Coverage(1, 4)


def test_a_new_model_takes_over_without_the_old_one_being_there(home: Path) -> None:
    with parts_with(home, NEW) as parts:
        announce(parts, 4)
        ingest(parts, DAY, run_plainly)
        index_chunks(parts)

        assert serving(parts) == "fake/new"
        assert len(parts.search.search("study of a matter").hits) == 4


def test_embedding_stops_where_it_is_told_to_and_goes_on_later(home: Path) -> None:
    with parts_with(home, NEW, OLD) as parts:
        assert embed_chunks(parts.context, NEW, parts.shards, goes_on=lambda: False) == 0
        assert coverage_of(parts.context, NEW.contract.key) == Coverage(0, 3)

        assert embed_chunks(parts.context, NEW, parts.shards) == 3
        assert coverage_of(parts.context, NEW.contract.key) == Coverage(3, 3)


@pytest.mark.parametrize(
    "wanted, live, serves",
    [(0, 3, "fake/old"), (2, 3, "fake/old"), (3, 3, "fake/new"), (4, 3, "fake/new"), (0, 0, "fake/new")],
)
def test_as_many_passages_decide_who_serves(wanted: int, live: int, serves: str) -> None:
    covered = {NEW.contract.key: Coverage(wanted, 5), OLD.contract.key: Coverage(live, 5)}

    assert contract_to_serve(NEW.contract, OLD.contract, covered.__getitem__).model == serves


def test_a_new_model_serves_at_once_where_nothing_is_live() -> None:
    assert contract_to_serve(NEW.contract, None, lambda _: Coverage(0, 5)) == NEW.contract
