"""An engine that looks at pictures of pages: pictures from the sandbox, models in processes of their own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, Self

from ocr.rapid.process import open_models
from ocr.rapid.sight import Sight
from ocr.rapid.wire import Ask
from ocr.side_by_side import SideBySide
from pipeline.config import OcrSettings
from pipeline.document import Page, PageStatus, Usage
from pipeline.errors import OcrError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

logger = logging.getLogger(__name__)

_LONGEST_PX, _SHORTEST_PX = 2600, 1650  # of a page's longer side: A4 at 225 and at 140 dpi
_DPI = (20, 300)
_INCH_PT = 72


class Finish(Protocol):
    """Makes a page of what was seen: of its evidence's number and size, with the usage of both."""

    def __call__(self, sight: Sight, evidence: Page, seconds: float) -> Page:
        """The page; its status is OK or DEGRADED, and degraded ones say why."""
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """How an engine of this kind works: its key, what it asks the models for, at what resolution, and what follows."""

    engine_key: str
    ask: Ask
    dpi: int
    finish: Finish


class SightReader:
    """Implements `ports.PageReader` on the CPU. Safe to call from several threads; close it, or use it in a `with`."""

    def __init__(self, settings: OcrSettings, images: PageImages, method: Method) -> None:
        self._settings = settings
        self._images = images
        self._method = method
        self._models = open_models(settings.cpu_memory_mb, settings.workers)

    @property
    def engine_key(self) -> str:
        """Engine, models, resolution and revision."""
        return self._method.engine_key

    def read_pages(
        self, tasks: Iterable[PageTask], on_submitted: Callable[[PageTask, str], None]
    ) -> Iterator[PageOutcome]:
        """Reads as many pages at once as there are processes and draws no task before one of them is free.

        Whoever stops early ends what is being read, also for others. Raises OcrUnavailableError where the models
        cannot be loaded.
        """
        del on_submitted  # nothing is remote
        with ThreadPoolExecutor(self._settings.workers, thread_name_prefix="ocr") as threads:
            work = SideBySide(threads, self._outcome, lambda: self._settings.workers)
            try:
                for future in work.results(iter(tasks)):
                    yield future.result()
            finally:
                if not work.is_idle:
                    self._models.interrupt()

    def check(self) -> str:
        """One line for `doctor`: looks at an empty picture. Raises OcrUnavailableError or ReadError."""
        began = time.monotonic()
        self._look(_blank_png())
        return f"{self.engine_key}: its models are loaded and answer ({time.monotonic() - began:.1f} s)"

    def close(self) -> None:
        """Ends all processes; pages still being read end as failures."""
        self._models.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _outcome(self, task: PageTask) -> PageOutcome:
        began = time.monotonic()
        try:
            page = self._page(task, began)
        except ReadError as error:
            logger.info("page not read: %s: %s", task.name, error.message)
            return _failure(task, error.message, began, permanent=error.permanent)
        except OcrError:
            raise
        except Exception as error:  # one page's boundary: whatever the models saw there, the other pages go on
            logger.exception("page not read: %s", task.name)
            return _failure(task, f"could not be read: {type(error).__name__}: {error}", began, permanent=True)
        kind = OutcomeKind.DEGRADED if page.status is PageStatus.DEGRADED else OutcomeKind.DONE
        return PageOutcome(task, kind, page, page.reason if kind is OutcomeKind.DEGRADED else "", page.usage)

    def _page(self, task: PageTask, began: float) -> Page:
        png = self._images.picture(task.pdf, task.number, None, dpi_for(task.evidence, self._method.dpi))
        return self._method.finish(self._look(png), task.evidence, time.monotonic() - began)

    def _look(self, png: bytes) -> Sight:
        with self._models.lend() as process:
            return process.look(self._method.ask, png, self._settings.page_timeout_s)


def dpi_for(page: Page, dpi: int) -> int:
    """The resolution to look at a page with: the usual one, changed where the picture came out tiny or huge."""
    longer_in = max(page.width_pt, page.height_pt) / _INCH_PT
    if longer_in <= 0:
        return dpi
    pixels = min(max(dpi * longer_in, _SHORTEST_PX), _LONGEST_PX)
    return int(min(max(pixels / longer_in, _DPI[0]), _DPI[1]))


def _failure(task: PageTask, reason: str, began: float, *, permanent: bool) -> PageOutcome:
    """A failed attempt; what it took of the processor is not known, so all its time counts against the budget."""
    seconds = round(time.monotonic() - began, 3)
    usage = Usage(seconds=seconds, cpu_seconds=seconds)
    return PageOutcome(task, OutcomeKind.FAILED, None, reason, usage, permanent)


def _blank_png() -> bytes:
    import io

    from PIL import Image

    content = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(content, "PNG")
    return content.getvalue()
