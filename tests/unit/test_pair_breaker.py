"""The circuit breaker of the reranker, by a clock that the test moves."""

from __future__ import annotations

import pytest

from rerank.breaker import Breaker, BreakerState
from tests.fakes.scorers import Seconds


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(clock: Seconds) -> Breaker:
    return Breaker(clock, failures=3, pause_s=30.0)


def test_it_opens_with_the_third_failure_in_a_row_and_says_so_once(breaker: Breaker) -> None:
    assert [breaker.failed() for _ in range(4)] == [False, False, True, False]
    assert (breaker.state, breaker.admits()) == (BreakerState.OPEN, False)


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    breaker.failed()

    assert (breaker.state, breaker.admits()) == (BreakerState.CLOSED, True)


def test_after_the_pause_one_caller_tries_and_the_others_wait(breaker: Breaker, clock: Seconds) -> None:
    breaker.trip(30.0)
    clock.now += 30.0

    assert breaker.state is BreakerState.HALF_OPEN
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_a_trial_that_goes_well_closes_it(breaker: Breaker, clock: Seconds) -> None:
    breaker.trip(30.0)
    clock.now += 30.0
    breaker.admits()
    breaker.succeeded()

    assert [breaker.admits() for _ in range(3)] == [True, True, True]


def test_a_trial_that_fails_opens_it_for_another_pause(breaker: Breaker, clock: Seconds) -> None:
    breaker.trip(30.0)
    clock.now += 30.0
    breaker.admits()
    breaker.failed()
    clock.now += 29.0

    assert not breaker.admits()
    clock.now += 1.0
    assert breaker.admits()


def test_a_trial_that_is_never_reported_is_replaced(breaker: Breaker, clock: Seconds) -> None:
    breaker.trip(30.0)
    clock.now += 30.0
    breaker.admits()
    clock.now += 30.0

    assert breaker.admits()
