"""Pages read by our own RunPod worker: a PDF goes up once, its pages come back as blocks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial

from ocr.endpoints.chat import ChatAnswer, ChatRequest, ChatTransport
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience, Waiting, real_waiting
from ocr.endpoints.throttle import Throttle
from ocr.surya import open_surya
from ocr.transports.pdf_batches import Batch, Packer, Parcel, batched
from ocr.transports.pdf_job import MISMATCH, pack_job, unpack_outcomes
from ocr.transports.runpod_api import JobReport
from ocr.transports.runpod_jobs import USUAL_PACE, Pace
from ocr.transports.runpod_queue import JobForm, open_queue
from pipeline.config import OcrSettings
from pipeline.document import Page, Usage
from pipeline.errors import OcrAuthError, OcrError, OcrRejectedError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

_USUAL_PAGES = 8  # of a paper that ask for this engine; so many jobs at once as fill the concurrency
_FAILED_AT_FIRST = 3  # jobs, and none answered: then it is not the papers


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
        packer = Packer(self._settings, self._images, self._engine_key)
        asking = _Asking(packer, endpoint, self._settings.usd_per_gpu_second, on_submitted)
        threads = ThreadPoolExecutor(most + 1, thread_name_prefix="job")
        try:
            yield from _Run(asking, threads).outcomes(batched(tasks))
        finally:
            patience.give_up(OcrUnavailableError("the run was stopped"))
            threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a batch; `fault` is why the last of its jobs was not answered."""

    outcomes: list[PageOutcome]
    is_answered: bool
    fault: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """Sends a batch and takes its answer apart."""

    packer: Packer
    endpoint: Endpoint
    usd_per_gpu_second: float
    on_submitted: Callable[[PageTask, str], None]

    def read(self, batch: Batch) -> _Result:
        """Outcomes of all tasks. Raises OcrAuthError and OcrUnavailableError, which are about the run."""
        outcomes: list[PageOutcome] = []
        is_answered, fault = False, ""
        for item in self.packer.pack(batch):
            if isinstance(item, PageOutcome):
                outcomes.append(item)
                continue
            try:
                outcomes += self._ask(item, batch.remote_id)
                is_answered = True
            except (OcrAuthError, OcrUnavailableError):
                raise
            except OcrError as error:
                fault = error.message
                outcomes += [PageOutcome(task, OutcomeKind.FAILED, reason=error.message) for task in item.tasks]
        return _Result(outcomes, is_answered, fault)

    def _ask(self, parcel: Parcel, remote_id: str) -> list[PageOutcome]:
        job = parcel.job
        meter = Meter(self.usd_per_gpu_second)
        request = ChatRequest(pack_job(job), job.timeout_s, remote_id, partial(self._tell, parcel.tasks))
        answer = self.endpoint.ask(request, meter)
        return _charged(unpack_outcomes(json.loads(answer.text), parcel.tasks), meter.usage.cost_usd)

    def _tell(self, tasks: Sequence[PageTask], job_id: str) -> None:
        for task in tasks:
            self.on_submitted(task, job_id)


class _Run:
    """One call of `read_pages`: what is under way, what failed before anything was answered, and why it ended."""

    def __init__(self, asking: _Asking, threads: ThreadPoolExecutor) -> None:
        self._asking = asking
        self._threads = threads
        self._pending: set[Future[_Result]] = set()
        self._failed: list[_Result] = []  # until it is clear whether papers or the worker are to blame
        self._has_answered = False
        self._end: OcrError | None = None

    def outcomes(self, batches: Iterator[Batch]) -> Iterator[PageOutcome]:
        """All outcomes; what ended the run early is raised after them."""
        while True:
            self._draw(batches)
            if not self._pending:
                break
            done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._settle(future)
        if self._end is not None:
            raise self._end
        yield from self._held_back()

    def _draw(self, batches: Iterator[Batch]) -> None:
        while self._end is None and len(self._pending) <= self._asking.endpoint.throttle.limit:
            if (batch := next(batches, None)) is None:
                return
            self._pending.add(self._threads.submit(self._asking.read, batch))

    def _settle(self, future: Future[_Result]) -> Iterator[PageOutcome]:
        try:
            result = future.result()
        except OcrError as error:
            self._stop(error)
            return
        self._has_answered = self._has_answered or result.is_answered
        if self._has_answered:
            yield from self._held_back()
        elif result.fault:
            self._failed.append(result)
            if len(self._failed) >= _FAILED_AT_FIRST:
                self._stop(OcrUnavailableError(f"no job is answered; the last: {result.fault}"))
            return
        yield from result.outcomes

    def _held_back(self) -> Iterator[PageOutcome]:
        for result in self._failed:
            yield from result.outcomes
        self._failed.clear()

    def _stop(self, error: OcrError) -> None:
        """Draws no more; whoever waits for the endpoint is told, answers under way are still taken."""
        self._end = self._end or error
        self._asking.endpoint.patience.give_up(error)


def _charged(outcomes: Sequence[PageOutcome], usd: float) -> list[PageOutcome]:
    """The outcomes with the job's price shared out evenly, as its pages ran side by side."""
    share = usd / len(outcomes)
    return [replace(one, usage=one.usage + Usage(cost_usd=share), page=_priced(one, share)) for one in outcomes]


def _priced(outcome: PageOutcome, usd: float) -> Page | None:
    page = outcome.page
    return None if page is None else replace(page, usage=replace(page.usage, cost_usd=usd))
