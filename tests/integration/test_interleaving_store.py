"""Which answers count for a draft: those to papers of sent digests, given since, by a tap or a command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from pipeline.digest import DigestItem, OutboxState, Ranked
from pipeline.interleaving import Drafted, drafted_by
from pipeline.store import Store, UnitOfWork
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from tests.fakes.rankings import make_ranked
from tests.fakes.stored import DAY, NOW, announce, issue_for, subscribe

A = drafted_by("learned", "words")
LATER = NOW + timedelta(hours=3)


def _send(store: Store, ranker: str = A, *, email: str = "r@example.org", is_sent: bool = True) -> int:
    """A reader whose digest of the day holds one paper; returns the reader."""
    announce(store)
    reader = subscribe(store, email)
    ranked = make_ranked("2611.00001", place=1, ranker=ranker)
    with store.begin() as work:
        work.issues.save_ranking(reader.id, DAY, [ranked])
        issue = replace(issue_for(reader), items=(_item(ranked),))
        number = work.issues.save(issue, f"<{email}>", "a" * 64, "b" * 64)
        if is_sent:
            work.issues.mark_sent(number, "there", NOW)
        else:
            work.issues.finish(number, OutboxState.FAILED)
    return reader.id


def _item(ranked: Ranked) -> DigestItem:
    return DigestItem(ranked.paper_id, 1, "t", (), (), "a", ranked, DAY, "new")


def _answer(store: Store, reader: int, **changes: object) -> None:
    said = Feedback("2611.00001", FeedbackKind.LIKE, LATER, Origin.TAP)
    with store.begin() as work:
        work.subscribers.add_feedback(reader, [replace(said, **changes)])  # type: ignore[arg-type]  # named by the test


def _kinds(work: UnitOfWork, since: date = DAY) -> list[FeedbackKind | None]:
    return [one.kind for one in work.credits.drafted(since)]


def test_a_drafted_paper_is_there_with_its_team_and_its_answer(store: Store) -> None:
    reader = _send(store)
    _answer(store, reader)

    with store.read() as work:
        (found,) = work.credits.drafted(DAY)

    assert found == Drafted(found.reader_day, A, FeedbackKind.LIKE)


def test_a_digest_without_an_answer_is_there_too(store: Store) -> None:
    _send(store)

    with store.read() as work:
        assert _kinds(work) == [None]


def test_a_library_or_an_answer_from_before_the_mail_is_none_to_it(store: Store) -> None:
    one, other = _send(store), _send(store, email="other@example.org")
    _answer(store, one, origin=Origin.LIBRARY)
    _answer(store, other, given_at=NOW - timedelta(minutes=1))

    with store.read() as work:
        assert _kinds(work) == [None, None]


def test_what_was_not_sent_not_drafted_or_is_older_does_not_count(store: Store) -> None:
    _answer(store, _send(store, is_sent=False))
    _answer(store, _send(store, ranker="learned", email="other@example.org"))

    with store.read() as work:
        assert _kinds(work) == []

    _send(store, email="third@example.org")
    with store.read() as work:
        assert (len(_kinds(work)), _kinds(work, DAY + timedelta(days=1))) == (1, [])
