"""A loopback RunPod: the routes clients use and those workers pull jobs by, with every failure on request.

    with ControlPlane(fate=completes({"pages": []})) as runpod:
        settings = OcrSettings(runpod_url=runpod.url, runpod_endpoint=ENDPOINT, runpod_key=KEY)

What becomes of a job is its fate, a function from the `Job` to its `End`, run in a thread of its own; there are some
in `tests.fakes.job_fates`. Without one, jobs wait for a real worker, which asks for them by job-take.

`cold` holds jobs in the queue until it is cleared; `replies` answers the next requests of a route in place of the
usual (429, 500...); `forget(job)` is what RunPod does 30 minutes after the end.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.loopback_http import FakeServer, Reply, Request

__all__ = ["ENDPOINT", "KEY", "ControlPlane", "End", "Fate", "Job", "Reply"]

ENDPOINT = "k3x9w2a7b1c4d5"
KEY = "rpa_LOOPBACK0123456789"
_BODY_LIMIT = 10 << 20
_LONG_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class End:
    """How a job ends. `run_s` is what RunPod says it took; None for the time that passed."""

    state: str = "COMPLETED"
    output: Any = None  # Any: JSON
    error: str = ""
    run_s: float | None = None


@dataclass(slots=True)
class Job:
    """A job as RunPod knows it."""

    id: str
    input: Any  # Any: JSON
    policy: dict[str, int]
    submitted_at: float
    state: str = "IN_QUEUE"
    started_at: float = 0.0
    ended_at: float = 0.0
    end: End = field(default_factory=End)

    def public(self) -> dict[str, Any]:
        """What /status tells."""
        told: dict[str, Any] = {"id": self.id, "status": self.state}
        if self.started_at:
            told["delayTime"] = round(1000 * (self.started_at - self.submitted_at))
        if self.ended_at:
            run_s = self.ended_at - self.started_at if self.end.run_s is None else self.end.run_s
            told["executionTime"] = round(1000 * run_s)
        told |= {"output": self.end.output} if self.end.output is not None else {}
        return told | ({"error": self.end.error} if self.end.error else {})


Fate = Callable[[Job], End]


class ControlPlane(FakeServer):
    """RunPod with one endpoint and one key."""

    def __init__(self, fate: Fate | None = None, *, cold: bool = False) -> None:
        super().__init__()
        self.fate = fate
        self.cold = threading.Event()
        if cold:
            self.cold.set()
        self.jobs: dict[str, Job] = {}
        self.workers = {"idle": 1, "initializing": 0, "running": 0, "throttled": 0, "unhealthy": 0}
        self.replies: defaultdict[str, list[Reply]] = defaultdict(list)  # route -> answers, each given once
        self.asked: list[tuple[str, str]] = []  # route ("run", "status", "job-take"...), id or ""
        self.taken_by: dict[str, str] = {}  # job -> worker
        self._stops: list[str] = []

    @property
    def url(self) -> str:
        """The base of the client's routes."""
        return f"{self.root}/v2"

    @property
    def worker_environment(self) -> dict[str, str]:
        """What RunPod sets in a worker's container, as far as the SDK needs it to find this server."""
        return {
            "RUNPOD_POD_ID": "pod1",
            "RUNPOD_ENDPOINT_ID": ENDPOINT,
            "RUNPOD_AI_API_KEY": "worker-key",
            "RUNPOD_WEBHOOK_GET_JOB": f"{self.root}/job-take/{ENDPOINT}/$ID?gpu=loopback",
            "RUNPOD_WEBHOOK_POST_OUTPUT": f"{self.root}/job-done/{ENDPOINT}/$RUNPOD_POD_ID/$ID?gpu=loopback",
            "RUNPOD_WEBHOOK_PING": f"{self.root}/ping/{ENDPOINT}/$RUNPOD_POD_ID",
            "RUNPOD_SKIP_AUTO_SYSTEM_CHECKS": "true",
            "RUNPOD_SKIP_GPU_CHECK": "true",
        }

    def count(self, route: str) -> int:
        """How many requests of a route came."""
        return Counter(name for name, _ in self.asked)[route]

    def forget(self, job_id: str) -> None:
        """Drops a job and its result."""
        with self._lock:
            del self.jobs[job_id]

    def warm_up(self) -> None:
        """Lets the queue move."""
        self.cold.clear()
        with self._lock:
            waiting = [job for job in self.jobs.values() if job.state == "IN_QUEUE"]
        for job in waiting:
            self._begin(job)

    def answer(self, request: Request) -> Reply:
        """The answer to one request."""
        parts = request.path.partition("?")[0].strip("/").split("/")
        if parts[0] == "v2":
            return self._to_client(parts[1], parts[2:], request)
        return self._to_worker(parts, request)

    def _to_client(self, endpoint: str, route: list[str], request: Request) -> Reply:  # noqa: PLR0911 - one a route
        name, job_id = route[0], "".join(route[1:])
        self.asked.append((name, job_id))
        if self.replies[name]:
            return self.replies[name].pop(0)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(status=401)
        if endpoint != ENDPOINT:
            return _json({"error": "endpoint not found"}, 404)
        match request.method, name:
            case "POST", "run":
                return self._run(request.body)
            case "GET", "health":
                return _json(self._health())
            case ("GET", "status") | ("POST", "cancel"):
                return self._job(name, job_id)
        return Reply(status=405)

    def _job(self, name: str, job_id: str) -> Reply:
        if (job := self.jobs.get(job_id)) is None:
            return _json({"error": "job not found"}, 404)
        if name == "cancel":
            self._cancel(job)
        return _json(job.public())

    def _run(self, raw: bytes) -> Reply:
        if len(raw) > _BODY_LIMIT:
            return Reply(status=413)
        body = json.loads(raw)
        job = Job(f"{uuid.uuid4()}-e1", body["input"], body.get("policy", {}), time.monotonic())
        with self._lock:
            self.jobs[job.id] = job
        told = _json(job.public())
        if not self.cold.is_set():
            self._begin(job)
        return told

    def _begin(self, job: Job) -> None:
        if self.fate is not None:
            threading.Thread(target=self._live, args=(job, self.fate), daemon=True).start()

    def _live(self, job: Job, fate: Fate) -> None:
        with self._lock:
            if job.state != "IN_QUEUE":
                return
            job.state, job.started_at = "IN_PROGRESS", time.monotonic()
        self._finish(job, fate(job))

    def _finish(self, job: Job, end: End) -> None:
        with self._lock:
            if job.state != "CANCELLED":
                job.state, job.end, job.ended_at = end.state, end, time.monotonic()

    def _cancel(self, job: Job) -> None:
        with self._lock:
            if job.state in ("IN_QUEUE", "IN_PROGRESS"):
                job.state = "CANCELLED"
                self._stops.append(job.id)

    def _health(self) -> dict[str, dict[str, int]]:
        states = Counter(job.state for job in self.jobs.values())
        jobs = {
            "completed": states["COMPLETED"],
            "failed": states["FAILED"],
            "inProgress": states["IN_PROGRESS"],
            "inQueue": states["IN_QUEUE"],
            "retried": 0,
        }
        return {"jobs": jobs, "workers": self.workers}

    def _to_worker(self, parts: list[str], request: Request) -> Reply:
        self.asked.append((parts[0], parts[-1]))
        match parts:
            case ["job-take" | "job-take-batch" as route, _, worker]:
                return self._take(worker, _number(request.path, "batch_size") if route == "job-take-batch" else None)
            case ["job-stop", _, _]:
                return self._long_poll(self._told_to_stop)
            case ["job-done", _, _, job_id]:
                self._done(self.jobs[job_id], json.loads(request.body))
        return Reply()

    def _take(self, worker: str, batch: int | None) -> Reply:
        def take() -> Reply | None:
            with self._lock:
                waiting = [job for job in self.jobs.values() if job.state == "IN_QUEUE" and not self.cold.is_set()]
                jobs = waiting[: batch or 1]
                for job in jobs:
                    job.state, job.started_at = "IN_PROGRESS", time.monotonic()
                    self.taken_by[job.id] = worker
            plain = [{"id": job.id, "input": job.input} for job in jobs]
            return _json(plain if batch else plain[0]) if plain else None

        return self._long_poll(take)

    def _told_to_stop(self) -> Reply | None:
        with self._lock:
            stops, self._stops = self._stops, []
        return _json({"jobsToStop": stops}) if stops else None

    def _done(self, job: Job, told: dict[str, Any]) -> None:  # Any: JSON
        if told.get("status") != "IN_PROGRESS":  # that would be a progress update
            error = str(told.get("error") or "")
            self._finish(job, End("FAILED" if error else "COMPLETED", told.get("output"), error))

    def _long_poll(self, ready: Callable[[], Reply | None]) -> Reply:
        until = time.monotonic() + _LONG_POLL_S
        while time.monotonic() < until:
            if reply := ready():
                return reply
            time.sleep(0.02)
        return Reply(status=204)


def _number(path: str, name: str) -> int:
    return int(httpx.URL(path).params[name])


def _json(value: object, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"content-type": "application/json"})
