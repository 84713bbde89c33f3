from __future__ import annotations

import numpy as np
import pytest

from pipeline.ports import F32, Candidate
from rerank.taste import ALONE, BORDER, LIFT, NEUTRAL, REPELLED, taste
from tests.fakes.papers import make_paper

ABSTRACTS = np.eye(4, dtype=np.float32)


def _paper(*vector: float) -> Candidate:
    return Candidate(make_paper(), (), np.asarray([vector], dtype=np.float32))


def _values(values: F32) -> list[float]:
    return [float(value) for value in values]


def test_likeness_is_the_mean_cosine_to_the_three_nearest_likes() -> None:
    liked = [_paper(0.9, 0, 0, 0), _paper(0.6, 0.8, 0, 0), _paper(0.6, 0, 0.8, 0), _paper(0, 0.5, 0, 0)]

    found = taste(liked, [], ABSTRACTS)

    assert _values(found.alone)[0] == pytest.approx(ALONE * (0.7 - BORDER), abs=1e-5)
    assert _values(found.lift)[0] == pytest.approx(LIFT * (0.7 - NEUTRAL), abs=1e-5)
    assert found.nearest.tolist() == [0, 1, 2, 0]


def test_a_paper_unlike_the_likes_is_not_lowered() -> None:
    assert _values(taste([_paper(1, 0, 0, 0)], [], ABSTRACTS).lift)[1:] == [0, 0, 0]


def test_a_paper_near_a_disliked_one_is_lowered() -> None:
    found = taste([], [_paper(0.8, 0.5, 0, 0)], ABSTRACTS)

    assert _values(found.penalty) == pytest.approx([LIFT * (0.8 - REPELLED), 0, 0, 0], abs=1e-5)


def test_a_paper_nearer_to_a_liked_one_than_to_a_disliked_one_is_not_lowered() -> None:
    found = taste([_paper(0.9, 0, 0, 0)], [_paper(0.8, 0, 0, 0)], ABSTRACTS)

    assert _values(found.penalty) == [0, 0, 0, 0]


def test_without_likes_nothing_is_judged_by_taste_alone() -> None:
    found = taste([], [], ABSTRACTS)

    assert _values(found.alone) == [-np.inf] * 4
    assert _values(found.lift) == _values(found.penalty) == [0, 0, 0, 0]
