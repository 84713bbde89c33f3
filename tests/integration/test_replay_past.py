"""What the store knows of days gone by, in each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.digest import DigestItem, Issue
from pipeline.paper import EventKind
from pipeline.store import Store
from tests.fakes.papers import make_paper
from tests.fakes.rankings import make_ranked
from tests.fakes.stored import DAY, announce, issue_for, subscribe

NEXT = DAY + timedelta(days=1)


def _with_item(issue: Issue, paper_id: str) -> Issue:
    item = DigestItem(paper_id, 1, "t", (), (), "a", make_ranked(paper_id, place=1), issue.day, "new")
    return replace(issue, items=(item,))


def test_days_are_those_of_announcements_and_of_papers_from_files(store: Store) -> None:
    announce(store, "2611.00001", DAY)
    announce(store, "2611.00002", NEXT, EventKind.REPLACE)
    with store.begin() as work:
        work.papers.save([make_paper("2611.00003")], NEXT + timedelta(days=1))

        assert work.past.newest_day() == NEXT + timedelta(days=1)
        assert work.past.days(DAY, NEXT + timedelta(days=9)) == [DAY, NEXT + timedelta(days=1)]
        assert work.past.announced_on(DAY) == {"2611.00001"}
        assert work.past.announced_on(NEXT) == set()  # a replacement is no news
        assert work.past.announced_on(NEXT + timedelta(days=1)) == {"2611.00003"}
        assert work.past.days_of("2611.00001") == [DAY]
        assert work.past.days_of("2611.00003") == [NEXT + timedelta(days=1)]


def test_a_withdrawn_paper_is_not_of_its_day_any_more(store: Store) -> None:
    announce(store)
    with store.begin() as work:
        work.papers.save([make_paper("2611.00001", is_withdrawn=True)], DAY)

        assert work.past.announced_on(DAY) == set()


def test_an_empty_store_has_no_past(store: Store) -> None:
    with store.read() as work:
        assert (work.past.newest_day(), work.past.days(DAY, NEXT), work.past.days_of("2611.00001")) == (None, [], [])


def test_a_ranking_counts_only_once_an_issue_decided_on_it(store: Store) -> None:
    announce(store)
    reader = subscribe(store)
    with store.begin() as work:
        work.issues.save_ranking(reader.id, DAY, [make_ranked("2611.00001", place=1)])
        assert (work.past.considered(reader.id), work.past.issue(reader.id, DAY)) == ({}, None)

        work.issues.save(_with_item(issue_for(reader), "2611.00001"), "<1@x>", "a" * 64, "b" * 64)

        assert work.past.considered(reader.id) == {"2611.00001": DAY}
        assert work.past.issue(reader.id, DAY) == ["2611.00001"]
        assert work.past.sent_on(reader.id, "2611.00001") == DAY


def test_one_readers_past_is_not_anothers(store: Store) -> None:
    announce(store)
    reader, other = subscribe(store), subscribe(store, "other@example.org")
    with store.begin() as work:
        work.issues.save_ranking(reader.id, DAY, [make_ranked("2611.00001")])
        work.issues.save_empty(issue_for(reader))

        assert work.past.issue(reader.id, DAY) == []
        assert (work.past.considered(other.id), work.past.issue(other.id, DAY)) == ({}, None)
        assert work.past.sent_on(other.id, "2611.00001") is None
