"""Pages read by our own RunPod worker: a PDF goes up once, its pages come back as blocks."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial

from ocr.chat import ChatAnswer, ChatRequest, ChatTransport
from ocr.endpoint import Endpoint
from ocr.meter import Meter
from ocr.patience import Patience, Waiting, real_waiting
from ocr.surya import open_surya
from ocr.surya.crosscheck import has_good_text
from ocr.throttle import Throttle
from ocr.transports.pdf_job import MISMATCH, PdfJob, pack_job, unpack_outcomes
from ocr.transports.runpod_api import BODY_LIMIT, JobReport
from ocr.transports.runpod_jobs import USUAL_PACE, Pace
from ocr.transports.runpod_queue import JobForm, open_queue
from pipeline.config import OcrSettings
from pipeline.document import Page, Usage
from pipeline.errors import OcrAuthError, OcrError, OcrRejectedError, OcrUnavailableError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

_PAGES_A_JOB = 32  # a minute on a small GPU, with time to spare in RunPod's ten
_USUAL_PAGES = 8  # of a paper that ask for this engine; so many jobs at once as fill the concurrency
_ROOM = BODY_LIMIT - 500_000  # the rest is for the text layers, 4 kB a page, and for braces
_BASE64 = 4 / 3
# A page drawn at 96 dpi is 0.34 MB of PNG on average (arXiv, docs/log.md), and grows with the resolution's power 1.3.
_PICTURE_BYTES = 340_000
_PICTURE_DPI = 96
_PICTURE_GROWTH = 1.3


def read_report(report: JobReport) -> ChatAnswer:
    """The output of a job as text. Raises OcrAuthError where the worker would read otherwise, or OcrRejectedError."""
    if report.error:
        kind = OcrAuthError if MISMATCH in report.error else OcrRejectedError
        raise kind(f"RunPod job {report.id} failed: {' '.join(report.error.split())[:500]}")
    return ChatAnswer(json.dumps(report.output), "stop", gpu_seconds=report.ran_s)


PDF_FORM = JobForm(lambda body: body, read_report)


def open_runpod_pdf(settings: OcrSettings, images: PageImages, pace: Pace = USUAL_PACE) -> RunpodPdf:
    """The reader these settings ask for; close it.

    Raises ConfigError where endpoint or key cannot be ones, and MissingExtraError without the package `surya-ocr`,
    whose version and prompts are part of the engine's name.
    """
    transport = open_queue(settings, pace, PDF_FORM)
    return RunpodPdf(settings, transport, images, open_surya(settings, transport, images).engine_key)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pages of one file for one job, new or submitted by an earlier run."""

    tasks: tuple[PageTask, ...]

    @property
    def remote_id(self) -> str:
        return self.tasks[0].remote_id

    def takes(self, task: PageTask) -> bool:
        """Whether a task may come along. A page that failed before goes alone: it may be what killed the others."""
        first = self.tasks[0]
        is_same = task.pdf == first.pdf and task.remote_id == first.remote_id
        is_fresh = task.attempt == 1 == first.attempt
        return is_same and (is_fresh or bool(task.remote_id)) and len(self.tasks) < _PAGES_A_JOB


class RunpodPdf:
    """Implements `ports.PageReader` over jobs of our own worker image (`ocr/Dockerfile`)."""

    def __init__(
        self,
        settings: OcrSettings,
        transport: ChatTransport,
        images: PageImages,
        engine_key: str,
        waiting: Callable[[], Waiting] = lambda: real_waiting(random.random),
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._images = images
        self._engine_key = engine_key
        self._waiting = waiting

    @property
    def engine_key(self) -> str:
        """As the engine in the worker names itself: what it reads, it reads as over any other transport."""
        return self._engine_key

    def close(self) -> None:
        """As its transport: nothing that a worker has begun is given up."""
        self._transport.close()

    def read_pages(
        self, tasks: Iterable[PageTask], on_submitted: Callable[[PageTask, str], None]
    ) -> Iterator[PageOutcome]:
        """As the port says; up to 32 pages of a file are one job, and a job's id is told for each of its pages.

        `on_submitted` is called from the thread of the job. One page more is drawn than there is room for.
        """
        waiting = self._waiting()
        most = max(1, self._settings.surya_concurrency // _USUAL_PAGES)
        patience = Patience(self._settings.cold_start_s, waiting)
        endpoint = Endpoint(self._transport, Throttle(most), patience, waiting.clock)
        threads = ThreadPoolExecutor(most + 1, thread_name_prefix="job")
        try:
            yield from self._outcomes(_batches(tasks), endpoint, threads, on_submitted)
        finally:
            patience.give_up(OcrUnavailableError("the run was stopped"))
            threads.shutdown(wait=False, cancel_futures=True)

    def _outcomes(
        self,
        batches: Iterator[_Batch],
        endpoint: Endpoint,
        threads: ThreadPoolExecutor,
        on_submitted: Callable[[PageTask, str], None],
    ) -> Iterator[PageOutcome]:
        pending: set[Future[list[PageOutcome]]] = set()
        end: OcrError | None = None
        while True:
            while end is None and len(pending) <= endpoint.throttle.limit:
                if (batch := next(batches, None)) is None:
                    break
                pending.add(threads.submit(self._read, batch, endpoint, on_submitted))
            if not pending:
                break
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    yield from future.result()
                except OcrError as error:
                    end = end or error
                    endpoint.patience.give_up(error)
        if end is not None:
            raise end

    def _read(
        self, batch: _Batch, endpoint: Endpoint, on_submitted: Callable[[PageTask, str], None]
    ) -> list[PageOutcome]:
        """Outcomes of all tasks. Raises OcrAuthError and OcrUnavailableError, which are about the run."""
        outcomes: list[PageOutcome] = []
        for part, job in self._jobs(batch.tasks, outcomes):
            request = ChatRequest(pack_job(job), job.timeout_s, batch.remote_id, partial(_tell, part, on_submitted))
            meter = Meter(self._settings.usd_per_gpu_second)
            try:
                answer = endpoint.ask(request, meter)
                read = unpack_outcomes(json.loads(answer.text), part)
            except (OcrAuthError, OcrUnavailableError):
                raise
            except OcrError as error:
                read = [PageOutcome(task, OutcomeKind.FAILED, reason=error.message) for task in part]
            outcomes += _charged(read, meter.usage.cost_usd)
        return outcomes

    def _jobs(
        self, tasks: Sequence[PageTask], outcomes: list[PageOutcome]
    ) -> Iterator[tuple[Sequence[PageTask], PdfJob]]:
        """The tasks as jobs that RunPod takes: one with the file, or as many as the pictures of its pages need.

        What cannot be sent goes to `outcomes`.
        """
        settings = self._settings
        empty = PdfJob(self._engine_key, settings.surya_dpi, settings.page_timeout_s, ())
        try:
            size = tasks[0].pdf.stat().st_size
            if _BASE64 * size <= min(_ROOM, len(tasks) * _picture_bytes(settings.surya_dpi)):
                evidence = tuple(task.evidence for task in tasks)
                yield tasks, replace(empty, evidence=evidence, pdf=tasks[0].pdf.read_bytes())
                return
        except OSError as error:
            outcomes += [
                _unreadable(task, f"the file cannot be read: {error.strerror}", is_final=False) for task in tasks
            ]
            return
        for part in self._drawn(tasks, outcomes):
            evidence = tuple(task.evidence for task, _ in part)
            pictures = {task.number: png for task, png in part}
            yield [task for task, _ in part], replace(empty, evidence=evidence, pictures=pictures)

    def _drawn(self, tasks: Sequence[PageTask], outcomes: list[PageOutcome]) -> Iterator[list[tuple[PageTask, bytes]]]:
        """Pictures of the pages, as many together as one job has room for."""
        part: list[tuple[PageTask, bytes]] = []
        for task in tasks:
            try:
                png = self._images.picture(task.pdf, task.number, None, self._settings.surya_dpi)
            except ReadError as error:
                outcomes.append(_unreadable(task, error.message, is_final=error.permanent))
                continue
            if part and _BASE64 * (len(png) + sum(len(other) for _, other in part)) > _ROOM:
                yield part
                part = []
            part.append((task, png))
        if part:
            yield part


def _batches(tasks: Iterable[PageTask]) -> Iterator[_Batch]:
    """Consecutive tasks that go together, as jobs."""
    batch: _Batch | None = None
    for task in tasks:
        if batch is not None and batch.takes(task):
            batch = _Batch((*batch.tasks, task))
            continue
        if batch is not None:
            yield batch
        batch = _Batch((task,))
    if batch is not None:
        yield batch


def _tell(tasks: Sequence[PageTask], on_submitted: Callable[[PageTask, str], None], job_id: str) -> None:
    for task in tasks:
        on_submitted(task, job_id)


def _charged(outcomes: Sequence[PageOutcome], usd: float) -> list[PageOutcome]:
    """The outcomes with the job's price shared out evenly, as its pages ran side by side."""
    share = usd / len(outcomes)
    return [replace(one, usage=one.usage + Usage(cost_usd=share), page=_priced(one, share)) for one in outcomes]


def _priced(outcome: PageOutcome, usd: float) -> Page | None:
    page = outcome.page
    return None if page is None else replace(page, usage=replace(page.usage, cost_usd=usd))


def _unreadable(task: PageTask, reason: str, *, is_final: bool) -> PageOutcome:
    """A page of which no picture can be had: its own text stands in where that is good."""
    if has_good_text(task.evidence):
        return PageOutcome(task, OutcomeKind.DEGRADED, reason=f"its own text stands in: {reason}")
    return PageOutcome(task, OutcomeKind.FAILED, reason=reason, permanent=is_final)


def _picture_bytes(dpi: int) -> float:
    """What a page takes as PNG in base64, about."""
    return _BASE64 * _PICTURE_BYTES * math.pow(dpi / _PICTURE_DPI, _PICTURE_GROWTH)
