"""When a new model has won."""

from __future__ import annotations

import numpy as np
import pytest

from rerank.train_measure import compare, ndcg


def test_ndcg_counts_what_was_taken_by_its_place() -> None:
    assert ndcg(["a", "b", "c"], {"a"}) == 1.0
    assert ndcg(["b", "a", "c"], {"a"}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg([str(n) for n in range(10)] + ["a"], {"a"}) == 0.0
    assert ndcg(["a"], set()) == 0.0


def test_a_model_that_is_better_on_most_days_wins() -> None:
    old = np.linspace(0.2, 0.6, 40)

    found = compare((old + 0.05).tolist(), old.tolist(), seed=0)

    assert found.is_won
    assert found.low == pytest.approx(0.05)
    assert found.words.startswith("better: nDCG@10 0.450 against 0.400 on 40 held-out days (difference +0.050")


def test_a_model_that_is_better_by_chance_does_not_win() -> None:
    dice = np.random.default_rng(3)
    old = dice.random(40)

    found = compare((old + dice.normal(0.02, 0.3, 40)).tolist(), old.tolist(), seed=0)

    assert not found.is_won
    assert found.low < 0 < found.high
    assert found.words.startswith("not better by 0.005 for certain")


def test_a_gain_too_small_to_matter_does_not_win() -> None:
    found = compare([0.504] * 40, [0.5] * 40, seed=0)

    assert not found.is_won


def test_few_days_decide_nothing() -> None:
    found = compare([0.9] * 19, [0.1] * 19, seed=0)

    assert not found.is_won
    assert found.words.startswith("not decided, at least 20 held-out days are needed")


def test_no_days_are_no_comparison() -> None:
    assert not compare([], [], seed=0).is_won
