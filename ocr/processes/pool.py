"""A few processes, each lent to one caller at a time and replaced when it dies or has served its share."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from ocr.processes.child import Child
from pipeline.errors import ReadError

_P = TypeVar("_P", bound=Child)


class ProcessPool(Generic[_P]):
    """At most `size` processes, which `start` makes when they are first needed. Safe to use from several threads.

    A process that has served `share` questions is replaced: what its libraries leaked goes with it. `name` is what a
    pool that is closed calls itself.
    """

    def __init__(self, name: str, start: Callable[[], _P], size: int, share: int) -> None:
        self._name = name
        self._start = start
        self._share = share
        self._size = size
        self._places: queue.LifoQueue[_P | None] = queue.LifoQueue()
        for _ in range(size):
            self._places.put(None)
        self._running: set[_P] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()

    @contextmanager
    def lend(self) -> Iterator[_P]:
        """A process; waits while all are busy. Raises ReadError where the pool is closed, and as `start` does."""
        place = self._places.get()
        try:
            place = self._usable(place)
            yield place
        finally:
            self._leave(place)

    def interrupt(self) -> None:
        """Ends what is being done; whoever waits for it gets a ReadError, the next question a fresh process."""
        with self._lock:
            for process in self._running:
                process.kill()

    def close(self) -> None:
        """Ends all processes."""
        with self._lock:
            self._closed.set()
        self.interrupt()
        # Whoever holds a place finds its process dead and leaves: with all places back, all processes are collected.
        for place in [self._places.get() for _ in range(self._size)]:
            self._leave(place)

    def _usable(self, place: _P | None) -> _P:
        """The process of a place, replaced where it died or has served its share."""
        if self._closed.is_set():
            raise ReadError(f"{self._name} is closed", permanent=False)
        if place is not None and place.is_alive and place.served < self._share:
            return place
        if place is not None:
            self._end(place)
        process = self._start()
        with self._lock:
            self._running.add(process)
            if self._closed.is_set():  # meanwhile: `close` has not seen it
                process.kill()
        return process

    def _leave(self, place: _P | None) -> None:
        if place is not None and self._closed.is_set():
            self._end(place)
            place = None
        self._places.put(place)

    def _end(self, process: _P) -> None:
        with self._lock:
            self._running.discard(process)
        process.close()
