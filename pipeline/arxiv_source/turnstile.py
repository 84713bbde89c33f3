"""The gate through which every request to arXiv passes, one at a time, in all processes of this home.

arXiv's terms: no more than one request every three seconds and a single connection, over API, OAI and RSS
together and for all of one's machines (https://info.arxiv.org/help/api/tou.html). A limiter in memory cannot
keep that promise across processes, so the gate is a locked file that holds the next allowed moment.
"""

from __future__ import annotations

import fcntl
import logging
import math
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
_ROUNDING_S = 1e-5  # the file keeps microseconds
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

    @property
    def written(self) -> str:
        """The next allowed moment as it stands in the file."""
        self._file.seek(0)
        return self._file.read().strip()

    def close_for(self, seconds: float) -> None:
        """Writes down that nobody may send anything for so long from now."""
        moment = datetime.fromtimestamp(self._clock.now() + min(seconds, _MAX_CLOSED_S), tz=UTC)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(moment.isoformat() + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def left_s(self, interval_s: float) -> float:
        """Seconds until the moment written down; a file that makes no sense is mended to one interval from now."""
        if not self.written:
            return 0.0
        try:
            left_s = datetime.fromisoformat(self.written).timestamp() - self._clock.now()
        except ValueError:
            left_s = math.inf
        if left_s > _MAX_CLOSED_S:
            logger.warning("the next moment for arXiv was %r, which cannot be", self.written)
            self.close_for(interval_s)
            return interval_s
        return left_s


class Turnstile:
    """Hands out turns; the lock file is all its state, so it may be made anew in every process."""

    def __init__(self, path: Path, clock: Time | None = None) -> None:
        self._path = path
        self._clock = clock or Time()
        self._last = ""  # what our own last turn left in the file

    @contextmanager
    def turn(self, interval_s: float) -> Iterator[Turn]:
        """Waits for the turn and holds it, so that no second connection is open meanwhile.

        The next moment is written before the request is sent: a process killed in the middle leaves the promise kept.
        Raises SourceUnavailableError where arXiv asked for more patience than MAX_WAIT_S (without waiting), or where
        the turn does not come.
        """
        waited_s = 0.0
        while True:
            with self._open() as file:
                wait_s = self._wait_s(file, interval_s)
                if wait_s <= 0.0:
                    turn = Turn(file, self._clock)
                    turn.close_for(interval_s)
                    try:
                        yield turn
                    finally:
                        self._last = turn.written
                    return
            if waited_s >= _QUEUE_S:
                raise SourceUnavailableError(
                    f"no turn at {self._path} within {_QUEUE_S:.0f} s; is a request of another process hanging?"
                )
            self._clock.sleep(wait_s)
            waited_s += wait_s

    def _wait_s(self, file: TextIOWrapper, interval_s: float) -> float:
        """Seconds to sleep, with the lock given back, before looking again; 0 where the lock is ours and it is time."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _POLL_S
        turn = Turn(file, self._clock)
        left_s = turn.left_s(interval_s)
        if left_s > MAX_WAIT_S:
            until = datetime.fromtimestamp(self._clock.now() + left_s, tz=UTC)
            raise SourceUnavailableError(
                f"arXiv asked for patience until {until:%Y-%m-%d %H:%M} UTC; nothing is sent before",
                retry_after_s=left_s,
            )
        if left_s <= _ROUNDING_S:
            return 0.0
        # Who had the last turn comes a little later than the others, or one busy process would starve them all.
        return left_s + _POLL_S if turn.written == self._last else left_s

    @contextmanager
    def _open(self) -> Iterator[TextIOWrapper]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise StoreError(f"cannot open {self._path}, which keeps requests to arXiv apart: {error}") from error
        with file:
            try:
                yield file
            finally:
                # By hand, for a worker forked meanwhile has a copy of the file open and would keep the lock.
                fcntl.flock(file, fcntl.LOCK_UN)
