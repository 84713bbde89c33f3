"""The rows of the failure matrix that are RunPod's own: `python -m tests.bench.failure_matrix_runpod [--speed N]`.

Jobs that get lost, a cold queue, wrong settings, and a client that is killed with SIGKILL in the middle, whose jobs
another one collects. "Requests" are jobs submitted: what is paid for.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ocr.endpoints.chat import ChatAnswer, ChatRequest, ChatTransport
from ocr.surya import open_surya
from ocr.transports.runpod_jobs import USUAL_PACE
from ocr.transports.runpod_queue import RunpodQueue, open_queue
from pipeline.config import OcrSettings
from tests.bench.failure_conditions import Condition, Rig, Scale
from tests.bench.failure_matrix import Row, measure, print_rows, tasks
from tests.fakes.control_plane import ENDPOINT, KEY, ControlPlane, End, Fate, Job, Reply
from tests.fakes.job_fates import by_vllm, fails, in_turn, times_out
from tests.fakes.model_answers import answering
from tests.fakes.model_server import ModelServer
from tests.fakes.page_pictures import PagePictures

_PAGES = 12
_QUICK_JOBS = 4  # of the client that is killed; the others are under way when it dies
_ROOT = Path(__file__).parents[2]


def conditions() -> list[Condition]:
    """What can go wrong at a queue endpoint."""
    fates: dict[str, Callable[[Fate], Fate]] = {
        "RunPod: well": lambda well: well,
        "RunPod: job lost once (FAILED without a word)": lambda well: in_turn(fails(), well),
        "RunPod: every job lost": lambda _: fails(),
        "RunPod: job out of time once": lambda well: in_turn(times_out(), well),
        "RunPod: every job FAILED with a reason": lambda _: fails("CUDA out of memory"),
        "RunPod: vLLM knows no such model": lambda _: fails("{'message': 'no such model', 'code': 404}"),
    }
    rows = [Condition(name, partial(_loopback, fate)) for name, fate in fates.items()]
    well = fates["RunPod: well"]
    return [
        *rows,
        Condition("RunPod: cold queue", partial(_loopback, well, is_cold=True)),
        Condition("RunPod: 429 ten times, Retry-After 5 s", partial(_loopback, well, busy=10)),
        Condition("RunPod: wrong key (401)", partial(_loopback, well, key="rpa_wrong")),
        Condition("RunPod: wrong endpoint (404)", partial(_loopback, well, endpoint="abc123")),
        Condition("RunPod: client killed in the middle, another one collects", _killed),
    ]


def rows(scale: Scale) -> Iterator[Row]:
    """All rows, each measured when it is asked for."""
    return (measure(condition, scale) for condition in conditions())


@contextmanager
def _loopback(
    fate: Callable[[Fate], Fate],
    scale: Scale,
    *,
    is_cold: bool = False,
    busy: int = 0,
    **wrong: str,
) -> Iterator[Rig]:
    with ModelServer(answering()) as model, ControlPlane(fate(by_vllm(model.url)), cold=is_cold) as plane:
        plane.replies["run"] = [Reply(status=429, headers={"retry-after": "5"})] * busy
        warming = threading.Timer(scale.cold_s / scale.speed, plane.warm_up)
        if is_cold:
            warming.start()
        settings = _settings(plane.url, scale, **wrong)
        transport = _queue(settings, scale)
        yield Rig(settings, transport, lambda: plane.count("run"))
        warming.cancel()
        transport.close()


@contextmanager
def _killed(scale: Scale) -> Iterator[Rig]:
    """After a client that was killed while several of its jobs ran."""
    with ExitStack() as stack:
        model = stack.enter_context(ModelServer(answering()))
        is_dead = threading.Event()
        plane = stack.enter_context(ControlPlane(_slow_after(_QUICK_JOBS, by_vllm(model.url), is_dead)))
        stack.callback(is_dead.set)
        notes = Path(stack.enter_context(TemporaryDirectory()), "jobs")
        _kill_a_client(plane, notes, scale)
        is_dead.set()
        settings = _settings(plane.url, scale)
        transport = _Remembering(_queue(settings, scale), notes)
        stack.callback(transport.close)
        yield Rig(settings, transport, lambda: plane.count("run"))


def _slow_after(count: int, fate: Fate, is_over: threading.Event) -> Fate:
    numbers = itertools.count(1)

    def slow(job: Job) -> End:
        if next(numbers) > count:
            is_over.wait(120)
        return fate(job)

    return slow


def _kill_a_client(plane: ControlPlane, notes: Path, scale: Scale) -> None:
    command = [sys.executable, "-m", "tests.bench.failure_matrix_runpod", "--client", plane.url]
    options = ["--notes", str(notes), "--speed", str(scale.speed), "--dpi", str(scale.dpi)]
    process = subprocess.Popen([*command, *options], cwd=_ROOT)
    until = time.monotonic() + 120
    while not _stands_between_requests(process, plane, notes):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the client to be killed ended by itself: {process.poll()}")
        time.sleep(0.01)
    process.kill()
    process.wait()


def _stands_between_requests(process: subprocess.Popen[bytes], plane: ControlPlane, notes: Path) -> bool:
    """Stops the client with jobs under way, and lets it go on unless all its jobs are noted.

    RunPod tells a job's id only in its answer, and knows no key by which to ask again: a client that dies between the
    two pays for that job twice, whoever wrote it. This row is about all the others.
    """
    if sum(job.state == "IN_PROGRESS" for job in list(plane.jobs.values())) < _QUICK_JOBS:
        return False
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)  # what the client had sent arrives
    if notes.exists() and len(notes.read_text().splitlines()) == len(plane.jobs):
        return True
    process.send_signal(signal.SIGCONT)
    return False


class _Remembering:
    """A transport that notes each job in a file before it is polled, as the store does, and looks there first."""

    def __init__(self, inner: ChatTransport, notes: Path) -> None:
        self._inner = inner
        self._notes = notes
        self._known = dict(line.split() for line in notes.read_text().splitlines()) if notes.exists() else {}
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return self._inner.endpoint

    def chat(self, request: ChatRequest) -> ChatAnswer:
        key = hashlib.sha256(json.dumps(request.body, sort_keys=True).encode()).hexdigest()
        remote_id = request.remote_id or self._known.pop(key, "")
        noting = partial(self._note, key, request.on_submitted)
        return self._inner.chat(replace(request, remote_id=remote_id, on_submitted=noting))

    def check(self) -> str:
        return self._inner.check()

    def close(self) -> None:
        self._inner.close()

    def _note(self, key: str, on_submitted: Callable[[str], None], job_id: str) -> None:
        with self._lock, self._notes.open("a") as file:
            file.write(f"{key} {job_id}\n")
        on_submitted(job_id)


def _settings(url: str, scale: Scale, key: str = KEY, endpoint: str = ENDPOINT) -> OcrSettings:
    usual = scale.settings("").model_dump() | {"runpod_url": url, "runpod_key": key, "runpod_endpoint": endpoint}
    return OcrSettings.model_validate(usual)


def _queue(settings: OcrSettings, scale: Scale) -> RunpodQueue:
    usual = asdict(USUAL_PACE)
    quick = {name: usual[name] / scale.speed for name in ("first_s", "longest_s", "slice_s")}
    return open_queue(settings, replace(USUAL_PACE, **quick))


def _be_killed(url: str, notes: Path, scale: Scale) -> None:
    settings = _settings(url, scale)
    transport = _Remembering(_queue(settings, scale), notes)
    for _ in open_surya(settings, transport, PagePictures()).read_pages(tasks(_PAGES), lambda _task, _job: None):
        pass


def main() -> None:
    """Prints the table, or is the client that gets killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--dpi", type=int, default=96)
    parser.add_argument("--client")
    parser.add_argument("--notes", type=Path)
    options = parser.parse_args()
    scale = Scale(speed=options.speed, dpi=options.dpi)
    if options.client:
        _be_killed(options.client, options.notes, scale)
    else:
        print_rows(rows(scale))


if __name__ == "__main__":
    main()
