"""A month that is ranked anew: beside what was mailed, with what was known then, and storing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from flows.replay import ReplayedDay, Span, Trial, replay
from flows.trial import Changes
from flows.wiring import Parts
from pipeline.digest import Part
from pipeline.errors import NotFoundError
from pipeline.selection import Selection
from pipeline.subscriber import FeedbackKind, Interest, Volume
from rerank.places import PlacingRanker
from tests.fakes.past import MONDAY, READER, TUESDAY, WEDNESDAY, mail, make_past, past_parts, say, subscribe
from tests.fakes.rankings import TitleRanker, make_ranked

MONTH = Span()


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_past(tmp_path_factory.mktemp("past"))


@pytest.fixture
def parts(past: Path, tmp_path: Path) -> Iterator[Parts]:
    with past_parts(copytree(past, tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
def asked(parts: Parts) -> TitleRanker:
    ranker = TitleRanker()
    parts.ranker = PlacingRanker(ranker)
    return ranker


def _told(days: list[ReplayedDay]) -> dict[date, tuple[list[str], list[str], list[str]]]:
    return {
        day.day: tuple([one.title for one in papers] for papers in (day.kept, day.new, day.dropped))  # type: ignore[misc]  # three of them
        for day in days
    }


def test_days_before_the_reader_came_show_what_they_would_have_brought(parts: Parts) -> None:
    subscribe(parts, "moss")

    days = replay(parts, READER, MONTH, Trial())

    assert _told(days) == {
        MONDAY: ([], ["moss on rocks"], []),
        TUESDAY: ([], ["moss in rivers"], []),
        WEDNESDAY: ([], ["moss and robots"], []),
    }
    assert [(day.was_mailed, day.considered) for day in days] == [(False, 2)] * 3


def test_a_change_is_set_beside_the_profile_as_it_is(parts: Parts) -> None:
    subscribe(parts, "moss", "robots")
    changes = Changes(dropped_interests=("moss",), interests=(Interest("stars"),))

    days = replay(parts, READER, MONTH, Trial(changes))

    assert _told(days) == {
        MONDAY: (["robots on scree"], [], ["moss on rocks"]),
        TUESDAY: ([], ["stars in transit"], ["moss in rivers"]),
        WEDNESDAY: (["moss and robots"], ["stars and books"], []),
    }


def test_what_came_and_what_went_say_what_became_of_them_on_the_other_side(parts: Parts) -> None:
    subscribe(parts, "moss")

    (day,) = replay(parts, READER, Span(1), Trial(Changes(negatives=("robots",), interests=(Interest("stars"),))))

    assert [one.other for one in day.new] == ["10% likely to be worth your time, and 50% is asked for"]
    assert [one.other for one in day.dropped] == [
        'is about "robots"; 10% likely to be worth your time, and 50% is asked for'
    ]


def test_a_day_that_was_mailed_is_set_beside_its_digest(parts: Parts) -> None:
    reader = subscribe(parts, "moss")
    mail(parts, reader, TUESDAY, [make_ranked("2611.00004", 0.8, place=1), make_ranked("2611.00003", 0.3)])

    days = replay(parts, READER, MONTH, Trial())

    assert _told(days)[TUESDAY] == ([], ["moss in rivers"], ["stars in transit"])
    assert [day.was_mailed for day in days] == [False, True, False]
    assert days[1].new[0].other == "30% likely to be worth your time, and 50% is asked for"


def test_a_day_that_held_nothing_is_a_digest_too(parts: Parts) -> None:
    mail(parts, subscribe(parts, "moss"), MONDAY, [make_ranked("2611.00001", 0.3), make_ranked("2611.00002", 0.2)])

    (day, *_) = replay(parts, READER, MONTH, Trial(Changes(volume=Volume.MANY)))

    assert day.was_mailed
    assert _told([day])[MONDAY] == ([], ["moss on rocks"], [])


def test_a_paper_that_came_late_is_in_question_on_the_day_that_decided_on_it_alone(parts: Parts) -> None:
    reader = subscribe(parts, "moss")
    mail(parts, reader, TUESDAY, [make_ranked("2611.00001", 0.8, place=1), make_ranked("2611.00003", 0.7, place=2)])

    days = replay(parts, READER, MONTH, Trial())

    assert [day.considered for day in days] == [1, 2, 2]
    assert sorted(_told(days)[TUESDAY][0]) == ["moss in rivers", "moss on rocks"]


def test_a_like_counts_from_the_day_after_and_never_before(parts: Parts) -> None:
    reader = subscribe(parts, "nothing of this")
    say(parts, reader, "2611.00001", MONDAY)  # moss

    told = _told(replay(parts, READER, MONTH, Trial()))

    assert [told[day][1] for day in (MONDAY, TUESDAY, WEDNESDAY)] == [[], ["moss in rivers"], ["moss and robots"]]


def test_later_likes_count_where_that_is_asked_for_but_never_on_the_day_of_their_paper(
    parts: Parts, asked: TitleRanker
) -> None:
    reader = subscribe(parts, "nothing of this")
    say(parts, reader, "2611.00003", WEDNESDAY)

    told = _told(replay(parts, READER, MONTH, Trial(with_later_feedback=True)))

    assert [told[day][1] for day in (MONDAY, TUESDAY, WEDNESDAY)] == [["moss on rocks"], [], ["moss and robots"]]
    assert [call[0].profile.likes for call in asked.calls] == [("2611.00003",), (), ("2611.00003",)]


def test_a_paper_that_shows_an_interest_does_not_answer_for_itself(parts: Parts, asked: TitleRanker) -> None:
    subscribe(parts, interests=(Interest("lichen", seeds=("2611.00003",)),))

    replay(parts, READER, MONTH, Trial())

    assert [call[0].profile.interests[0].seeds for call in asked.calls] == [("2611.00003",), (), ("2611.00003",)]


def test_what_was_said_can_be_left_out_paper_by_paper_or_all(parts: Parts, asked: TitleRanker) -> None:
    reader = subscribe(parts, "moss")
    say(parts, reader, "2611.00001", MONDAY)
    say(parts, reader, "2611.00002", MONDAY, FeedbackKind.DISLIKE)

    replay(parts, READER, Span(1), Trial(Changes(forgotten=("2611.00001",))))
    replay(parts, READER, Span(1), Trial(Changes(forgets_all=True)))

    changed = [call[0].profile for call in asked.calls]
    assert [(one.likes, one.dislikes) for one in changed] == [((), ("2611.00002",)), ((), ())]


def test_answers_count_from_the_day_after_too(parts: Parts, asked: TitleRanker) -> None:
    reader = subscribe(parts, "moss")
    told = make_ranked("2611.00001", 0.9, place=1, parts=(Part("interest", 2.5, "matches"),))
    mail(parts, reader, MONDAY, [told, make_ranked("2611.00002", 0.1)])
    say(parts, reader, "2611.00001", MONDAY)

    replay(parts, READER, MONTH, Trial())

    assert [call[0].answers for call in asked.calls] == [(), ((2.5, True),), ((2.5, True),)]


def test_thresholds_can_be_tried(parts: Parts) -> None:
    subscribe(parts, "moss", "stars")

    few = replay(parts, READER, Span(1), Trial(selection=Selection(max_items=1)))
    none = replay(parts, READER, Span(1), Trial(selection=Selection(min_probability=0.95)))

    assert [_told(days)[WEDNESDAY] for days in (few, none)] == [
        (["moss and robots"], [], ["stars and books"]),
        ([], [], ["moss and robots", "stars and books"]),
    ]
    assert few[0].dropped[0].other == "the 1 in the digest stood before it"


def test_one_call_of_the_ranker_serves_a_day(parts: Parts, asked: TitleRanker) -> None:
    subscribe(parts, "moss")

    replay(parts, READER, MONTH, Trial(Changes(volume=Volume.FEW)))

    assert [len(call) for call in asked.calls] == [2, 2, 2]


def test_the_span_ends_where_it_is_told_to(parts: Parts) -> None:
    subscribe(parts, "moss")

    assert [day.day for day in replay(parts, READER, Span(2, TUESDAY), Trial())] == [MONDAY, TUESDAY]
    with pytest.raises(NotFoundError, match="no day is stored in the 30 days up to 2026-01-01"):
        replay(parts, READER, Span(30, date(2026, 1, 1)), Trial())


def test_nothing_is_stored(parts: Parts) -> None:
    reader = subscribe(parts, "moss")

    replay(parts, READER, MONTH, Trial(Changes(interests=(Interest("stars"),))))

    with parts.store.read() as work:
        assert work.subscribers.by_id(reader.id).profile.interests == (Interest("moss"),)
        assert work.past.considered(reader.id) == {}
        assert work.past.issue(reader.id, MONDAY) is None
