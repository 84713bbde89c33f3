from __future__ import annotations

from datetime import date

import pytest

from flows.demo.answer import Answer
from flows.demo.archive import Archive
from flows.demo.failures import Failure, Route, Trouble, TroubleQueue
from flows.demo.sample import SampleDay
from tests.fakes.papers import make_sample

_MONDAY, _TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
_ARCHIVE = Archive(
    (SampleDay(_MONDAY, (make_sample("2611.00001"),)), SampleDay(_TUESDAY, (make_sample("2611.00002"),))), _TUESDAY
)
_ANSWER = Answer(b"0123456789")


def test_an_http_error_carries_its_patience() -> None:
    answer = Trouble(Failure.STATUS, 429, retry_after_s=7).alter_answer(_ANSWER)

    assert (answer.status, answer.headers) == (429, {"Retry-After": "7"})
    assert Trouble(Failure.STATUS).alter_answer(_ANSWER).headers == {}


def test_rate_exceeded_looks_like_success() -> None:
    answer = Trouble(Failure.RATE_EXCEEDED).alter_answer(_ANSWER)

    assert (answer.status, answer.body) == (200, b"Rate exceeded.")


def test_a_cut_off_answer_is_its_first_half() -> None:
    assert Trouble(Failure.CUT_OFF).alter_answer(_ANSWER).body == b"01234"


@pytest.mark.parametrize("failure", [Failure.EMPTY, Failure.STALE, Failure.REDATED])
def test_a_wrong_listing_is_a_well_formed_answer(failure: Failure) -> None:
    assert Trouble(failure).alter_answer(_ANSWER) == _ANSWER


@pytest.mark.parametrize(
    "failure, route, at, listed",
    [
        (Failure.EMPTY, Route.FEED, _TUESDAY, []),
        (Failure.STALE, Route.FEED, _MONDAY, ["2611.00001"]),
        (Failure.REDATED, Route.FEED, _MONDAY, ["2611.00001"]),
        (Failure.STALE, Route.OAI, _TUESDAY, []),
        (Failure.CUT_OFF, Route.FEED, _TUESDAY, ["2611.00002"]),
    ],
)
def test_a_failure_decides_what_the_service_believes_to_be_listed(
    failure: Failure, route: Route, at: date, listed: list[str]
) -> None:
    altered = Trouble(failure).alter_archive(_ARCHIVE, route)

    assert altered.at == at
    assert [sample.paper.id for sample in altered.listing()] == listed


def test_only_a_redated_feed_has_a_head_of_another_date() -> None:
    assert Trouble(Failure.REDATED).head_date(_ARCHIVE) == _TUESDAY
    assert Trouble(Failure.STALE).head_date(_ARCHIVE) is None


def test_troubles_strike_in_order_as_often_as_told_and_on_their_route_only() -> None:
    queue = TroubleQueue()
    queue.put(Route.OAI, Trouble(Failure.HANG, times=2))
    queue.put(Route.OAI, Trouble(Failure.EMPTY))

    struck = [queue.take(Route.OAI) for _ in range(4)]

    assert [trouble and trouble.failure for trouble in struck] == [Failure.HANG, Failure.HANG, Failure.EMPTY, None]
    assert queue.take(Route.FEED) is None


def test_a_trouble_without_a_count_stays_until_all_is_cleared() -> None:
    queue = TroubleQueue()
    queue.put(Route.PDF, Trouble(Failure.EMPTY, times=None))

    assert all(queue.take(Route.PDF) for _ in range(5))
    queue.clear()
    assert queue.take(Route.PDF) is None
