from __future__ import annotations

import threading
import time

import pytest

from ocr.endpoints.throttle import Throttle


def _mark(throttle: Throttle) -> int:
    with throttle.slot() as mark:
        return mark


def test_one_request_goes_first() -> None:
    assert Throttle(32).limit == 1


def test_the_limit_doubles_with_each_answer_up_to_the_most() -> None:
    throttle = Throttle(20)

    limits = []
    for _ in range(6):
        throttle.answered()
        limits.append(throttle.limit)

    assert limits == [2, 4, 8, 16, 20, 20]


def test_congestion_halves_it_and_a_full_round_of_answers_makes_room_for_one_more() -> None:
    throttle = Throttle(16)
    for _ in range(4):
        throttle.answered()

    throttle.congested(_mark(throttle))
    halved = throttle.limit
    for _ in range(9):
        throttle.answered()

    assert (halved, throttle.limit) == (8, 9)


def test_requests_that_were_in_flight_together_halve_it_once() -> None:
    throttle = Throttle(16)
    for _ in range(4):
        throttle.answered()
    marks = [_mark(throttle) for _ in range(10)]

    for mark in marks:
        throttle.congested(mark)

    assert throttle.limit == 8


def test_a_cold_start_is_no_congestion() -> None:
    throttle = Throttle(16)

    throttle.congested(_mark(throttle))
    for _ in range(3):
        throttle.answered()

    assert throttle.limit == 8


def test_it_never_falls_below_one() -> None:
    throttle = Throttle(4)

    for _ in range(5):
        throttle.congested(_mark(throttle))

    assert throttle.limit == 1


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_are_in_flight_than_it_allows(most: int) -> None:
    throttle = Throttle(most)
    for _ in range(most):
        throttle.answered()
    in_flight, seen = [0], []
    lock, is_full = threading.Lock(), threading.Event()

    def work() -> None:
        with throttle.slot():
            with lock:
                in_flight[0] += 1
                seen.append(in_flight[0])
                if in_flight[0] == most:
                    is_full.set()
            is_full.wait(60)
            time.sleep(0.002)  # one more would be seen
            with lock:
                in_flight[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(seen), max(seen)) == (20, most)


def test_who_came_first_is_served_first() -> None:
    throttle, served = Throttle(1), []
    threads = []

    def work(number: int) -> None:
        with throttle.slot():
            served.append(number)

    with throttle.slot():
        for number in range(5):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(throttle._queue) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert served == [0, 1, 2, 3, 4]
