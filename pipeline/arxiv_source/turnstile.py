"""The gate through which every request to arXiv passes, one at a time, in all processes of this home.

arXiv's terms: no more than one request every three seconds and a single connection, over API, OAI and RSS
together and for all of one's machines (https://info.arxiv.org/help/api/tou.html). A limiter in memory cannot
keep that promise across processes, so the gate is a locked file that holds the next allowed moment.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

import httpx

from pipeline.errors import SourceUnavailableError, StoreError

logger = logging.getLogger(__name__)

POLITE_INTERVAL_S = 3.0
MAX_WAIT_S = 900.0  # what a run waits for by itself; whoever is asked for more patience is told so instead
_MAX_CLOSED_S = 86_400.0  # a moment further away than this is a clock that jumped, not a wish of arXiv's
_QUEUE_S = 1_800.0  # a 150 MB PDF over a slow line takes minutes; half an hour of one request is a hang
_POLL_S = 0.05
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def polite_interval_s(url: str, wanted_s: float) -> float:
    """Seconds to keep between requests to this address: at least 3, as asked only on the machine itself."""
    return wanted_s if is_loopback(url) else max(wanted_s, POLITE_INTERVAL_S)


def is_loopback(url: str) -> bool:
    """Whether the address is this machine by its plain name or number; a look-alike name is not."""
    return httpx.URL(url).host in _LOOPBACK


@dataclass(frozen=True, slots=True)
class Time:
    """The wall clock (it must be shared by processes, hence not monotonic) and how to wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Turn:
    """The right to send one request, held until the answer is read."""

    def __init__(self, file: TextIOWrapper, clock: Time) -> None:
        self._file = file
        self._clock = clock

    def close_for(self, seconds: float) -> None:
        """Writes down that nobody may send anything for so long from now."""
        moment = datetime.fromtimestamp(self._clock.now() + min(seconds, _MAX_CLOSED_S), tz=UTC)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(moment.isoformat() + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def left_s(self, fallback_s: float) -> float:
        """Seconds until the moment written down; `fallback_s` where the file makes no sense."""
        self._file.seek(0)
        text = self._file.read().strip()
        if not text:
            return 0.0
        try:
            left = datetime.fromisoformat(text).timestamp() - self._clock.now()
        except ValueError:
            return fallback_s
        return fallback_s if left > _MAX_CLOSED_S else max(left, 0.0)


class Turnstile:
    """Hands out turns; the lock file is all its state, so it may be made anew in every process."""

    def __init__(self, path: Path, clock: Time | None = None) -> None:
        self._path = path
        self._clock = clock or Time()

    @contextmanager
    def turn(self, interval_s: float) -> Iterator[Turn]:
        """Waits for the turn and holds it, so that no second connection is open meanwhile.

        The next moment is written before the request is sent: a process killed in the middle leaves the promise kept.
        Raises SourceUnavailableError, without waiting, where arXiv asked for more patience than MAX_WAIT_S.
        """
        with self._open() as file:
            self._queue(file)
            turn = Turn(file, self._clock)
            left_s = turn.left_s(interval_s)
            if left_s > MAX_WAIT_S:
                until = datetime.fromtimestamp(self._clock.now() + left_s, tz=UTC)
                raise SourceUnavailableError(
                    f"arXiv asked for patience until {until:%Y-%m-%d %H:%M} UTC; nothing is sent before",
                    retry_after_s=left_s,
                )
            if left_s > 0:
                self._clock.sleep(left_s)
            turn.close_for(interval_s)
            yield turn

    @contextmanager
    def _open(self) -> Iterator[TextIOWrapper]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise StoreError(f"cannot open {self._path}, which keeps requests to arXiv apart: {error}") from error
        with file:  # closing the file gives the lock back
            yield file

    def _queue(self, file: TextIOWrapper) -> None:
        waited_s = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waited_s >= _QUEUE_S:
                    raise SourceUnavailableError(
                        f"another process has kept {self._path} for {_QUEUE_S:.0f} s; is a request hanging?"
                    ) from None
                self._clock.sleep(_POLL_S)
                waited_s += _POLL_S
            else:
                return
