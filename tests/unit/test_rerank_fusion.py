"""From interests and likes to one judgement: the formulas of `rerank.fusion`, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerank.fusion import alone, border, border_of_interest, weight_of_interest, weight_of_likes, with_interest
from rerank.likings import Liking

EVIDENCE = np.asarray([3.0, -1.0], np.float32)


def _liking(likes: int) -> Liking:
    """Two papers of strengths 4 and -1."""
    return Liking(np.asarray([[1, 0], [2, -1], [0.5, 0], [0.5, 0]], np.float32), likes)


def test_strength_is_all_features_together() -> None:
    assert _liking(1).strength.tolist() == [4.0, -1.0]


@pytest.mark.parametrize("likes, weight", [(0, 1.0), (1, 1 / 1.4), (5, 1 / 3), (100, 1 / 41)])
def test_words_count_the_less_the_more_likes_show_what_is_meant(likes: int, weight: float) -> None:
    assert weight_of_interest(likes) == pytest.approx(weight)


@pytest.mark.parametrize("likes, weight", [(0, 0.0), (1, 0.48 / 1.9), (9, 0.48 * 9 / 9.9)])
def test_likes_count_the_more_the_more_they_are(likes: int, weight: float) -> None:
    assert weight_of_likes(likes, has_interest=True) == pytest.approx(weight)


@pytest.mark.parametrize("likes", [1, 7, 500])
def test_likes_without_an_interest_count_alike_however_many(likes: int) -> None:
    assert weight_of_likes(likes, has_interest=False) == 0.49


def test_more_likes_alone_start_lower() -> None:
    assert border(1) == pytest.approx(-4.8)
    assert border(10) == pytest.approx(-4.8 - 0.4 * math.log(10))


@pytest.mark.parametrize(
    "likes, of_all, expected",
    [
        (0, 0, 0.0),
        (0, 10, -1.25),  # none of ten likes shows the interest: 2.5 x 10 / 20
        (0, 40, -2.0),
        (1, 1, -5.5 / 3.5),
        (5, 5, -5.5 * 5 / 7.5),
        (1, 90, -2.25),  # where one like of many shows it, the many ask for more
    ],
)
def test_an_interest_starts_the_lower_the_more_is_liked(likes: int, of_all: int, expected: float) -> None:
    assert border_of_interest(likes, of_all) == pytest.approx(expected)


def test_an_interest_of_a_reader_who_likes_nothing_is_its_evidence() -> None:
    assert with_interest(EVIDENCE, None, 0).tolist() == EVIDENCE.tolist()


def test_an_interest_that_no_like_shows_has_to_match_better() -> None:
    assert with_interest(EVIDENCE, None, 10).tolist() == [1.75, -2.25]


def test_an_interest_and_the_likes_that_show_it_are_added() -> None:
    told = with_interest(EVIDENCE, _liking(5), 8)

    weight, start = 0.48 * 5 / 5.9, -5.5 * 5 / 7.5
    assert told.tolist() == pytest.approx([3 / 3 + weight * 4 + start, -1 / 3 - weight + start], abs=1e-5)


def test_likes_alone_are_their_strength_from_their_start() -> None:
    start = -4.8 - 0.4 * math.log(5)

    assert alone(_liking(5)).tolist() == pytest.approx([0.49 * 4 + start, -0.49 + start], abs=1e-5)
