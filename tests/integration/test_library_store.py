"""What an import asks of the store, on every kind of database."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipeline.store import Store
from pipeline.subscriber import Feedback, FeedbackKind, Origin, Subscriber
from tests.fakes.papers import make_paper

DAY = date(2026, 11, 17)
THEN, NOW = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC)


def add_papers(store: Store) -> None:
    with store.begin() as work:
        work.papers.save([make_paper("2611.00001", doi="10.5555/A 10.5555/B"), make_paper("2611.00002")], DAY)
        work.papers.save([make_paper("2611.00003", doi="10.5555/b")], date(2026, 11, 18))


def test_all_titles_are_read(store: Store) -> None:
    add_papers(store)

    with store.read() as work:
        titles = dict(work.libraries.titles())

    assert titles == {f"2611.0000{n}": f"A study numbered 2611.0000{n}" for n in (1, 2, 3)}


def test_a_doi_is_found_in_any_case_and_the_newest_paper_has_it(store: Store) -> None:
    add_papers(store)

    with store.read() as work:
        found = work.libraries.by_doi({"10.5555/a", "10.5555/b", "10.5555/c"})
        nothing = work.libraries.by_doi(set())

    assert (found, nothing) == ({"10.5555/a": "2611.00001", "10.5555/b": "2611.00003"}, {})


def test_the_shelf_takes_only_papers_of_which_nothing_was_said(store: Store) -> None:
    add_papers(store)
    with store.begin() as work:
        ada = work.subscribers.save(Subscriber("ada@example.org", THEN)).id
        bo = work.subscribers.save(Subscriber("bo@example.org", THEN)).id
        work.subscribers.add_feedback(ada, [Feedback("2611.00001", FeedbackKind.DISLIKE, THEN, Origin.TAP)])
        work.subscribers.add_feedback(ada, [Feedback("2611.00002", FeedbackKind.SAVE, THEN, Origin.LIBRARY)])

    with store.begin() as work:
        work.libraries.shelve(
            ada, [Feedback(f"2611.0000{n}", FeedbackKind.SAVE, NOW, Origin.LIBRARY) for n in (1, 2, 3)]
        )

    with store.read() as work:
        profile = work.subscribers.by_id(ada).profile
        assert (profile.dislikes, profile.saves) == (("2611.00001",), ("2611.00002", "2611.00003"))
        assert work.libraries.said(ada) == {
            "2611.00001": Origin.TAP,
            "2611.00002": Origin.LIBRARY,
            "2611.00003": Origin.LIBRARY,
        }
        assert work.libraries.said(bo) == {}
