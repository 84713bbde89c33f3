"""Rows that tests of the store begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipeline.digest import DayState, DaySummary, Issue
from pipeline.paper import EventKind, PaperEvent
from pipeline.store import Store
from pipeline.subscriber import Interest, Profile, Subscriber
from tests.fakes.papers import make_paper

DAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 13, tzinfo=UTC)


def announce(store: Store, paper_id: str = "2611.00001", day: date = DAY, kind: EventKind = EventKind.NEW) -> None:
    with store.begin() as work:
        work.papers.save([make_paper(paper_id)], day)
        work.papers.add_events([PaperEvent(paper_id, 1, kind, day, NOW)])


def subscribe(store: Store, email: str = "reader@example.org") -> Subscriber:
    with store.begin() as work:
        return work.subscribers.save(Subscriber(email, NOW, Profile((Interest("graphs"),), ("images",), ("A. Name",))))


def issue_for(subscriber: Subscriber, day: date = DAY) -> Issue:
    return Issue(subscriber.id, subscriber.email, day, (), 3, DaySummary(day, DayState.COMPLETE, 3, 3, 3))
