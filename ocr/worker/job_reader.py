"""What our own RunPod worker does with a job: all pages side by side, beside those of other jobs, on one model."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from ocr.endpoints.chat import ChatTransport
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.patience import Patience, real_waiting
from ocr.endpoints.throttle import Throttle
from ocr.surya.asking import Tools
from ocr.surya.contract import Contract, load_contract
from ocr.surya.engine import open_surya
from ocr.surya.reading import Reading
from ocr.surya.requests import Requests
from ocr.transports.pdf_job import MISMATCH, PdfJob
from pipeline.config import OcrSettings
from pipeline.document import Box
from pipeline.errors import OcrRejectedError, OcrUnavailableError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

_FOR_ANSWERS = 0.9  # of a job's time; the rest is for sending back what has been read by then


class JobReader:
    """Reads jobs, several at once. Throttle and patience are the container's: they outlive a job."""

    def __init__(self, settings: OcrSettings, transport: ChatTransport, images: PageImages) -> None:
        self._settings = settings
        self._images = images
        self._contract: Contract = load_contract()
        waiting = real_waiting(random.random)
        self._endpoint = Endpoint(
            transport,
            Throttle(settings.surya_concurrency),
            Patience(settings.cold_start_s, waiting),
            waiting.clock,
        )
        self._threads = ThreadPoolExecutor(settings.surya_concurrency, thread_name_prefix="page")

    def close(self) -> None:
        """Sends home whoever still waits for the model; jobs under way end as OcrUnavailableError."""
        self._endpoint.patience.give_up(OcrUnavailableError("the worker stops"))
        self._threads.shutdown(wait=False, cancel_futures=True)

    def read(self, job: PdfJob, stop: threading.Event) -> list[PageOutcome]:
        """An outcome for every page, at the latest when nine tenths of the job's time are over.

        Once `stop` is set, pages that wait for a place are dropped. Raises OcrRejectedError for a job meant for
        another engine, and OcrUnavailableError or OcrAuthError where the model is gone.
        """
        settings = self._settings.model_copy(update={"surya_dpi": job.dpi, "page_timeout_s": job.timeout_s})
        key = open_surya(settings, self._endpoint.transport, self._images).engine_key
        if job.engine_key != key:
            raise OcrRejectedError(
                f"{MISMATCH}this image reads as {key}, the job wants {job.engine_key}: build the image from the "
                "version that is installed, and let ocr.surya_model name its model"
            )
        until = time.monotonic() + _FOR_ANSWERS * job.timeout_s
        with _placed(job, self._images) as (images, pdf):
            requests = Requests(self._contract, settings.surya_model)
            tools = Tools(settings, self._contract, requests, images, self._endpoint)
            tasks = [PageTask(page.number, f"page {page.number}", pdf, page.number, page) for page in job.evidence]
            futures = [self._threads.submit(_read, tools, task, stop) for task in tasks]
            wait(futures, max(0.0, until - time.monotonic()))
            return [_outcome(task, future, job) for task, future in zip(tasks, futures, strict=True)]


def _read(tools: Tools, task: PageTask, stop: threading.Event) -> PageOutcome:
    if stop.is_set():
        return PageOutcome(task, OutcomeKind.FAILED, reason="the job was cancelled")
    return Reading(tools, task, _nobody).outcome()


def _outcome(task: PageTask, future: Future[PageOutcome], job: PdfJob) -> PageOutcome:
    if not future.done():
        future.cancel()
        return PageOutcome(task, OutcomeKind.FAILED, reason=f"not read within {_FOR_ANSWERS * job.timeout_s:g} s")
    return future.result()


@contextmanager
def _placed(job: PdfJob, images: PageImages) -> Iterator[tuple[PageImages, Path]]:
    """Pictures of the job's pages: those it brought, or drawn from the file it brought, which is on disk meanwhile."""
    if job.pictures:
        yield _Brought(job), Path()
        return
    with tempfile.TemporaryDirectory(prefix="job-") as folder:
        pdf = Path(folder) / "paper.pdf"
        pdf.write_bytes(job.pdf)
        yield images, pdf


class _Brought:
    """Implements `ports.PageImages` from the pictures of a job, whatever resolution is asked for."""

    def __init__(self, job: PdfJob) -> None:
        self._job = job

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """The picture that came. Raises ReadError where none did."""
        del pdf, dpi
        if box is not None or page not in self._job.pictures:
            raise ReadError(f"the job brought no picture of page {page}")
        return self._job.pictures[page]


def _nobody(task: PageTask, remote_id: str) -> None:
    del task, remote_id
