"""A few processes of models, lent out to one picture at a time."""

from __future__ import annotations

import queue
import threading

from ocr.rapid.process import ModelProcess
from ocr.rapid.sight import Sight
from ocr.rapid.wire import Ask
from pipeline.errors import OcrUnavailableError, ReadError

_PAGES_A_PROCESS = 500  # then a fresh one: what the models' libraries leaked goes with the old


class ModelPool:
    """At most so many processes, started when first needed. Safe to call from several threads."""

    def __init__(self, memory_mb: int, size: int) -> None:
        self._memory_mb = memory_mb
        self._size = size
        self._places: queue.LifoQueue[ModelProcess | None] = queue.LifoQueue()
        for _ in range(size):
            self._places.put(None)
        self._running: set[ModelProcess] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def look(self, ask: Ask, png: bytes, timeout_s: float) -> Sight:
        """Waits while all processes are busy. Raises ReadError for the picture, OcrUnavailableError for the models."""
        place = self._places.get()
        try:
            place = self._usable(place)
            return place.look(ask, png, timeout_s)
        finally:
            self._leave(place)

    def interrupt(self) -> None:
        """Ends what is being looked at; whoever waits for it gets a ReadError, the next picture a fresh process."""
        with self._lock:
            for process in self._running:
                process.kill()

    def close(self) -> None:
        """Ends all processes."""
        self._closed.set()
        self.interrupt()
        # Whoever holds a place finds its process dead and leaves: with all places back, all processes are collected.
        for place in [self._places.get() for _ in range(self._size)]:
            self._leave(place)

    def _usable(self, place: ModelProcess | None) -> ModelProcess:
        if self._closed.is_set():
            raise ReadError("OCR on the CPU is closed", permanent=False)
        if place is not None and place.is_alive and place.pages < _PAGES_A_PROCESS:
            return place
        if place is not None:
            self._end(place)
        try:
            process = ModelProcess(self._memory_mb)
        except ReadError as error:
            raise OcrUnavailableError(error.message) from error
        with self._lock:
            self._running.add(process)
        return process

    def _leave(self, place: ModelProcess | None) -> None:
        if place is not None and self._closed.is_set():
            self._end(place)
            place = None
        self._places.put(place)

    def _end(self, process: ModelProcess) -> None:
        with self._lock:
            self._running.discard(process)
        process.close()
