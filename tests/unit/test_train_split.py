"""What a model may learn from, and what it is judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rerank.train_set import Occasion, split
from tests.fakes.lessons import FIRST_DAY, make_occasions


def _one(day: int, *taken: str, on: int | None = None, learner: str = "a") -> Occasion:
    taken_on = FIRST_DAY + timedelta(days=day if on is None else on)
    passed = (f"passed {day}",)
    return Occasion(learner, FIRST_DAY + timedelta(days=day), "", ("k",), taken, (taken_on,) * len(taken), passed)


def test_days_are_parted_by_time_alone() -> None:
    occasions, _ = make_occasions(20)

    days = split(occasions, seed=0)

    assert [len(part) for part in (days.learn, days.stop, days.judge)] == [24, 6, 10]
    assert max(one.day for one in days.learn) < min(one.day for one in days.stop)
    assert max(one.day for one in days.stop) < min(one.day for one in days.judge)


def test_what_was_taken_after_the_days_to_learn_from_teaches_nothing() -> None:
    occasions = [_one(day, f"p{day}") for day in range(20)]
    occasions[3] = _one(3, "late", on=15)

    days = split(occasions, seed=0)

    assert "late" not in {paper for one in days.learn for paper in (*one.taken, *one.passed)}
    assert len(days.learn) == 11


def test_a_paper_that_was_learnt_from_is_in_no_later_part_whoever_took_it() -> None:
    occasions = [_one(day, f"p{day}") for day in range(20)]
    occasions[19] = replace(_one(19, "p0", "new", learner="b"), passed=("p1", "other"))

    days = split(occasions, seed=0)

    assert days.judge[-1].taken == ("new",)
    assert days.judge[-1].passed == ("other",)


def test_the_background_is_what_nobody_took_on_days_to_learn_from() -> None:
    occasions = [_one(day, f"p{day}") for day in range(20)]

    days = split(occasions, seed=0)

    assert set(days.background) == {f"passed {day}" for day in range(12)}


def test_nothing_is_parted_into_nothing() -> None:
    days = split([], seed=0)

    assert (days.learn, days.stop, days.judge, days.background) == ((), (), (), ())
