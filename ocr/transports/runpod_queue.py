"""Requests as jobs of a RunPod queue endpoint, for a client that thinks it chats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.transports.runpod_answer import read_answer
from ocr.transports.runpod_api import Health, JobReport, RunpodApi
from ocr.transports.runpod_jobs import USUAL_PACE, Pace, RunpodJobs
from pipeline.config import OcrSettings
from pipeline.errors import OcrUnavailableError

_ROUTE = "/v1/chat/completions"
_NO_PRICE = "ocr.usd_per_gpu_second is 0, so that no cost is counted and ocr.max_usd_per_day stops nothing"


@dataclass(frozen=True, slots=True)
class JobForm:
    """How a worker image wants to be asked and how it answers. Any: JSON."""

    input_of: Callable[[Mapping[str, Any]], Mapping[str, Any]]  # of a request's body
    answer_of: Callable[[JobReport], ChatAnswer]  # of a job that COMPLETED, or FAILED with a word


# The stock image `runpod/worker-v1-vllm`, which needs no Docker of our own. It pulls jobs only once vLLM is healthy:
# a cold start is a job that waits in the queue, not an error.
STOCK = JobForm(lambda body: {"openai_route": _ROUTE, "openai_input": body}, read_answer)


class RunpodQueue:
    """Implements `ocr.endpoints.chat.ChatTransport` over /run, /status, /cancel and /health.

    A job that no worker has taken up when a slice of patience is over raises OcrUnavailableError and lives on:
    whoever asks again with its id in `remote_id` waits for that job instead of paying for another. A `remote_id`
    that RunPod does not know raises OcrLostError; whoever asks submits anew, without it.
    """

    def __init__(self, jobs: RunpodJobs, form: JobForm = STOCK, *, has_price: bool = True) -> None:
        self._jobs = jobs
        self._form = form
        self._has_price = has_price
        self._left: set[str] = set()  # jobs that live on and nobody waits for now; one operation each is thread-safe

    @property
    def endpoint(self) -> str:
        """The endpoint's name for messages."""
        return self._jobs.api.name

    def chat(self, request: ChatRequest) -> ChatAnswer:
        """One answer from one job, new or old; `gpu_seconds` is its share of the workers' time.

        Raises OcrAuthError, OcrUnavailableError (the job, if there is one, lives on), OcrRejectedError, OcrLostError.
        """
        with self._jobs.attended():
            job_id = request.remote_id or self._submit(request)
            self._left.discard(job_id)
            try:
                report = self._jobs.wait(job_id, request.timeout_s)
            except OcrUnavailableError:
                self._left.add(job_id)
                raise
        return self._form.answer_of(report)

    def check(self) -> str:
        """The endpoint's health in one line, with a remedy for what would go wrong. Raises as `chat`."""
        line = describe(self.endpoint, self._jobs.api.health())
        return line if self._has_price else f"{line}; {_NO_PRICE}"

    def close(self) -> None:
        """Ends all waiting, takes jobs that no worker has begun off the queue, and gives the connections back."""
        self._jobs.stop()
        self._jobs.withdraw(sorted(self._left))
        self._left.clear()
        self._jobs.api.close()

    def _submit(self, request: ChatRequest) -> str:
        job_id = self._jobs.submit(self._form.input_of(request.body), request.timeout_s)
        self._left.add(job_id)  # until somebody waits for it, should whoever hears of it fail to note it
        request.on_submitted(job_id)
        return job_id


def open_queue(settings: OcrSettings, pace: Pace = USUAL_PACE, form: JobForm = STOCK) -> RunpodQueue:
    """The transport these settings ask for; close it. Raises ConfigError where endpoint or key cannot be ones."""
    jobs = RunpodJobs(RunpodApi(settings), pace)
    return RunpodQueue(jobs, form, has_price=settings.usd_per_gpu_second > 0)


def describe(endpoint: str, health: Health) -> str:
    """An endpoint's health in one line, with a remedy where it could not take a job."""
    workers = health.workers
    line = f"{endpoint}: {health}"
    if not any(workers.values()):
        line += (
            "; no worker is there or on standby: fine for a new endpoint, but after 7 idle days RunPod sets "
            "Max workers to 0 and jobs wait for ever: look at Max workers in the endpoint's settings"
        )
    elif workers.get("unhealthy", 0) and not (workers.get("idle", 0) or workers.get("running", 0)):
        line += "; its workers crash at the start: read the worker's log in RunPod's console"
    elif workers.get("throttled", 0) and not (workers.get("idle", 0) or workers.get("running", 0)):
        line += "; no GPU of the chosen kind is free: allow more kinds of GPU, or more regions"
    return line
