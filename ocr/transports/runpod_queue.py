"""Chat requests as jobs of RunPod's stock image `runpod/worker-v1-vllm`, which needs no Docker of our own.

The image takes `{"openai_route": ..., "openai_input": ...}` as a job and pulls jobs only once vLLM is healthy: a cold
start is a job that waits in the queue, not an error.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ocr.chat import ChatAnswer, ChatRequest
from ocr.transports.runpod_answer import read_answer
from ocr.transports.runpod_api import Health, RunpodApi
from ocr.transports.runpod_jobs import USUAL_PACE, Pace, RunpodJobs
from pipeline.config import OcrSettings
from pipeline.errors import OcrLostError

_ROUTE = "/v1/chat/completions"


class RunpodQueue:
    """Implements `ocr.chat.ChatTransport` over /run, /status, /cancel and /health.

    A job that is still queued when a slice of patience is over raises OcrUnavailableError and is kept: the next
    `chat` with its id in `remote_id`, or with the same body, waits for that job again instead of paying for another.
    A `remote_id` that RunPod does not know raises OcrLostError; whoever calls submits anew, without it.
    """

    def __init__(self, jobs: RunpodJobs) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        self._kept: defaultdict[str, list[str]] = defaultdict(list)  # request's hash -> jobs that may still answer

    @property
    def endpoint(self) -> str:
        """The endpoint's name for messages."""
        return self._jobs.api.name

    def chat(self, request: ChatRequest) -> ChatAnswer:
        """One answer from one job, new or old; `gpu_seconds` is its share of the workers' time.

        Raises OcrAuthError, OcrUnavailableError (the job lives on), OcrRejectedError, OcrLostError.
        """
        key = _hash(request.body)
        job_id = self._take(key, request.remote_id)
        is_new = not job_id
        if is_new:
            job_id = self._jobs.submit({"openai_route": _ROUTE, "openai_input": request.body}, request.timeout_s)
        try:
            if is_new:
                request.on_submitted(job_id)
            report = self._jobs.wait(job_id, request.timeout_s)
        except OcrLostError:
            raise  # the job has ended
        except BaseException:
            self._keep(key, job_id)
            raise
        return read_answer(report)

    def check(self) -> str:
        """The endpoint's health in one line, with a remedy where no worker could take a job. Raises as `chat`."""
        return describe(self.endpoint, self._jobs.api.health())

    def close(self) -> None:
        """Ends all waiting, withdraws kept jobs that no worker has begun, and gives the connections back."""
        self._jobs.stop()
        with self._lock:
            kept = [job_id for jobs in self._kept.values() for job_id in jobs]
            self._kept.clear()
        self._jobs.withdraw(kept)
        self._jobs.api.close()

    def _take(self, key: str, remote_id: str) -> str:
        with self._lock:
            kept = self._kept.get(key, [])
            if remote_id:
                if remote_id in kept:
                    kept.remove(remote_id)
                return remote_id
            return kept.pop() if kept else ""

    def _keep(self, key: str, job_id: str) -> None:
        with self._lock:
            self._kept[key].append(job_id)


def open_queue(settings: OcrSettings, pace: Pace = USUAL_PACE) -> RunpodQueue:
    """The transport these settings ask for; close it. Raises ConfigError where endpoint or key cannot be ones."""
    return RunpodQueue(RunpodJobs(RunpodApi(settings), pace))


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


def _hash(body: Mapping[str, Any]) -> str:  # Any: JSON
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
