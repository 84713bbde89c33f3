"""A reader's past: three days of two papers each in a home, and what was made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.loading import read_papers_file, store_papers
from flows.steps import index_chunks
from flows.wiring import Parts
from pipeline.config import load_settings
from pipeline.digest import DigestItem, Issue, Ranked
from pipeline.ledger import summarize
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Profile, Subscriber
from rerank.places import PlacingRanker
from tests.fakes.parts import open_test_parts
from tests.fakes.rankings import TitleRanker

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (16, 17, 18))
READER = "reader@example.org"
TITLES = {
    "2611.00001": (MONDAY, "moss on rocks"),
    "2611.00002": (MONDAY, "robots on scree"),
    "2611.00003": (TUESDAY, "moss in rivers"),
    "2611.00004": (TUESDAY, "stars in transit"),
    "2611.00005": (WEDNESDAY, "moss and robots"),
    "2611.00006": (WEDNESDAY, "stars and books"),
}


@contextmanager
def past_parts(home: Path) -> Iterator[Parts]:
    """The parts of a home; its ranker goes by titles."""
    with open_test_parts(load_settings(home=home)) as parts:
        parts.ranker = PlacingRanker(TitleRanker())
        yield parts


def make_past(folder: Path) -> Path:
    """A home that holds the three days, to be copied."""
    with past_parts(folder / "home") as parts:
        store_papers(parts, read_papers_file(_write(folder / "past.jsonl")))
        index_chunks(parts)
    return folder / "home"


def _write(path: Path) -> Path:
    records = [
        {"id": one, "title": title, "authors": [f"Ada {one}"], "abstract": f"About {title}.", "first_listed": str(day)}
        for one, (day, title) in TITLES.items()
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def subscribe(parts: Parts, *interests: str, **changes: object) -> Subscriber:
    """Adds the reader, with these interests."""
    profile = replace(Profile(tuple(Interest(text) for text in interests)), **changes)  # type: ignore[arg-type]  # named by the test
    with parts.store.begin() as work:
        return work.subscribers.save(Subscriber(READER, datetime(2026, 11, 1, tzinfo=UTC), profile))


def say(parts: Parts, reader: Subscriber, paper_id: str, day: date, kind: FeedbackKind = FeedbackKind.LIKE) -> None:
    """Lets the reader say something of a paper, at noon."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with parts.store.begin() as work:
        work.subscribers.add_feedback(reader.id, [Feedback(paper_id, kind, noon)])


def mail(parts: Parts, reader: Subscriber, day: date, ranking: Sequence[Ranked]) -> None:
    """Lets the reader have had the digest that a ranking made."""
    with parts.store.begin() as work:
        work.issues.save_ranking(reader.id, day, ranking)
        items = tuple(DigestItem(one.paper_id, 1, "t", (), (), "a", one, day, "new") for one in ranking if one.place)
        issue = Issue(reader.id, reader.email, day, items, len(ranking), summarize(work, day))
        if items:
            work.issues.save(issue, f"<{day}@x>", "a" * 64, "b" * 64)
        else:
            work.issues.save_empty(issue)
