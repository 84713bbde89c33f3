"""The second look at the head of a ranking."""

from __future__ import annotations

import pytest

from index.head import SecondLook
from index.hits import PaperMatch
from pipeline.errors import RerankUnavailableError
from tests.fakes.scorers import ListedScorer

PASSAGES = ["alpha", "beta", "gamma"]


def matches(*scores: float) -> list[PaperMatch]:
    return [PaperMatch(place, (place,), score, score / 2, score / 2) for place, score in enumerate(scores)]


def order(found: list[PaperMatch] | None) -> list[tuple[int, float]]:
    assert found is not None
    return [(match.paper, round(match.score, 4)) for match in found]


def test_the_scorer_decides_as_far_as_its_weight_goes() -> None:
    scorer = ListedScorer({"alpha": -9.0, "beta": -9.0, "gamma": 3.0})
    head = matches(1.0, 0.75, 0.5)

    assert [one for one, _ in order(SecondLook(scorer, weight=1.0).rescore("q", head, PASSAGES))] == [2, 0, 1]
    assert [one for one, _ in order(SecondLook(scorer, weight=0.25).rescore("q", head, PASSAGES))] == [0, 1, 2]


def test_scores_stay_between_those_the_head_had() -> None:
    scorer = ListedScorer({"alpha": 100.0, "beta": 300.0, "gamma": 200.0})

    # First scores scaled: 1, .5, 0; the scorer's: 0, 1, .5; their halves' sums .5, .75, .25 scaled to .5...1.
    assert order(SecondLook(scorer, weight=0.5).rescore("q", matches(1.0, 0.75, 0.5), PASSAGES)) == [
        (1, 1.0),
        (0, 0.75),
        (2, 0.5),
    ]


def test_equal_scores_change_nothing() -> None:
    scorer = ListedScorer()

    assert order(SecondLook(scorer).rescore("q", matches(1.0, 0.75, 0.5), PASSAGES)) == [(0, 1.0), (1, 0.75), (2, 0.5)]


def test_without_an_answer_there_is_no_new_order() -> None:
    scorer = ListedScorer(error=RerankUnavailableError("it is slow"))

    assert SecondLook(scorer).rescore("q", matches(1.0, 0.5), PASSAGES[:2]) is None


def test_a_fault_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        SecondLook(ListedScorer(error=ZeroDivisionError())).rescore("q", matches(1.0, 0.5), PASSAGES[:2])
