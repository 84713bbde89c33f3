"""Which pages go together in one job of our own worker, and whether their file travels or pictures of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.surya.crosscheck import has_good_text
from ocr.transports.pdf_job import PdfJob
from ocr.transports.runpod_api import BODY_LIMIT
from pipeline.config import OcrSettings
from pipeline.errors import ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

_PAGES_A_JOB = 32  # a minute on a small GPU, with time to spare in RunPod's ten
_ROOM = BODY_LIMIT - 500_000  # the rest is for the text layers, 4 kB a page, and for braces
_BASE64 = 4 / 3
# A page drawn at 96 dpi takes 334 kB as PNG in base64, at 192 dpi 912 kB (305 pages, docs/log.md).
_PICTURE_BYTES = 334_000
_PICTURE_DPI = 96
_PICTURE_GROWTH = 1.45


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages of one file for one job, new or submitted by an earlier run."""

    tasks: tuple[PageTask, ...]

    @property
    def remote_id(self) -> str:
        """The job that an earlier run submitted; empty for a new one."""
        return self.tasks[0].remote_id

    def takes(self, task: PageTask) -> bool:
        """Whether a task may come along. A page that failed before goes alone: it may be what killed the others."""
        first = self.tasks[0]
        is_same = task.pdf == first.pdf and task.remote_id == first.remote_id
        is_fresh = task.attempt == 1 == first.attempt
        return is_same and (is_fresh or bool(task.remote_id)) and len(self.tasks) < _PAGES_A_JOB


def batched(tasks: Iterable[PageTask]) -> Iterator[Batch]:
    """Consecutive tasks that go together; a task more is drawn than the batch holds, to see where it ends."""
    batch: Batch | None = None
    for task in tasks:
        if batch is not None and batch.takes(task):
            batch = Batch((*batch.tasks, task))
            continue
        if batch is not None:
            yield batch
        batch = Batch((task,))
    if batch is not None:
        yield batch


@dataclass(frozen=True, slots=True)
class Parcel:
    """A job that RunPod takes, and the pages it is for."""

    tasks: Sequence[PageTask]
    job: PdfJob


class Packer:
    """Makes jobs of batches."""

    def __init__(self, settings: OcrSettings, images: PageImages, engine_key: str) -> None:
        self._dpi = settings.surya_dpi
        self._images = images
        self._empty = PdfJob(engine_key, settings.surya_dpi, settings.page_timeout_s, ())

    def pack(self, batch: Batch) -> Iterator[Parcel | PageOutcome]:
        """One parcel with the file, or as many as the pages' pictures need; an outcome for what cannot be sent."""
        tasks = batch.tasks
        try:
            size = _BASE64 * tasks[0].pdf.stat().st_size
            pdf = tasks[0].pdf.read_bytes() if size <= min(_ROOM, len(tasks) * _picture_bytes(self._dpi)) else b""
        except OSError as error:
            reason = f"the file cannot be read: {error.strerror}"
            yield from (_unsent(task, reason, is_final=False) for task in tasks)
            return
        if pdf:
            yield Parcel(tasks, replace(self._empty, evidence=tuple(task.evidence for task in tasks), pdf=pdf))
            return
        yield from self._pictures(tasks)

    def _pictures(self, tasks: Sequence[PageTask]) -> Iterator[Parcel | PageOutcome]:
        drawn: dict[PageTask, bytes] = {}
        for task in tasks:
            try:
                png = self._images.picture(task.pdf, task.number, None, self._dpi)
            except ReadError as error:
                yield _unsent(task, error.message, is_final=error.permanent)
                continue
            if drawn and _BASE64 * (len(png) + sum(map(len, drawn.values()))) > _ROOM:
                yield self._parcel(drawn)
                drawn = {}
            drawn[task] = png
        if drawn:
            yield self._parcel(drawn)

    def _parcel(self, drawn: dict[PageTask, bytes]) -> Parcel:
        pictures = {task.number: png for task, png in drawn.items()}
        evidence = tuple(task.evidence for task in drawn)
        return Parcel(tuple(drawn), replace(self._empty, evidence=evidence, pictures=pictures))


def _unsent(task: PageTask, reason: str, *, is_final: bool) -> PageOutcome:
    """A page of which nothing can be sent: its own text stands in where that is good."""
    if has_good_text(task.evidence):
        return PageOutcome(task, OutcomeKind.DEGRADED, reason=f"its own text stands in: {reason}")
    return PageOutcome(task, OutcomeKind.FAILED, reason=reason, permanent=is_final)


def _picture_bytes(dpi: int) -> float:
    """What a page takes as PNG in base64, about."""
    return _PICTURE_BYTES * math.pow(dpi / _PICTURE_DPI, _PICTURE_GROWTH)
