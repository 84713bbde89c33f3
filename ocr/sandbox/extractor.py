"""Reads and draws PDFs in processes of their own, with limits on time and memory: a hostile file costs one paper."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Self

from ocr.engine import engine_key
from ocr.processes.pool import ProcessPool
from ocr.sandbox.process import ReaderProcess
from ocr.sandbox.wire import PictureRequest
from ocr.side_by_side import SideBySide
from pipeline.config import OcrSettings
from pipeline.document import Box, Document
from pipeline.errors import ReadError

logger = logging.getLogger(__name__)

_PAPERS_A_PROCESS = 200
_AHEAD = 2  # files drawn for each process: one in work, one waiting


class SandboxedExtractor:
    """Implements `ports.TextExtractor` and `ports.PageImages` over at most `settings.workers` processes.

    They start when first needed. Safe to call from several threads. Use it as a context manager, or call `close`.
    """

    def __init__(self, settings: OcrSettings, papers_a_process: int = _PAPERS_A_PROCESS) -> None:
        self._settings = settings
        self._processes = ProcessPool(
            "the extractor",
            lambda: ReaderProcess(settings.memory_mb, settings.max_pages),
            settings.workers,
            papers_a_process,
        )

    @property
    def engine_key(self) -> str:
        """Engine, library version and revision."""
        return engine_key()

    def extract(self, pdf: Path) -> Document:
        """Reads one file; waits while all processes are busy. Raises ReadError with the reason."""
        try:
            with self._processes.lend() as process:
                return process.read(pdf, self._settings.timeout_s)
        except ReadError as error:
            logger.info("PDF not read: %s: %s", pdf.name, error.message)
            raise

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """A page (from 1), or the part of it in a box, as PNG; at a lower resolution where it would be too large.

        Waits while all processes are busy. Raises ReadError with the reason.
        """
        request = PictureRequest(pdf, page, box, dpi)
        try:
            with self._processes.lend() as process:
                return process.draw(request, self._settings.timeout_s)
        except ReadError as error:
            logger.info("page not drawn: %s page %d: %s", pdf.name, page, error.message)
            raise

    def extract_many(self, pdfs: Iterable[Path]) -> Iterator[tuple[Path, Document | ReadError]]:
        """Reads files side by side; yields each as it is done, so not in the order given, and never raises for one.

        `pdfs` is drawn from as needed: twice as many files as processes are in work or waiting.
        """
        with ThreadPoolExecutor(self._settings.workers, thread_name_prefix="read") as threads:
            work = SideBySide(threads, self._outcome, lambda: _AHEAD * self._settings.workers)
            with closing(work.results(iter(pdfs))) as results:
                for future in results:
                    yield future.result()

    def close(self) -> None:
        """Ends all processes; files still being read end as ReadError."""
        self._processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _outcome(self, pdf: Path) -> tuple[Path, Document | ReadError]:
        try:
            return pdf, self.extract(pdf)
        except ReadError as error:
            return pdf, error
