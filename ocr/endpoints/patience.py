"""One run's patience with one endpoint: while it is down, one thread at a time finds out whether it is back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.errors import OcrError, OcrUnavailableError

logger = logging.getLogger(__name__)

# Pauses between two tries: 1, 2, 4, 8, 15, 15... s, each up to a third shorter or longer, so that a cold start of a
# minute costs about eight requests and is noticed within 20 s.
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 15.0
_JITTER = 1 / 3
_EARNED_S = 1.0  # an answer gives so much of the patience back: an endpoint that only slows down never uses it up


@dataclass(frozen=True, slots=True)
class Waiting:
    """How time passes: a clock that never goes back, a sleep that `wake` cuts short, and chance in [0, 1)."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    wake: Callable[[], None]


def real_waiting(chance: Callable[[], float]) -> Waiting:
    """Waiting in real time."""
    woken = threading.Event()

    def sleep(seconds: float) -> None:
        woken.wait(seconds)

    return Waiting(time.monotonic, sleep, chance, woken.set)


class Patience:
    """A circuit that all threads which ask one endpoint pass through.

    Whoever is refused opens it: then nobody passes `enter` until a pause is over, and after it a single thread,
    which closes it with an answer or lengthens the pause with a refusal. The seconds for which it is open add up
    over the run; beyond `total_s` it is over, and everybody is told so.
    """

    def __init__(self, total_s: float, waiting: Waiting) -> None:
        self._total_s = total_s
        self._waiting = waiting
        self._changed = threading.Condition()
        self._spent_s = 0.0
        self._opened_at: float | None = None
        self._open_until = 0.0
        self._pauses = 0
        self._prober: int | None = None  # the thread that tries, of those that wait
        self._is_somebody_asleep = False
        self._end: OcrError | None = None
        self.answers = 0  # of the endpoint, to whomever

    def enter(self) -> None:
        """Returns when a request may be sent. Raises what ended the patience, OcrUnavailableError as a rule."""
        with self._changed:
            while True:
                if self._end is not None:
                    raise self._end
                if self._opened_at is None or self._prober == threading.get_ident():
                    return
                left_s = self._open_until - self._waiting.clock()
                if self._prober is None and left_s <= 0:
                    self._prober = threading.get_ident()
                    return
                self._wait(left_s)

    def answered(self) -> None:
        """Notes that the endpoint is up: it answered, be it that the request is wrong."""
        with self._changed:
            self.answers += 1
            self._spent_s = max(0.0, self._spent_s - _EARNED_S)
            if self._opened_at is not None and self._prober == threading.get_ident():
                waited_s = self._waiting.clock() - self._opened_at
                self._spent_s += waited_s
                self._opened_at = self._prober = None
                self._pauses = 0
                logger.info("the endpoint answers again after %.0f s", waited_s)
                self._changed.notify_all()

    def refused(self, error: OcrUnavailableError) -> bool:
        """Notes that the endpoint is cold, busy or down; True where this is news.

        Raises OcrUnavailableError where the patience is over, or would be before the endpoint wants to be asked again.
        """
        with self._changed:
            if self._end is not None:
                raise self._end
            is_news = self._opened_at is None
            if self._opened_at is None:
                self._opened_at = self._waiting.clock()
                logger.info("waiting for the endpoint: %s", error.message)
            if is_news or self._prober == threading.get_ident():
                self._prober = None
                self._pause(error, self._opened_at)
                self._changed.notify_all()
            return is_news

    def give_up(self, error: OcrError) -> None:
        """Ends it at once for everybody, with this error."""
        with self._changed:
            self._finish(error)

    def _pause(self, error: OcrUnavailableError, opened_at: float) -> None:
        now = self._waiting.clock()
        spent_s = self._spent_s + now - opened_at
        left_s = self._total_s - spent_s
        if left_s <= 0 or (error.retry_after_s or 0.0) > left_s:
            asks = f" and asks for {error.retry_after_s:.0f} s more" if error.retry_after_s else ""
            raise self._finish(
                OcrUnavailableError(
                    f"{error.message}{asks}; patience ends after {spent_s:.0f} of {self._total_s:.0f} s",
                    retry_after_s=error.retry_after_s,
                )
            )
        self._open_until = now + min(self._next_pause_s(error.retry_after_s), left_s)
        self._pauses += 1

    def _next_pause_s(self, asked_s: float | None) -> float:
        if asked_s is not None:
            return max(asked_s, _FIRST_PAUSE_S)
        pause_s = min(_FIRST_PAUSE_S * 2.0**self._pauses, _LONGEST_PAUSE_S)
        return pause_s * (1 + _JITTER * (2 * self._waiting.chance() - 1))

    def _finish(self, error: OcrError) -> OcrError:
        self._end = self._end or error
        self._waiting.wake()
        self._changed.notify_all()
        return self._end

    def _wait(self, left_s: float) -> None:
        """Sleeps for everybody who waits, or waits for whoever does; called with the lock held, which it lets go."""
        if self._is_somebody_asleep or self._prober is not None:
            self._changed.wait()
            return
        self._is_somebody_asleep = True
        self._changed.release()
        try:
            self._waiting.sleep(left_s)
        finally:
            self._changed.acquire()
            self._is_somebody_asleep = False
            self._changed.notify_all()
