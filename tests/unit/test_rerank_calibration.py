"""What a reader's answers make of probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from rerank.calibration import USUAL, Calibration, calibrate

Answers = Sequence[tuple[float, bool]]


def _surprise(line: Calibration, answers: Answers) -> float:
    """Minus the logarithm of the line's probability: that of the answers, and of a line so far from everybody's."""
    told = 0.0
    for odds, is_wanted in answers:
        meant = line.slope * odds + line.shift
        told += math.log1p(math.exp(-meant if is_wanted else meant))
    return told + (line.shift / 0.7) ** 2 / 2 + (math.log(line.slope) / 0.3) ** 2 / 2


def test_without_answers_everybodys_line_holds() -> None:
    assert calibrate(()) == USUAL
    assert USUAL.apply(np.asarray([-2.5, 0.0, 3.0], np.float32)).tolist() == [-2.5, 0.0, 3.0]


def test_a_line_is_applied_as_it_reads() -> None:
    assert Calibration(0.5, -1.0).apply(np.asarray([-2.0, 4.0], np.float32)).tolist() == [-2.0, 1.0]


def test_an_answer_at_even_odds_moves_the_border_and_not_the_slope() -> None:
    line = calibrate([(0.0, True)])

    # Where the pull of the answer, 1 - p, is that of the prior, shift / .7^2.
    assert 1 - 1 / (1 + math.exp(-line.shift)) == pytest.approx(line.shift / 0.49)
    assert line.slope == pytest.approx(1.0)


def test_what_was_wanted_makes_surer_and_what_was_not_less_sure() -> None:
    assert calibrate([(1.0, True)] * 10).shift > 0
    assert calibrate([(1.0, False)] * 10).shift < 0


def test_few_answers_hardly_move_anything_and_many_do() -> None:
    shifts = [calibrate([(1.0, False), (2.0, True)] * times).shift for times in (1, 10, 100)]

    assert abs(shifts[0]) < 0.3
    assert abs(shifts[0]) < abs(shifts[1]) < abs(shifts[2])


def test_likes_and_dislikes_alike_of_sure_and_unsure_papers_make_all_less_sure() -> None:
    line = calibrate([(odds, is_wanted) for odds in (-3.0, 3.0) for is_wanted in (True, False)] * 20)

    assert line.slope < 0.5
    assert line.shift == pytest.approx(0.0, abs=1e-6)


def test_the_slope_stays_positive_whatever_is_answered() -> None:
    line = calibrate([(odds, odds < 0) for odds in np.linspace(-8, 8, 200).tolist()])

    assert 0 < line.slope < 0.2


def test_only_the_newest_500_answers_count() -> None:
    newest = [(1.0, True), (2.0, False)] * 250

    assert calibrate([(-3.0, True)] * 300 + newest) == calibrate(newest)


@pytest.mark.parametrize("wanted", ["as told", "all", "none", "the opposite", "by chance"])
@pytest.mark.parametrize("size", [1, 17, 382])
def test_the_line_is_the_most_probable_one(wanted: str, size: int) -> None:
    drawn = np.random.default_rng(size)
    odds = np.clip(drawn.normal(1, 6, size), -20, 20)
    likely = {
        "as told": 1 / (1 + np.exp(-odds)),
        "all": np.ones(size),
        "none": np.zeros(size),
        "the opposite": odds < 0,
        "by chance": np.full(size, 0.5),
    }[wanted]
    answers = list(zip(odds.tolist(), (drawn.random(size) < likely).tolist(), strict=True))

    line = calibrate(answers)

    found = _surprise(line, answers)
    steps = [(a, b) for a in (-0.1, 0.0, 0.1) for b in (-0.1, 0.0, 0.1)]
    assert all(
        found <= _surprise(Calibration(line.slope * math.exp(b), line.shift + a), answers) + 1e-6 for a, b in steps
    )
