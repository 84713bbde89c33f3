"""Whose pages are read first: a real ranker over abstracts, a quick encoder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.clocks import FixedClock
from pipeline.blobs import Blobs
from pipeline.paper import EventKind, PaperEvent
from pipeline.stages import StageContext, wanted_papers
from pipeline.store import open_store
from pipeline.subscriber import Interest, Profile, Subscriber
from rerank import open_ranker
from tests.fakes.encoder import HashedEncoder
from tests.fakes.papers import make_paper
from tests.fakes.stored import DAY, NOW

ROBOTS, PLANETS, OLD_ROBOTS = "2611.00001", "2611.00002", "2611.00003"
ABSTRACTS = {
    ROBOTS: "walking robots on loose scree",
    PLANETS: "transit timing of exoplanets",
    OLD_ROBOTS: "walking robots on loose scree and sand",
}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[StageContext]:
    store = open_store(f"sqlite:///{tmp_path / 'autoreader.db'}")
    with store.begin() as work:
        for paper_id, abstract in ABSTRACTS.items():
            day = DAY - timedelta(days=3) if paper_id == OLD_ROBOTS else DAY
            work.papers.save([make_paper(paper_id, title=abstract, abstract=abstract)], day)
            work.papers.add_events([PaperEvent(paper_id, 1, EventKind.NEW, day, NOW)])
    yield StageContext(store, Blobs(tmp_path / "blobs"), FixedClock(NOW))
    store.close()


def wanted(context: StageContext, *interests: str) -> dict[str, float]:
    encoder = HashedEncoder()
    with context.store.begin() as work:
        for number, interest in enumerate(interests):
            work.subscribers.save(Subscriber(f"{number}@example.org", NOW, Profile((Interest(interest),))))
    return wanted_papers(context, open_ranker(encoder), encoder, ABSTRACTS)


def test_the_newest_papers_come_first_and_of_these_what_somebody_would_read(context: StageContext) -> None:
    found = wanted(context, "walking robots")

    assert sorted(found, key=lambda paper_id: -found[paper_id]) == [ROBOTS, PLANETS, OLD_ROBOTS]


def test_a_paper_is_wanted_as_much_as_by_its_keenest_reader(context: StageContext) -> None:
    one = wanted(context, "walking robots")
    both = wanted(context, "walking robots", "transit timing of exoplanets")

    assert both[ROBOTS] == one[ROBOTS]
    assert both[PLANETS] > one[PLANETS]


def test_without_readers_the_newest_papers_come_first(context: StageContext) -> None:
    assert wanted(context) == {ROBOTS: 1.0, PLANETS: 1.0, OLD_ROBOTS: 0.0}
