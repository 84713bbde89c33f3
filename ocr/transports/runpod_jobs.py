"""One RunPod job from its submission to its result: polling, patience, cancelling, its share of the bill."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ocr.transports.gpu_meter import GpuMeter
from ocr.transports.runpod_api import Health, JobReport, JobState, Policy, RunpodApi
from pipeline.errors import OcrError, OcrLostError, OcrUnavailableError

logger = logging.getLogger(__name__)

_RUNNING = (JobState.IN_PROGRESS, JobState.RUNNING)
_ENDED = (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.TIMED_OUT)
_SHORTEST_RUN_S = 10.0  # RunPod takes executionTimeout from 5 s and ttl from 10 s on
_CANCELLERS = 8  # of the 20 concurrent /cancel requests that RunPod allows
_POLLS_PER_S = 100.0  # half of what RunPod allows: 2000 /status in 10 s
_HEALTH_EVERY_S = 30.0
_LEAVE_S = 60.0  # for requests under way to end


@dataclass(frozen=True, slots=True)
class Pace:
    """How jobs are waited for, in seconds.

    `slice_s` is the longest wait in one go while no job at all is taken up by a worker; the caller, who counts
    patience over the run, is then told and may come back. RunPod keeps an unfinished job for `keep_s`.
    """

    first_s: float = 0.5
    growth: float = 1.4
    longest_s: float = 5.0
    jitter: float = 0.25
    slice_s: float = 30.0
    keep_s: float = 3600.0


USUAL_PACE = Pace()


@dataclass(slots=True)
class _Watch:
    """What has been seen of a job since somebody waits for it."""

    pause_s: float
    since: float  # the job is queued, running or silent since then
    phase: str = "queued"

    def enter(self, phase: str, now: float, pause_s: float) -> None:
        if phase != self.phase:
            self.phase, self.since, self.pause_s = phase, now, pause_s


class RunpodJobs:
    """Submits and awaits jobs, for many threads at once."""

    def __init__(
        self,
        api: RunpodApi,
        pace: Pace = USUAL_PACE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.api = api
        self._pace = pace
        self._clock = clock
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._meter = GpuMeter(clock)
        self._idle = threading.Condition()
        self._waiting = 0
        self._health: Health | None = None
        self._asked_health_at = -math.inf
        self._alive_at = -math.inf  # when a job was last seen to run or to have ended

    def submit(self, job_input: Mapping[str, Any], timeout_s: float) -> str:  # Any: JSON
        """Queues a job that may run for `timeout_s`; its id. Raises as `RunpodApi.submit`."""
        execution_s = max(timeout_s, _SHORTEST_RUN_S)
        return self.api.submit(job_input, Policy(execution_s, self._pace.keep_s + execution_s))

    def wait(self, job_id: str, timeout_s: float) -> JobReport:
        """Polls until the job is COMPLETED, its `ran_s` then its share of the workers' time, or FAILED with a word.

        Raises OcrLostError where it has ended otherwise (unknown, cancelled, out of time, failed without a word), and
        OcrUnavailableError where it is still queued, or RunPod cannot be asked, after a slice of patience: the job
        lives on and can be waited for again.
        """
        watch = _Watch(self._pace.first_s, self._clock())
        try:
            while True:
                report = self._look(job_id, watch)
                if report is not None and report.state in _ENDED:
                    return self._ended(report)
                self._judge(job_id, watch, timeout_s)
                self._sleep(self._pause_s(watch))
        finally:
            self._meter.wasted(job_id)  # nothing, where it has completed

    def withdraw(self, job_ids: Sequence[str]) -> None:
        """Takes those of the jobs that no worker has begun off the queue, so that nobody pays for them."""
        if job_ids:
            with ThreadPoolExecutor(_CANCELLERS, thread_name_prefix="cancel") as threads:
                withdrawn = sum(threads.map(self._withdraw, job_ids))
            logger.info("%s: %d queued jobs withdrawn, %d left", self.api.name, withdrawn, len(job_ids) - withdrawn)

    @contextmanager
    def attended(self) -> Iterator[None]:
        """For whoever submits a job or waits for one: `stop` waits for the end of it.

        Raises OcrUnavailableError where all has been stopped.
        """
        with self._idle:
            if self._closed.is_set():
                raise OcrUnavailableError(f"{self.api.name} is not asked any more: the run ends")
            self._waiting += 1
        try:
            yield
        finally:
            with self._idle:
                self._waiting -= 1
                self._idle.notify_all()

    def stop(self) -> None:
        """Ends all waiting, as OcrUnavailableError; the jobs themselves go on."""
        with self._idle:
            self._closed.set()
            self._idle.wait_for(lambda: not self._waiting, _LEAVE_S)

    def _look(self, job_id: str, watch: _Watch) -> JobReport | None:
        """The job's state, noted in `watch`; None where RunPod cannot be asked just now."""
        try:
            report = self.api.status(job_id)
        except OcrUnavailableError as error:
            logger.debug("RunPod job %s: no news: %s", job_id, error.message)
            watch.enter("silent", self._clock(), self._pace.first_s)
            watch.pause_s = min(max(watch.pause_s, error.retry_after_s or 0.0), self._pace.slice_s)
            return None
        phase = "queued"
        if report.state in _RUNNING:
            phase = "running"
            self._alive_at = self._clock()
            self._meter.started(job_id)
            self._ask_health()
        watch.enter(phase, self._clock(), self._pace.first_s)
        return report

    def _judge(self, job_id: str, watch: _Watch, timeout_s: float) -> None:
        """Raises where the job has been queued, running or out of sight for too long."""
        waited_s = self._clock() - watch.since
        idle_s = min(waited_s, self._clock() - self._alive_at)  # while others run, a queue is only a queue
        if self._closed.is_set():
            raise OcrUnavailableError(f"RunPod job {job_id} is left to itself: the run ends")
        if watch.phase == "running" and waited_s >= timeout_s:
            self._cancel(job_id)
            raise OcrLostError(f"RunPod job {job_id} ran for more than {timeout_s:g} s and was cancelled")
        if watch.phase != "running" and idle_s >= self._pace.slice_s:
            what = "has waited for a worker" if watch.phase == "queued" else "cannot be asked about"
            raise OcrUnavailableError(
                f"{self.api.name}: job {job_id} {what} for {waited_s:.0f} s ({self._ask_health() or 'no news of it'})"
            )

    def _pause_s(self, watch: _Watch) -> float:
        pause_s = max(watch.pause_s, self._waiting / _POLLS_PER_S)
        watch.pause_s = min(watch.pause_s * self._pace.growth, self._pace.longest_s)
        return pause_s * random.uniform(1 - self._pace.jitter, 1 + self._pace.jitter)  # noqa: S311 (no secret)

    def _ended(self, report: JobReport) -> JobReport:
        self._alive_at = self._clock()
        if report.state is JobState.COMPLETED:
            logger.debug("RunPod job %s: queued %.1f s, ran %.1f s", report.id, report.queued_s, report.ran_s)
            return replace(report, ran_s=self._meter.completed(report.id, report.ran_s))
        if report.state is JobState.FAILED and report.error:
            return report
        end = {JobState.CANCELLED: "was cancelled", JobState.TIMED_OUT: "ran out of time"}
        raise OcrLostError(f"RunPod job {report.id} {end.get(report.state, 'failed without a word')}")

    def _cancel(self, job_id: str) -> bool:
        try:
            self.api.cancel(job_id)
        except OcrError as error:
            logger.warning("RunPod job %s could not be cancelled: %s", job_id, error.message)
            return False
        return True

    def _withdraw(self, job_id: str) -> bool:
        try:
            is_queued = self.api.status(job_id).state is JobState.IN_QUEUE
        except OcrError as error:
            logger.debug("RunPod job %s left alone: %s", job_id, error.message)
            return False
        return is_queued and self._cancel(job_id)

    def _ask_health(self) -> Health | None:
        """The endpoint's health, asked for now and then; it tells how many workers share the running jobs."""
        with self._idle:
            if self._clock() - self._asked_health_at < _HEALTH_EVERY_S:
                return self._health
            self._asked_health_at = self._clock()
        try:
            self._health = self.api.health()
        except OcrError as error:
            logger.debug("%s: no health: %s", self.api.name, error.message)
            return self._health
        self._meter.set_workers(self._health.workers.get("running", 1))
        return self._health
