"""What may become of a RunPod job, for `tests.fakes.control_plane`."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx

from ocr.transports.pdf_job import pack_outcomes, unpack_job
from ocr.worker.job_reader import JobReader
from pipeline.errors import OcrError
from tests.fakes.control_plane import End, Fate, Job


def completes(output: Any, *, after_s: float = 0.0, run_s: float | None = None) -> Fate:  # Any: JSON
    """The job runs for a while and has this output."""

    def fate(job: Job) -> End:
        del job
        time.sleep(after_s)
        return End(output=output, run_s=run_s)

    return fate


def fails(error: str = "") -> Fate:
    """The job fails, with a word or without."""
    return lambda _: End("FAILED", error=error)


def times_out() -> Fate:
    """The worker did not report back in time."""
    return lambda _: End("TIMED_OUT")


def by_vllm(url: str) -> Fate:
    """What the stock image makes of a chat job: vLLM's answer in a list, or its error as the text of a dict."""

    def fate(job: Job) -> End:
        answer = httpx.post(url.removesuffix("/v1") + job.input["openai_route"], json=job.input["openai_input"])
        if answer.is_success:
            return End(output=[answer.json()])
        return End("FAILED", error=str({"message": answer.text, "code": answer.status_code}))

    return fate


def in_turn(*fates: Fate) -> Fate:
    """A fate for the first job, another for the second...; the last one for all others."""
    left = list(fates)
    lock = threading.Lock()

    def fate(job: Job) -> End:
        with lock:
            chosen = left.pop(0) if len(left) > 1 else left[0]
        return chosen(job)

    return fate


def by_worker(reader: JobReader) -> Fate:
    """As our own worker answers, in a thread of this process instead of a container."""

    def fate(job: Job) -> End:
        try:
            return End(output=pack_outcomes(reader.read(unpack_job(job.input), threading.Event())))
        except OcrError as error:
            return End("FAILED", error=error.message)

    return fate
