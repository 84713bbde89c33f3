"""A home to import libraries into."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.store import open_store
from pipeline.subscriber import Subscriber
from tests.fakes.papers import make_paper

READER = "ada@example.org"
DAY = date(2026, 11, 17)


def make_home(home: Path) -> Path:
    """Three stored papers, one of them with two DOIs, and a reader who said nothing yet."""
    store = open_store(f"sqlite:///{home / 'autoreader.db'}")
    with store.begin() as work:
        for number, topic in enumerate(("dense retrieval of scientific passages", "walking robots on loose scree"), 1):
            work.papers.save([make_paper(f"2611.0000{number}", title=f"On {topic}")], DAY)
        work.papers.save([make_paper("2611.00003", title="Rest", doi="10.5555/OLD.1 10.5555/RIVER.2")], DAY)
        work.subscribers.save(Subscriber(READER, datetime(2026, 11, 1, tzinfo=UTC)))
    store.close()
    return home
