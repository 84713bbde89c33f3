"""What a reader answered to digests they had, in every kind of database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.digest import DayState, DaySummary, DigestItem, Issue, Part, Ranked
from pipeline.store import Store
from pipeline.subscriber import Feedback, FeedbackKind, Origin, Subscriber
from tests.fakes.stored import DAY, NOW, announce, subscribe

ONE, TWO, THREE = "2611.00001", "2611.00002", "2611.00003"
PLAIN = (Part("interest", 1.5, "matches"), Part("start", -0.25, "what any paper starts from"))


@pytest.fixture
def reader(store: Store) -> Subscriber:
    for paper_id in (ONE, TWO, THREE):
        announce(store, paper_id)
    return subscribe(store)


def _send(
    store: Store, reader: Subscriber, parts: Mapping[str, tuple[Part, ...]], day: date = DAY, passed_over: str = ""
) -> None:
    """An issue that holds these papers, but for the one passed over."""
    ranking = [Ranked(one, 1.0, 0.7, "Because.", parts=some) for one, some in parts.items()]
    items = tuple(
        DigestItem(one.paper_id, 1, "t", (), (), "a", one, day, "new") for one in ranking if one.paper_id != passed_over
    )
    summary = DaySummary(day, DayState.COMPLETE, 3, 3, 3)
    with store.begin() as work:
        work.issues.save_ranking(reader.id, day, ranking)
        work.issues.save(
            Issue(reader.id, reader.email, day, items, 3, summary), f"<{day}.{reader.id}@x>", "a" * 64, "b" * 64
        )


def _say(store: Store, reader: Subscriber, *said: Feedback) -> None:
    with store.begin() as work:
        work.subscribers.add_feedback(reader.id, said)


def _tap(
    paper_id: str, kind: FeedbackKind = FeedbackKind.LIKE, at: datetime = NOW, origin: Origin = Origin.TAP
) -> Feedback:
    return Feedback(paper_id, kind, at, origin)


def _answers(store: Store, reader: Subscriber, before: datetime | None = None) -> tuple[tuple[float, bool], ...]:
    with store.read() as work:
        return work.answers.of(reader.id, before)


def test_an_answer_is_the_sum_of_a_papers_parts_and_whether_it_was_wanted(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: PLAIN, TWO: PLAIN, THREE: PLAIN[:1]})

    _say(store, reader, _tap(ONE, FeedbackKind.LIKE), _tap(TWO, FeedbackKind.DISLIKE), _tap(THREE, FeedbackKind.SAVE))

    assert _answers(store, reader) == ((1.25, True), (1.25, False), (1.5, True))


def test_what_earlier_answers_moved_and_who_is_followed_is_no_evidence(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: (*PLAIN, Part("answers", -3.0, "by your answers"), Part("author", 0.0, "followed"))})

    _say(store, reader, _tap(ONE))

    assert _answers(store, reader) == ((1.25, True),)


def test_papers_that_stood_there_by_no_evidence_answer_nothing(store: Store, reader: Subscriber) -> None:
    told: dict[str, tuple[Part, ...]] = {
        "2611.00011": (Part("negative", -2.0, "is about"),),
        "2611.00012": (Part("avoided author", -10.0, "by"),),
        "2611.00013": (Part("author", 0.0, "followed"),),
        "2611.00014": (Part("answers", 0.5, "by your answers"),),
        "2611.00015": (),
    }
    for paper_id in told:
        announce(store, paper_id)
    _send(store, reader, told)

    _say(store, reader, *map(_tap, told))

    assert _answers(store, reader) == ()


def test_only_papers_that_a_digest_held_are_answered(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: PLAIN, TWO: PLAIN}, passed_over=TWO)

    _say(store, reader, _tap(TWO))
    _say(store, reader, _tap(THREE))

    assert _answers(store, reader) == ()


def test_an_imported_library_answers_nothing(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: PLAIN, TWO: PLAIN})

    _say(store, reader, _tap(ONE, origin=Origin.LIBRARY))
    _say(store, reader, _tap(TWO, origin=Origin.COMMAND))

    assert _answers(store, reader) == ((1.25, True),)


def test_the_oldest_answer_stands_first(store: Store, reader: Subscriber) -> None:
    parts = {one: (Part("interest", odds, "matches"),) for one, odds in ((ONE, 1.0), (TWO, 2.0), (THREE, 3.0))}
    _send(store, reader, parts)

    for paper_id, hour in ((TWO, 3), (THREE, 1), (ONE, 2)):
        _say(store, reader, _tap(paper_id, at=NOW + timedelta(hours=hour)))

    assert _answers(store, reader) == ((3.0, True), (1.0, True), (2.0, True))


def test_the_newest_word_on_a_paper_counts(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: PLAIN})

    _say(store, reader, _tap(ONE))
    _say(store, reader, _tap(ONE, FeedbackKind.DISLIKE, NOW + timedelta(hours=1)))

    assert _answers(store, reader) == ((1.25, False),)


def test_answers_from_before_a_moment_can_be_asked_for(store: Store, reader: Subscriber) -> None:
    _send(store, reader, {ONE: PLAIN, TWO: PLAIN})
    _say(store, reader, _tap(ONE))
    _say(store, reader, _tap(TWO, FeedbackKind.DISLIKE, NOW + timedelta(days=1)))

    assert _answers(store, reader, NOW) == ()
    assert _answers(store, reader, NOW + timedelta(hours=1)) == ((1.25, True),)
    assert len(_answers(store, reader, datetime(2027, 1, 1, tzinfo=UTC))) == 2


def test_nobody_elses_answers_are_told(store: Store, reader: Subscriber) -> None:
    other = subscribe(store, "other@example.org")
    for one in (reader, other):
        _send(store, one, {ONE: PLAIN})

    _say(store, other, _tap(ONE, FeedbackKind.DISLIKE))

    assert _answers(store, reader) == ()
    assert _answers(store, other) == ((1.25, False),)
