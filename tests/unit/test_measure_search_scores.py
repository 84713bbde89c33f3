"""Scores of a ranking against worked examples."""

from __future__ import annotations

import math

import pytest

from flows.evaluation.search_scores import mean_and_error, ndcg, recall, reciprocal_rank

FOUND = ["a", "x", "b", "y"]


def test_ndcg_discounts_by_the_logarithm_of_the_place_and_knows_the_best_possible() -> None:
    assert ndcg(FOUND, frozenset("abc"), 3) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3) + 1 / 2))
    assert ndcg(FOUND, frozenset("a"), 3) == 1.0
    assert ndcg(FOUND, frozenset("y"), 3) == 0.0


def test_recall_counts_the_relevant_ones_above_the_depth() -> None:
    assert recall(FOUND, frozenset("aby"), 3) == pytest.approx(2 / 3)


def test_reciprocal_rank_is_that_of_the_first_relevant_one() -> None:
    assert reciprocal_rank(FOUND, frozenset("by"), 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(FOUND, frozenset("by"), 2) == 0.0


def test_the_standard_error_is_the_deviation_over_the_root_of_the_count() -> None:
    mean, error = mean_and_error([0.0, 1.0, 0.0, 1.0])

    assert mean == 0.5
    assert error == pytest.approx(math.sqrt(1 / 3) / 2)
    assert mean_and_error([0.7]) == (0.7, 0.0)
