"""Pages read by our own RunPod worker: a PDF goes up once, its pages come back as blocks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from ocr.endpoints.chat import ChatAnswer, ChatRequest, ChatTransport
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience, Waiting, real_waiting
from ocr.endpoints.run import Run
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
_AHEAD = 1  # batches packed while others are under way
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
            yield from _outcomes(Run(endpoint, threads, asking.read, _AHEAD), batched(tasks))
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


def _outcomes(run: Run[Batch, _Result], batches: Iterator[Batch]) -> Iterator[PageOutcome]:
    """All outcomes; those of failed jobs wait for the first answer, as the worker may be to blame until then."""
    failed: list[_Result] = []
    has_answered = False
    for result in run.results(batches):
        has_answered = has_answered or result.is_answered
        if result.fault and not has_answered:
            failed.append(result)
            if len(failed) >= _FAILED_AT_FIRST:
                run.stop(OcrUnavailableError(f"no job is answered; the last: {result.fault}"))
            continue
        if has_answered:
            yield from _drained(failed)
        yield from result.outcomes
    yield from _drained(failed)


def _drained(failed: list[_Result]) -> Iterator[PageOutcome]:
    for result in failed:
        yield from result.outcomes
    failed.clear()


def _charged(outcomes: Sequence[PageOutcome], usd: float) -> list[PageOutcome]:
    """The outcomes with the job's price shared out evenly, as its pages ran side by side."""
    share = usd / len(outcomes)
    return [replace(one, usage=one.usage + Usage(cost_usd=share), page=_priced(one, share)) for one in outcomes]


def _priced(outcome: PageOutcome, usd: float) -> Page | None:
    page = outcome.page
    return None if page is None else replace(page, usage=replace(page.usage, cost_usd=usd))
