"""Adding two kinds of scores that do not compare."""

from __future__ import annotations

import math

import numpy as np
import pytest

from index.fusion import Fused, fuse, min_max, moved, nearness, wordiness
from pipeline.ports import F32


def floats(*numbers: float) -> F32:
    return np.array(numbers, np.float32)


def fused(meaning: F32, words: F32) -> Fused:
    return fuse(np.arange(10, 10 + len(meaning)), meaning, words)


def test_scaling_maps_the_best_to_one_and_the_worst_to_zero() -> None:
    assert min_max(floats(5, 2, 3)).tolist() == pytest.approx([1.0, 0.0, 1 / 3])


def test_equal_scores_are_all_the_best_or_all_nothing() -> None:
    assert min_max(floats(7, 7)).tolist() == [1.0, 1.0]
    assert min_max(floats(0, 0)).tolist() == [0.0, 0.0]


def test_nearness_is_nothing_for_what_chance_gives_and_one_for_the_same_text() -> None:
    assert nearness(floats(1, 0.6, 0.2, 0.1), by_chance=0.2).tolist() == pytest.approx([1, 0.5, 0, -0.125])


def test_nearness_holds_for_a_model_that_puts_all_texts_close() -> None:
    assert nearness(floats(0.99), by_chance=0.98).tolist() == pytest.approx([0.2])


def test_one_use_of_the_rarest_word_weighs_about_one() -> None:
    assert wordiness(floats(math.log(1000)), 998).tolist() == pytest.approx([1.0])


def test_a_query_moves_towards_its_first_passages_by_their_scores() -> None:
    vector = moved(floats(1, 0, 0), np.eye(3, dtype=np.float32), floats(1, 3, -5), distance=0.4)

    assert vector.tolist() == pytest.approx([1.1, 0.3, 0])


def test_a_query_whose_first_passages_are_worth_nothing_stays_where_it_is() -> None:
    assert moved(floats(1, 0), np.eye(2, dtype=np.float32), floats(0, -1), distance=0.4).tolist() == [1, 0]


def test_both_shares_add_up() -> None:
    result = fused(floats(0.4, 0.25, 0.1), floats(0, 0.5, 0.25))

    assert result.rows.tolist() == [11, 10, 12]
    assert result.scores.tolist() == pytest.approx([0.75, 0.4, 0.35])
    assert result.by_meaning.tolist() == pytest.approx([0.25, 0.4, 0.1])
    assert result.by_words.tolist() == pytest.approx([0.5, 0, 0.25])


def test_scores_above_one_are_scaled_down_together() -> None:
    result = fused(floats(0.5, 0.5), floats(1.5, 0.5))

    assert result.scores.tolist() == pytest.approx([1, 0.5])
    assert result.by_words.tolist() == pytest.approx([0.75, 0.25])


def test_what_is_farther_than_chance_counts_nothing_but_keeps_its_place() -> None:
    result = fused(floats(-0.2, -0.1), floats(0, 0))

    assert result.rows.tolist() == [11, 10]
    assert result.scores.tolist() == [0, 0]


def test_rows_of_equal_score_keep_their_order() -> None:
    assert fused(floats(0.5, 0.5, 0.5), floats(1, 1, 1)).rows.tolist() == [10, 11, 12]


def test_no_candidates_give_no_result() -> None:
    assert fused(floats(), floats()).rows.tolist() == []
