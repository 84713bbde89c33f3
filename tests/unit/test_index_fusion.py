"""Fusing two lists whose scores do not compare."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import fuse, min_max
from pipeline.ports import F32, I64


def ranked(**scores: float) -> tuple[I64, F32]:
    rows = [int(name[1:]) for name in scores]
    return np.array(rows, np.int64), np.array(list(scores.values()), np.float32)


def test_scaling_maps_the_best_to_one_and_the_worst_to_zero() -> None:
    assert min_max(np.array([5.0, 2.0, 3.0], np.float32)).tolist() == pytest.approx([1.0, 0.0, 1 / 3])


def test_equal_scores_are_all_the_best() -> None:
    assert min_max(np.array([7.0, 7.0], np.float32)).tolist() == [1.0, 1.0]


def test_half_of_each_list_adds_up() -> None:
    fused = fuse(ranked(r1=0.9, r2=0.5, r3=0.1), ranked(r2=12.0, r3=8.0, r4=4.0))

    assert fused.rows.tolist() == [2, 1, 3, 4]
    assert fused.scores.tolist() == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert fused.by_meaning.tolist() == pytest.approx([0.25, 0.5, 0.0, 0.0])
    assert fused.by_words.tolist() == pytest.approx([0.5, 0.0, 0.25, 0.0])


def test_the_weight_shifts_towards_meaning() -> None:
    fused = fuse(ranked(r1=1.0, r2=0.0), ranked(r2=3.0, r1=1.0), weight=0.8)

    assert fused.scores.tolist() == pytest.approx([0.8, 0.2])


def test_rows_of_equal_score_stand_in_ascending_order() -> None:
    assert fuse(ranked(r9=0.5, r4=0.5), ranked()).rows.tolist() == [4, 9]


def test_two_empty_lists_give_an_empty_one() -> None:
    assert fuse(ranked(), ranked()).rows.tolist() == []
