from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from ocr.endpoints.patience import Patience, Waiting
from pipeline.errors import OcrAuthError, OcrUnavailableError

_DOWN = OcrUnavailableError("503")


class FakeWaiting:
    """Time that passes only while somebody sleeps; chance is always the middle."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    @property
    def waiting(self) -> Waiting:
        return Waiting(lambda: self.now_s, self.sleep, lambda: 0.5, lambda: None)


@pytest.fixture
def time_() -> FakeWaiting:
    return FakeWaiting()


def _patience(time_: FakeWaiting, total_s: float = 900.0) -> Patience:
    return Patience(total_s, time_.waiting)


def _be_refused(patience: Patience, times: int) -> None:
    for _ in range(times):
        patience.enter()
        patience.refused(_DOWN)


def _in_thread(function: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def test_nobody_waits_while_the_endpoint_answers(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    patience.enter()
    patience.answered()
    patience.enter()

    assert time_.slept == []


def test_pauses_double_up_to_a_quarter_of_a_minute(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    _be_refused(patience, times=7)
    patience.enter()

    assert time_.slept == [1, 2, 4, 8, 15, 15, 15]


def test_an_answer_starts_the_pauses_over(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    _be_refused(patience, times=3)
    patience.enter()
    patience.answered()
    patience.refused(_DOWN)
    patience.enter()

    assert time_.slept == [1, 2, 4, 1]


def test_the_time_the_endpoint_asks_for_is_kept_and_is_no_less_than_a_second(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    for asked_s in (40, 5, 5, 5, 5, 5, 0):
        patience.refused(OcrUnavailableError("429", retry_after_s=asked_s))
        patience.enter()

    assert time_.slept == [40, 5, 5, 5, 5, 5, 1]


def test_patience_ends_with_the_last_error_and_the_seconds(time_: FakeWaiting) -> None:
    patience = _patience(time_, total_s=10)

    with pytest.raises(OcrUnavailableError, match=r"^503; patience ends after 10 of 10 s$"):
        _be_refused(patience, times=9)

    assert time_.slept == [1, 2, 4, 3]


def test_a_longer_wait_than_patience_has_left_is_refused_at_once(time_: FakeWaiting) -> None:
    patience = _patience(time_, total_s=60)

    with pytest.raises(OcrUnavailableError, match=r"asks for 3600 s more; patience ends after 0 of 60 s"):
        patience.refused(OcrUnavailableError("429", retry_after_s=3600))


def test_no_patience_at_all_ends_with_the_first_refusal(time_: FakeWaiting) -> None:
    patience = _patience(time_, total_s=0)

    with pytest.raises(OcrUnavailableError):
        patience.refused(_DOWN)

    with pytest.raises(OcrUnavailableError):
        patience.enter()


def test_waits_of_one_run_add_up_and_answers_give_a_second_back(time_: FakeWaiting) -> None:
    patience = _patience(time_, total_s=10)

    _be_refused(patience, times=3)  # 7 s of silence
    patience.enter()
    patience.answered()
    patience.answered()
    with pytest.raises(OcrUnavailableError, match="after 10 of 10 s"):
        _be_refused(patience, times=9)

    assert time_.slept == [1, 2, 4, 1, 2, 1]  # of ten seconds seven were spent and one came back


def test_an_endpoint_that_only_slows_down_never_uses_patience_up(time_: FakeWaiting) -> None:
    patience = _patience(time_, total_s=5)

    for _ in range(100):
        patience.refused(OcrUnavailableError("429", retry_after_s=1))
        patience.enter()
        patience.answered()

    assert time_.now_s == 100


def test_the_first_refusal_is_news_and_the_next_are_not(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    first = patience.refused(_DOWN)
    second = patience.refused(_DOWN)

    assert (first, second) == (True, False)


def test_late_refusals_of_requests_already_sent_lengthen_nothing(time_: FakeWaiting) -> None:
    patience = _patience(time_)

    for _ in range(32):
        patience.refused(_DOWN)
    patience.enter()

    assert time_.slept == [1]


def test_after_a_pause_one_thread_tries_while_the_others_wait_for_what_it_finds() -> None:
    passed: list[int] = []
    fast = Waiting(time.monotonic, lambda seconds: time.sleep(seconds / 50), lambda: 0.5, lambda: None)
    patience = Patience(60, fast)
    patience.refused(_DOWN)

    def pass_through(number: int) -> None:
        patience.enter()
        passed.append(number)
        if len(passed) == 1:
            time.sleep(0.1)
            assert len(passed) == 1
            patience.answered()

    threads = [_in_thread(partial(pass_through, number)) for number in range(8)]
    for thread in threads:
        thread.join(timeout=5)

    assert sorted(passed) == list(range(8))


def test_giving_up_tells_everybody_who_waits() -> None:
    told: list[str] = []
    woken = threading.Event()

    def sleep(seconds: float) -> None:
        woken.wait(seconds)

    patience = Patience(60, Waiting(time.monotonic, sleep, lambda: 0.5, woken.set))
    patience.refused(OcrUnavailableError("429", retry_after_s=50))

    def wait() -> None:
        try:
            patience.enter()
        except OcrAuthError as error:
            told.append(error.message)

    threads = [_in_thread(wait) for _ in range(4)]
    time.sleep(0.05)
    patience.give_up(OcrAuthError("wrong key"))
    for thread in threads:
        thread.join(timeout=5)

    assert told == ["wrong key"] * 4
