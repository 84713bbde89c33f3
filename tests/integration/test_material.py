"""What rankings are made from: the archive's sample, and the papers that profiles name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.loading import read_papers_file, store_papers
from flows.steps import index_chunks
from flows.wiring import Parts
from pipeline.candidates import load_abstracts, load_candidates
from pipeline.config import load_settings
from pipeline.material import gather, load_archive
from pipeline.selection import Selection
from pipeline.store import Store, open_store
from pipeline.subscriber import Profile
from tests.fakes.papers import make_paper
from tests.fakes.parts import open_test_parts

TODAY = date(2026, 11, 17)
YESTERDAY = TODAY - timedelta(days=1)
OLD = tuple(f"2610.{number:05}" for number in range(40))
NEW = tuple(f"2611.{number:05}" for number in range(3))


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """A home of 40 papers from yesterday and three of today, all embedded."""
    folder = tmp_path_factory.mktemp("material")
    records = [
        {"id": one, "title": f"Paper {one}", "authors": ["Ada"], "abstract": f"About {one}.", "first_listed": str(day)}
        for ids, day in ((OLD, YESTERDAY), (NEW, TODAY))
        for one in ids
    ]
    papers = folder / "papers.jsonl"
    papers.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with open_test_parts(load_settings(home=folder / "home")) as opened:
        store_papers(opened, read_papers_file(papers))
        index_chunks(opened)
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    yield opened
    opened.close()


def _save(store: Store, ids: Sequence[str], day: date, **changes: object) -> None:
    with store.begin() as work:
        work.papers.save([make_paper(one, **changes) for one in ids], day)


def _sample(store: Store, before: date = TODAY, size: int = 10) -> list[str]:
    with store.read() as work:
        return work.papers.sample(before, size)


def test_a_sample_is_older_than_the_day(store: Store) -> None:
    _save(store, OLD, YESTERDAY)
    _save(store, NEW, TODAY)

    assert set(_sample(store, size=100)) == set(OLD)
    assert _sample(store, before=YESTERDAY) == []
    assert set(_sample(store, before=TODAY + timedelta(days=1), size=100)) == {*OLD, *NEW}


def test_a_sample_is_drawn_across_the_archive_and_in_no_order_of_ids(store: Store) -> None:
    _save(store, OLD, YESTERDAY)

    drawn = _sample(store)

    assert len(set(drawn)) == 10
    assert drawn != sorted(drawn)
    assert not set(drawn) <= set(OLD[:20])


def test_a_smaller_sample_is_the_beginning_of_a_larger_one(store: Store) -> None:
    _save(store, OLD, YESTERDAY)

    assert _sample(store, size=20)[:10] == _sample(store, size=10)


def test_a_sample_hardly_changes_when_papers_are_added(store: Store) -> None:
    _save(store, OLD, YESTERDAY)
    before = _sample(store)

    _save(store, ("2610.90001",), YESTERDAY)

    after = _sample(store)
    kept = [one for one in after if one != "2610.90001"]
    assert kept == before[: len(kept)]
    assert len(kept) >= 9


def test_a_withdrawn_paper_is_not_drawn(store: Store) -> None:
    _save(store, OLD[:3], YESTERDAY)
    _save(store, OLD[:1], YESTERDAY, is_withdrawn=True)

    assert set(_sample(store)) == set(OLD[1:3])


@pytest.fixture
def grown_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes forty older papers for enough."""
    monkeypatch.setattr("pipeline.material.ENOUGH", len(OLD))


def test_while_the_archive_is_young_the_day_itself_says_what_papers_are_like(parts: Parts) -> None:
    with parts.store.read() as work:
        of_the_day = load_archive(work, parts.embedded, TODAY, NEW)
        of_two_days = load_archive(work, parts.embedded, YESTERDAY, OLD, until=TODAY)
        of_yesterday = load_archive(work, parts.embedded, YESTERDAY, OLD)

    assert {one.paper.id for one in of_the_day.sample} == {*OLD, *NEW}
    assert {one.paper.id for one in of_two_days.sample} == {*OLD, *NEW}
    assert {one.paper.id for one in of_yesterday.sample} == set(OLD)


@pytest.mark.usefixtures("grown_up")
def test_an_archive_is_the_same_whoever_is_ranked_for(parts: Parts) -> None:
    with parts.store.read() as work:
        nobody = load_archive(work, parts.embedded, TODAY, NEW)
        somebody = load_archive(work, parts.embedded, TODAY, {*NEW, *OLD[:5]})

    assert [one.paper.id for one in somebody.sample] == [one.paper.id for one in nobody.sample]
    assert {one.paper.id for one in nobody.sample} == set(OLD)


@pytest.mark.usefixtures("grown_up")
def test_an_archive_stands_in_the_order_in_which_it_was_drawn(parts: Parts) -> None:
    with parts.store.read() as work:
        archive = load_archive(work, parts.embedded, TODAY, NEW)

        assert [one.paper.id for one in archive.sample] == work.papers.sample(TODAY, 100)


@pytest.mark.usefixtures("grown_up")
def test_a_day_is_gathered_with_the_papers_that_profiles_name(parts: Parts) -> None:
    with parts.store.read() as work:
        material = gather(work, parts.embedded, NEW, {OLD[3], NEW[0], "2601.99999"}, TODAY)

    assert tuple(one.paper.id for one in material.candidates) == NEW
    assert set(material.known) == {*NEW, OLD[3]}
    assert {one.paper.id for one in material.archive.sample} == set(OLD)


def test_a_question_is_asked_from_what_was_gathered(parts: Parts) -> None:
    profile = Profile(likes=(OLD[3], "2601.99999"), dislikes=(NEW[1],))
    with parts.store.read() as work:
        material = gather(work, parts.embedded, NEW, profile.taught, TODAY)

    asked = material.ask(profile, NEW[:2], Selection(5, 0.6))

    assert [one.paper.id for one in asked.liked] == [OLD[3]]
    assert [one.paper.id for one in asked.disliked] == [NEW[1]]
    assert (asked.eligible, asked.most) == (frozenset(NEW[:2]), 5)
    assert asked.gate == pytest.approx(0.6)


def test_abstracts_alone_are_the_first_passages_of_what_is_read_in_full(parts: Parts) -> None:
    with parts.store.read() as work:
        whole = load_candidates(work, parts.embedded, OLD[:3])
        abstracts = load_abstracts(work, parts.embedded, OLD[:3])

    assert set(abstracts) == set(whole) == set(OLD[:3])
    for one in OLD[:3]:
        assert abstracts[one].chunks == whole[one].chunks[:1]
        assert abstracts[one].vectors.tolist() == whole[one].vectors[:1].tolist()


def test_nothing_is_loaded_for_no_papers(parts: Parts) -> None:
    with parts.store.read() as work:
        assert load_abstracts(work, parts.embedded, ()) == {}
        assert load_archive(work, parts.embedded, date(2020, 1, 1), ()).sample == ()
