from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.digest import OutboxState, Passage, Ranked
from pipeline.document import Box
from pipeline.errors import NotFoundError, StoreError
from pipeline.store import Store
from tests.fakes.stored import DAY, NOW, announce, issue_for, subscribe


def test_a_paper_considered_before_is_not_eligible_again(store: Store) -> None:
    announce(store)
    reader = subscribe(store)
    later = DAY + timedelta(days=1)
    with store.begin() as work:
        assert work.issues.eligible(reader.id, DAY, later) == {"2611.00001"}
        passage = Passage("words", "1 Intro", 2, Box(1, 2, 3, 4), 7)
        ranked = Ranked("2611.00001", 0.4, 0.2, "why", "graphs", passage)
        work.issues.save_ranking(reader.id, DAY, [ranked])

        assert work.issues.ranking(reader.id, DAY) == [ranked]
        assert work.issues.eligible(reader.id, DAY, later) == {"2611.00001"}  # nothing is decided yet

        work.issues.save_empty(issue_for(reader))

        assert work.issues.eligible(reader.id, DAY, later) == set()


def test_a_message_is_claimed_by_one_sender(store: Store) -> None:
    reader = subscribe(store)
    with store.begin() as work:
        number = work.issues.save(issue_for(reader), "<1@x>", "a" * 64, "b" * 64)

        assert work.issues.claim(number, "first", NOW)
        assert not work.issues.claim(number, "second", NOW)


def test_an_issue_exists_once_per_subscriber_and_day(store: Store) -> None:
    reader = subscribe(store)
    with store.begin() as work:
        work.issues.save(issue_for(reader), "<1@x>", "a" * 64, "b" * 64)

    with pytest.raises(StoreError), store.begin() as work:
        work.issues.save(issue_for(reader), "<2@x>", "a" * 64, "b" * 64)


def test_an_interrupted_message_waits_again_or_is_held_by_how_far_it_came(store: Store) -> None:
    readers = [subscribe(store, f"r{number}@example.org") for number in range(2)]
    with store.begin() as work:
        numbers = [work.issues.save(issue_for(reader), f"<{reader.id}@x>", "a" * 64, "b" * 64) for reader in readers]
        for number in numbers:
            work.issues.claim(number, "dead", NOW)
        work.issues.mark_handover(numbers[1], NOW)

        assert work.issues.release_interrupted() == (1, 1)

        states = {entry.id: entry.state for entry in work.issues.outbox_of(DAY)}
        assert states == {numbers[0]: OutboxState.PENDING, numbers[1]: OutboxState.HELD}


def test_the_owner_can_send_a_held_message_after_all(store: Store) -> None:
    reader = subscribe(store)
    with store.begin() as work:
        number = work.issues.save(issue_for(reader), "<1@x>", "a" * 64, "b" * 64)
        work.issues.finish(number, OutboxState.HELD, reason="unknown")
        work.issues.requeue(number)

        assert [entry.state for entry in work.issues.outbox_of(DAY)] == [OutboxState.PENDING]
        with pytest.raises(NotFoundError, match="no held or failed mail number 99"):
            work.issues.requeue(99)
