"""A scorer that answers within its budget or not at all."""

from __future__ import annotations

import logging
import threading

import numpy as np
import pytest

from pipeline.errors import RerankAuthError, RerankError, RerankUnavailableError
from rerank.in_time import InTime, Patience
from tests.fakes.scorers import HeldScorer, ListedScorer, Seconds

AMPLE, NONE = Patience(30.0, 1), Patience(0.0, 1)


def await_rerankers() -> None:
    """Until every call that was left behind has ended."""
    for thread in threading.enumerate():
        if thread.name == "rerank":
            thread.join(30)


def test_an_answer_in_time_is_the_scorers() -> None:
    scorer = InTime(ListedScorer({"lake": 2.0, "train": -1.0}), AMPLE)

    assert scorer.score("q", ["a train", "a lake"]).tolist() == [-1.0, 2.0]


def test_nobody_waits_longer_than_the_budget_and_the_late_answer_serves_the_next_search() -> None:
    held = HeldScorer(np.array([0.5], np.float32))
    scorer = InTime(held, NONE)

    with pytest.raises(RerankUnavailableError, match="no answer within 0 ms"):
        scorer.score("q", ["a"])
    held.go.set()
    await_rerankers()

    assert scorer.score("q", ["a"]).tolist() == [0.5]
    assert held.calls == 1


def test_the_same_question_is_asked_once_and_another_anew() -> None:
    listed = ListedScorer()
    scorer = InTime(listed, AMPLE)

    scorer.score("q", ["a"])
    scorer.score("q", ["a"])
    scorer.score("q", ["b"])

    assert listed.asked == [("q", ("a",)), ("q", ("b",))]


def test_while_all_calls_are_under_way_others_do_not_wait() -> None:
    held = HeldScorer()
    scorer = InTime(held, NONE)
    with pytest.raises(RerankUnavailableError):
        scorer.score("q", ["a"])

    with pytest.raises(RerankUnavailableError, match="busy"):
        scorer.score("another", ["a"])
    held.go.set()
    await_rerankers()


def test_after_three_failures_it_is_left_alone_then_tried_once(caplog: pytest.LogCaptureFixture) -> None:
    listed, clock = ListedScorer(error=RerankUnavailableError("it is down")), Seconds()
    scorer = InTime(listed, AMPLE, clock)

    with caplog.at_level(logging.WARNING, logger="rerank"):
        for number in range(10):
            with pytest.raises(RerankUnavailableError):
                scorer.score(f"q{number}", ["a"])
    assert len(listed.asked) == 3
    assert [record.message for record in caplog.records] == ["searches go without the reranker for a while: it is down"]

    clock.now += 30.0
    listed.error = None
    assert scorer.score("q", ["a"]).tolist() == [0.0]
    assert scorer.score("p", ["a"]).tolist() == [0.0]


def test_answers_that_come_late_open_the_breaker_too() -> None:
    held = HeldScorer()
    scorer = InTime(held, Patience(0.0, 8))

    for number in range(5):
        with pytest.raises(RerankUnavailableError):
            scorer.score(f"q{number}", ["a"])
    held.go.set()
    await_rerankers()

    assert held.calls == 3


def test_while_the_breaker_is_open_what_is_known_is_still_told() -> None:
    listed = ListedScorer({"a": 1.0})
    scorer = InTime(listed, AMPLE, Seconds())
    scorer.score("known", ["a"])
    listed.error = RerankError("broken")
    for number in range(3):
        with pytest.raises(RerankError, match="broken"):
            scorer.score(f"q{number}", ["a"])

    assert scorer.score("known", ["a"]).tolist() == [1.0]
    with pytest.raises(RerankUnavailableError, match="left alone"):
        scorer.score("q", ["a"])


def test_a_refused_key_is_told_once_and_not_tried_for_ten_minutes(caplog: pytest.LogCaptureFixture) -> None:
    listed, clock = ListedScorer(error=RerankAuthError("401: who are you?")), Seconds()
    scorer = InTime(listed, AMPLE, clock)

    with caplog.at_level(logging.INFO, logger="rerank"):
        for number in range(4):
            with pytest.raises(RerankError):
                scorer.score(f"q{number}", ["a"])
            clock.now += 300.0

    assert len(listed.asked) == 2
    assert [record.message for record in caplog.records] == ["the reranker refuses: 401: who are you?"]


def test_a_fault_of_our_own_does_not_reach_the_search(caplog: pytest.LogCaptureFixture) -> None:
    scorer = InTime(ListedScorer(error=ZeroDivisionError("oh")), AMPLE)

    with pytest.raises(RerankError, match="ZeroDivisionError"):
        scorer.score("q", ["a"])

    assert "the reranker failed" in caplog.text
