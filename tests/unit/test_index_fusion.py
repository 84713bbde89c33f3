"""Fusing two lists whose scores do not compare."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import Fused, fuse, min_max
from pipeline.ports import F32


def floats(*numbers: float) -> F32:
    return np.array(numbers, np.float32)


def fused(meaning: F32, words: F32, weight: float = 0.5) -> Fused:
    return fuse(np.arange(10, 10 + len(meaning)), meaning, words, weight)


def test_scaling_maps_the_best_to_one_and_the_worst_to_zero() -> None:
    assert min_max(floats(5, 2, 3)).tolist() == pytest.approx([1.0, 0.0, 1 / 3])


def test_equal_scores_are_all_the_best_or_all_nothing() -> None:
    assert min_max(floats(7, 7)).tolist() == [1.0, 1.0]
    assert min_max(floats(0, 0)).tolist() == [0.0, 0.0]


def test_half_of_each_score_adds_up() -> None:
    result = fused(floats(0.9, 0.5, 0.1), floats(0, 12, 6))

    assert result.rows.tolist() == [11, 10, 12]
    assert result.scores.tolist() == pytest.approx([0.75, 0.5, 0.25])
    assert result.by_meaning.tolist() == pytest.approx([0.25, 0.5, 0.0])
    assert result.by_words.tolist() == pytest.approx([0.5, 0.0, 0.25])


def test_the_weight_shifts_towards_meaning() -> None:
    assert fused(floats(1, 0), floats(1, 3), weight=0.8).scores.tolist() == pytest.approx([0.8, 0.2])


def test_without_a_single_word_found_meaning_alone_decides() -> None:
    result = fused(floats(0.2, 0.8), floats(0, 0))

    assert result.rows.tolist() == [11, 10]
    assert result.by_words.tolist() == [0.0, 0.0]


def test_rows_of_equal_score_keep_their_order() -> None:
    assert fused(floats(0.5, 0.5, 0.5), floats(1, 1, 1)).rows.tolist() == [10, 11, 12]


def test_no_candidates_give_no_result() -> None:
    assert fused(floats(), floats()).rows.tolist() == []
