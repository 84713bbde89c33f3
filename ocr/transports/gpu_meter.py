"""Splits the time of shared workers among the jobs they run at once."""

from __future__ import annotations

import threading
from collections.abc import Callable


class GpuMeter:
    """What each job costs of the workers' time, as seen from here. Thread-safe.

    RunPod bills workers, not jobs: thirty jobs of 20 s side by side on one worker have 600 s of executionTime
    together and cost 20 s. So each moment is split evenly among the jobs then running: all shares together are
    the time in which something ran, times the workers. Start and end are seen late by a poll each, which evens out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}  # job -> `_level` when it was first seen to run
        self._level = 0.0  # what a job that ran from the beginning would have cost by now
        self._wasted_s = 0.0  # by jobs that came to nothing, until the next completed one is charged with it
        self._at = clock()
        self._workers = 1

    def set_workers(self, workers: int) -> None:
        """How many workers run, from now on."""
        with self._lock:
            self._advance()
            self._workers = max(1, workers)

    def started(self, job: str) -> None:
        """A job was seen to run; again and again is fine."""
        with self._lock:
            self._advance()
            self._running.setdefault(job, self._level)

    def completed(self, job: str, ran_s: float) -> float:
        """A job's share in seconds, and that of those that came to nothing since; `ran_s` is RunPod's executionTime."""
        with self._lock:
            self._advance()
            since = self._running.pop(job, None)
            if since is None:  # it came and went between two polls
                neighbours = len(self._running) + 1
                share_s = ran_s * min(self._workers, neighbours) / neighbours
            else:
                share_s = min(ran_s, self._level - since) if ran_s else self._level - since
            share_s += self._wasted_s
            self._wasted_s = 0.0
            return share_s

    def wasted(self, job: str) -> None:
        """A job that failed, or that nobody watches any more."""
        with self._lock:
            self._advance()
            since = self._running.pop(job, None)
            if since is not None:
                self._wasted_s += self._level - since

    def _advance(self) -> None:
        now = self._clock()
        if self._running:
            busy = min(self._workers, len(self._running))
            self._level += (now - self._at) * busy / len(self._running)
        self._at = now
