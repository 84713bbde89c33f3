"""Figures of a ranking against worked examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flows.evaluation.rank_scores import auc, interval, kendall_loss, measures
from flows.evaluation.rank_sets import Judged, drawn, evenly


def judged(*ids: str, **grades: float) -> Judged:
    return Judged("a day", ids, grades)


def test_kept_papers_are_gains_of_one() -> None:
    found = measures(judged("a", "b", "c", a=1.0, c=1.0), [3.0, 2.0, 1.0])

    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3)))
    assert (found["R@10"], found["R@20"], found["AUC"]) == (1.0, 1.0, 0.5)


def test_equal_scores_stand_in_the_order_of_ids() -> None:
    ids = tuple(f"{number:02}" for number in range(12))

    assert measures(judged(*ids, **{"11": 1.0}), [0.0] * 12)["R@10"] == 0.0
    assert measures(judged(*ids, **{"00": 1.0}), [0.0] * 12)["R@10"] == 1.0


def test_a_day_whose_labels_tell_no_papers_apart_says_nothing() -> None:
    assert measures(judged("a", "b"), [1.0, 2.0]) == {}
    assert measures(judged("a", "b", a=1.0, b=1.0), [1.0, 2.0]) == {}
    assert measures(Judged("x", ("a", "b"), {"a": 3.0, "b": 3.0}, is_rated=True), [1.0, 2.0]) == {}


def test_the_area_under_the_curve_counts_equal_scores_half() -> None:
    assert auc(np.array([True, False, False]), np.array([1.0, 1.0, 0.0])) == 0.75


def test_a_pair_in_the_wrong_order_weighs_the_difference_of_its_ratings() -> None:
    ratings = {"a": 5.0, "b": 3.0, "c": 2.0}  # the pairs weigh 2, 3 and 1

    assert kendall_loss(ratings, {"a": 3, "b": 2, "c": 1}) == 0.0
    assert kendall_loss(ratings, {"a": 1, "b": 2, "c": 3}) == 1.0
    assert kendall_loss(ratings, {"a": 2, "b": 3, "c": 1}) == pytest.approx(2 / 6)
    assert kendall_loss(ratings, {"a": 1, "b": 1, "c": 0}) == pytest.approx(1 / 6)


def test_papers_of_equal_rating_weigh_nothing() -> None:
    assert kendall_loss({"a": 1.0, "b": 1.0, "c": 2.0}, {"a": 0, "b": 5, "c": 6}) == 0.0


def test_an_interval_holds_its_mean_and_is_the_same_each_time() -> None:
    found = interval([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])

    assert (found.value, found.n) == (0.5, 6)
    assert 0.0 <= found.low < 0.5 < found.high <= 1.0
    assert found == interval([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])
    assert interval([0.25]).low == interval([0.25]).high == 0.25


def test_a_weighted_mean_follows_the_weights() -> None:
    assert interval([0.0, 1.0], [3.0, 1.0]).value == 0.25
    assert interval([0.5, 0.5], [3.0, 1.0]).high == 0.5


def test_some_days_are_spread_over_all() -> None:
    days = [judged(str(number)) for number in range(10)]

    assert [one.candidates[0] for one in evenly(days, 2)] == ["2", "7"]
    assert evenly(days, 0) == evenly(days, 10) == tuple(days)


def test_a_larger_draw_holds_a_smaller_one() -> None:
    ids = [str(number) for number in range(50)]

    small, large = drawn(ids, lambda one: one != "7", 5), drawn(reversed(ids), lambda one: one != "7", 20)

    assert small == large[:5]
    assert "7" not in drawn(ids, lambda one: one != "7", 50)
