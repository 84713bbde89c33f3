"""Reads and draws PDFs in processes of their own, with limits on time and memory: a hostile file costs one paper."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from ocr.engine import engine_key
from ocr.sandbox.process import ReaderProcess
from ocr.sandbox.wire import PictureRequest
from pipeline.config import OcrSettings
from pipeline.document import Box, Document
from pipeline.errors import ReadError

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_PAPERS_A_PROCESS = 200  # then a fresh one: what pdfium or Python leaked goes with the old


class SandboxedExtractor:
    """Implements `ports.TextExtractor` and `ports.PageImages` over at most `settings.workers` processes.

    They start when first needed. Safe to call from several threads. Use it as a context manager, or call `close`.
    """

    def __init__(self, settings: OcrSettings, papers_a_process: int = _PAPERS_A_PROCESS) -> None:
        self._settings = settings
        self._papers_a_process = papers_a_process
        self._places: queue.LifoQueue[ReaderProcess | None] = queue.LifoQueue()
        for _ in range(settings.workers):
            self._places.put(None)
        self._running: set[ReaderProcess] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()

    @property
    def engine_key(self) -> str:
        """Engine, library version and revision."""
        return engine_key()

    def extract(self, pdf: Path) -> Document:
        """Reads one file; waits while all processes are busy. Raises ReadError with the reason."""
        try:
            return self._served(lambda process: process.read(pdf, self._settings.timeout_s))
        except ReadError as error:
            logger.info("PDF not read: %s: %s", pdf.name, error.message)
            raise

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """A page (from 1), or the part of it in a box, as PNG; at a lower resolution where it would be too large.

        Waits while all processes are busy. Raises ReadError with the reason.
        """
        request = PictureRequest(pdf, page, box, dpi)
        try:
            return self._served(lambda process: process.draw(request, self._settings.timeout_s))
        except ReadError as error:
            logger.info("page not drawn: %s page %d: %s", pdf.name, page, error.message)
            raise

    def extract_many(self, pdfs: Iterable[Path]) -> Iterator[tuple[Path, Document | ReadError]]:
        """Reads files side by side; yields each as it is done, so not in the order given, and never raises for one.

        `pdfs` is drawn from as needed: twice as many files as processes are in work or waiting.
        """
        remaining = iter(pdfs)
        with ThreadPoolExecutor(self._settings.workers, thread_name_prefix="read") as threads:
            pending: dict[Future[Document | ReadError], Path] = {}
            try:
                while True:
                    for pdf in islice(remaining, 2 * self._settings.workers - len(pending)):
                        pending[threads.submit(self._outcome, pdf)] = pdf
                    if not pending:
                        return
                    for future in wait(pending, return_when=FIRST_COMPLETED).done:
                        yield pending.pop(future), future.result()
            finally:
                for future in pending:
                    future.cancel()

    def close(self) -> None:
        """Ends all processes; files still being read end as ReadError."""
        with self._lock:
            self._closed.set()
            for process in self._running:
                process.kill()
        # Whoever holds a place finds its process dead and leaves: with all places back, all processes are collected.
        for place in [self._places.get() for _ in range(self._settings.workers)]:
            self._leave(place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _outcome(self, pdf: Path) -> Document | ReadError:
        try:
            return self.extract(pdf)
        except ReadError as error:
            return error

    def _served(self, serve: Callable[[ReaderProcess], _T]) -> _T:
        place = self._places.get()
        try:
            place = self._usable(place)
            return serve(place)
        finally:
            self._leave(place)

    def _usable(self, place: ReaderProcess | None) -> ReaderProcess:
        """The process of a place, replaced where it died or has read its share."""
        if self._closed.is_set():
            raise ReadError("the extractor is closed", permanent=False)
        if place is not None and place.is_alive and place.papers < self._papers_a_process:
            return place
        if place is not None:
            self._end(place)
        process = ReaderProcess(self._settings.memory_mb, self._settings.max_pages)
        with self._lock:
            self._running.add(process)
            if self._closed.is_set():
                process.kill()
        return process

    def _leave(self, place: ReaderProcess | None) -> None:
        if place is not None and self._closed.is_set():
            self._end(place)
            place = None
        self._places.put(place)

    def _end(self, process: ReaderProcess) -> None:
        with self._lock:
            self._running.discard(process)
        process.close()
