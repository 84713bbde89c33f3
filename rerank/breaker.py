"""A circuit breaker: what failed a few times in a row is left alone for a while, then tried once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum

_FAILURES = 3
_PAUSE_S = 30.0


class BreakerState(StrEnum):
    """Closed lets all through, open none, half-open one."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """Safe to ask from many threads. `clock` tells seconds that never go back.

    After `failures` in a row it opens for `pause_s`; then one caller is admitted, and its outcome closes the breaker
    or opens it again. A caller that was admitted and reports nothing (it died) is replaced after another pause.
    """

    def __init__(self, clock: Callable[[], float], failures: int = _FAILURES, pause_s: float = _PAUSE_S) -> None:
        self._clock = clock
        self._limit = failures
        self._pause_s = pause_s
        self._failed = 0
        self._closed_until: float | None = None  # None: closed; else nobody is admitted before that moment
        self._lock = threading.Lock()

    @property
    def state(self) -> BreakerState:
        """Where it stands now."""
        with self._lock:
            if self._closed_until is None:
                return BreakerState.CLOSED
            return BreakerState.OPEN if self._is_shut() else BreakerState.HALF_OPEN

    def admits(self) -> bool:
        """Whether the caller may try; one that may should report how it went."""
        with self._lock:
            if self._closed_until is None:
                return True
            if self._is_shut():
                return False
            self._closed_until = self._clock() + self._pause_s  # the others wait for this one
            return True

    def succeeded(self) -> None:
        """It went well."""
        with self._lock:
            self._failed, self._closed_until = 0, None

    def failed(self) -> bool:
        """It did not; tells whether that opened a breaker that was closed."""
        with self._lock:
            self._failed += 1
            if self._closed_until is None and self._failed < self._limit:
                return False
            return self._open(self._pause_s)

    def trip(self, pause_s: float) -> bool:
        """Opens it at once for that long; tells whether it was closed."""
        with self._lock:
            return self._open(pause_s)

    def _open(self, pause_s: float) -> bool:
        was_closed = self._closed_until is None
        self._closed_until = self._clock() + pause_s
        return was_closed

    def _is_shut(self) -> bool:
        return self._closed_until is not None and self._clock() < self._closed_until
