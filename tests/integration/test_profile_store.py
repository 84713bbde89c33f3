"""Changing, forgetting and erasing in both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.author_papers import AuthorFetch, AuthorPapers
from pipeline.digest import OutboxState
from pipeline.errors import NotFoundError, UsageError
from pipeline.profile_changes import following, with_interest
from pipeline.store import Store
from pipeline.store.personal import personal_tables
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Origin, Profile, Subscriber, Volume
from pipeline.tables import metadata
from tests.fakes.stored import NOW, announce, issue_for, subscribe

FULL = Profile(
    interests=(Interest("graphs", 2.0, ("cs.LG",), ("2611.00001",)),),
    negatives=("images",),
    authors=("A. Name",),
    avoided_authors=("B. Noisy",),
    categories=("cs.*",),
    volume=Volume.FEW,
)


def test_a_change_keeps_all_else(store: Store) -> None:
    with store.begin() as work:
        work.subscribers.save(Subscriber("a@example.org", NOW, FULL))

    with store.begin() as work:
        changed = work.subscribers.change("A@example.org", lambda known: with_interest(known, Interest("robots")))

    assert changed.profile == replace(FULL, interests=(*FULL.interests, Interest("robots")))


def test_a_change_does_not_bring_back_somebody_who_left(store: Store) -> None:
    reader = subscribe(store)
    with store.begin() as work:
        work.subscribers.set_active(reader.id, is_active=False)

    with store.begin() as work:
        changed = work.subscribers.change(reader.email, lambda known: following(known, ["C. Nice"]))

    assert (changed.is_active, changed.profile.authors) == (False, ("A. Name", "C. Nice"))


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    reader = subscribe(store)

    with pytest.raises(UsageError), store.begin() as work:
        work.subscribers.change(reader.email, lambda known: following(known, ["C. Nice", " "]))

    with store.read() as work:
        assert work.subscribers.by_id(reader.id) == reader


def test_somebody_unknown_cannot_be_changed(store: Store) -> None:
    with pytest.raises(NotFoundError), store.begin() as work:
        work.subscribers.change("nobody@example.org", lambda known: known)


def test_what_was_said_of_papers_is_told_and_forgotten(store: Store) -> None:
    for paper_id in ("2611.00001", "2611.00002"):
        announce(store, paper_id)
    reader = subscribe(store)
    given = [
        Feedback("2611.00001", FeedbackKind.LIKE, NOW, Origin.TAP),
        Feedback("2611.00002", FeedbackKind.SAVE, NOW + timedelta(hours=1), Origin.LIBRARY),
    ]
    with store.begin() as work:
        work.subscribers.add_feedback(reader.id, given)
        before = work.subscribers.feedback_of(reader.id)
        forgotten = work.subscribers.forget_feedback(reader.id, ["2611.00001", "2611.00009"])
        after = work.subscribers.feedback_of(reader.id)

    assert (before, forgotten, after) == (given, 1, given[1:])


def test_an_authors_papers_are_replaced_counted_and_dropped_when_nobody_follows(store: Store) -> None:
    with store.begin() as work:
        work.subscribers.save(Subscriber("a@example.org", NOW, Profile(authors=("lind_a_1",))))
        work.authors.save("lind_a_1", AuthorPapers("Ada", ("2611.00001",)), NOW - timedelta(days=1))
        work.authors.save("lind_a_1", AuthorPapers("Ada Lind", ("2611.00002", "2611.00003")), NOW)
        work.authors.save("nobody_x_1", AuthorPapers("", ()), NOW)
        work.authors.drop_unfollowed()

        assert work.authors.followed() == ["lind_a_1"]
        assert work.authors.fetches(["lind_a_1", "nobody_x_1"]) == {
            "lind_a_1": AuthorFetch("lind_a_1", "Ada Lind", 2, NOW)
        }
        assert work.authors.papers_by(["lind_a_1"]) == {"2611.00002": "lind_a_1", "2611.00003": "lind_a_1"}


def test_every_table_with_something_of_a_subscriber_is_known_to_hold_it() -> None:
    names = [table.name for table in personal_tables()]

    assert set(names) >= {
        *("subscribers", "interests", "followed_authors", "feedback", "rankings", "issues", "issue_items", "outbox"),
    }
    assert not {"papers", "events", "chunks", "author_papers"} & set(names)
    assert names.index("issues") < names.index("outbox")


def test_no_table_names_a_reader_without_being_known_to_be_theirs() -> None:
    naming = {table.name for table in metadata.sorted_tables if {"subscriber_id", "email"} & set(table.c.keys())}

    assert naming <= {table.name for table in personal_tables()}


def test_one_reader_is_erased_and_the_other_is_not(store: Store) -> None:
    announce(store)
    gone, stays = subscribe(store, "gone@example.org"), subscribe(store, "stays@example.org")
    with store.begin() as work:
        for reader in (gone, stays):
            work.subscribers.add_feedback(reader.id, [Feedback("2611.00001", FeedbackKind.LIKE, NOW)])
            work.issues.save(issue_for(reader), f"<{reader.id}@x>", f"m{reader.id}", "shared")
        kept = work.personal.rows(stays.id)

    with store.begin() as work:
        unsent = work.personal.stop_mails(gone.id)
        mails = [(mail.state, mail.message_sha256) for mail in work.personal.mails(gone.id)]
        others = work.personal.blobs_of_others(gone.id)
        rows = work.personal.rows(gone.id)
        erased = work.personal.erase(gone.id, ())

    assert (unsent, mails) == (1, [(OutboxState.FAILED, f"m{gone.id}")])
    assert {f"m{stays.id}", "shared"} <= others
    assert f"m{gone.id}" not in others
    assert erased == sum(map(len, rows.values())) == 7
    assert store.scrub()
    with store.read() as work:
        assert work.personal.rows(gone.id) == {}
        assert work.personal.rows(stays.id) == kept
