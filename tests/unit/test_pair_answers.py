"""What reranking endpoints answer, believed only as far as it fits."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.errors import RerankError
from rerank.answers import read_scores

NAN, INFINITE = float("nan"), float("inf")


def results(*scores: tuple[object, object]) -> dict[str, object]:
    return {"results": [{"index": place, "relevance_score": score} for place, score in scores]}


@pytest.mark.parametrize(
    "answer",
    [
        results((1, 0.25), (0, 0.75)),
        {"data": [{"index": 0, "relevance_score": 0.75}, {"index": 1, "relevance_score": 0.25}]},
        [{"index": 1, "score": 0.25, "text": "b"}, {"index": 0, "score": 0.75}],
    ],
    ids=["Cohere", "Voyage", "TEI"],
)
def test_scores_come_in_the_order_of_the_documents(answer: Any) -> None:
    assert read_scores(answer, 2).tolist() == [0.75, 0.25]


@pytest.mark.parametrize("unknown", [None, NAN, -INFINITE, "0.9", True, 10**400, [0.9]])
def test_a_document_without_a_number_shares_the_lowest_score(unknown: object) -> None:
    assert read_scores(results((0, 0.5), (1, unknown), (2, -3.0)), 3).tolist() == [0.5, -3.0, -3.0]


def test_documents_that_are_left_out_are_the_last() -> None:
    assert read_scores(results((2, 0.5), (0, 0.25)), 3).tolist() == [0.25, 0.25, 0.5]


@pytest.mark.parametrize(
    "answer, told",
    [
        ("fine", "no list"),
        ({"scores": [1, 2]}, "no list"),
        ({"results": {"0": 1.0}}, "no list"),
        (results(), "scored only 0 of 2"),
        (results((0, 0.5)), "scored only 1 of 2"),
        (results((0, NAN), (1, NAN)), "scored only 0 of 2"),
        (results((0, 0.5), (2, 0.5)), "document 2 of 2"),
        (results((0, 0.5), (-1, 0.5)), "document -1 of 2"),
        (results((0, 0.5), (True, 0.5)), "document True of 2"),
        (results((0, 0.5), ("1", 0.5)), "document '1' of 2"),
        (results((0, 0.5), (0, 0.5)), "twice for document 0"),
        ({"results": ["a", "b"]}, "document None of 2"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(answer: Any, told: str) -> None:
    with pytest.raises(RerankError, match=told):
        read_scores(answer, 2)
