"""How many requests an endpoint is sent at once: as many as it bears, found out by trying."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Throttle:
    """Additive increase, multiplicative decrease (Chiu and Jain 1989), between 1 and `most`; first come, first served.

    It begins with one request, so that a wrong key or a cold start costs one, and doubles with each answer until the
    endpoint is congested for the first time. After that a full round of answers makes room for one more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = 1.0
        self._has_been_congested = False
        self._cuts = 0
        self._in_flight = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many may be in flight now."""
        return int(self._limit)

    @contextmanager
    def slot(self) -> Iterator[int]:
        """Waits for a place in flight; yields a mark that `congested` wants to see."""
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            while self._queue[0] is not ticket or self._in_flight >= self.limit:
                self._changed.wait()
            self._queue.popleft()
            self._in_flight += 1
            mark = self._cuts
            self._changed.notify_all()
        try:
            yield mark
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def answered(self) -> None:
        """Notes an answer in time: there may be room for more."""
        with self._changed:
            step = 1 / self._limit if self._has_been_congested else self._limit
            self._limit = min(float(self._most), self._limit + step)
            self._changed.notify_all()

    def congested(self, mark: int) -> None:
        """Notes a refusal or a time-out; requests that were in flight together halve the limit once.

        A single request says nothing about how many are too many: after a cold start the limit still doubles.
        """
        with self._changed:
            if mark == self._cuts and self._limit > 1:
                self._has_been_congested = True
                self._cuts += 1
                self._limit = max(1.0, self._limit / 2)
