import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from ocr.transports.pdf_job import PdfJob, pack_job, unpack_outcomes
from ocr.worker.__main__ import WorkerSettings, worker_settings
from ocr.worker.handler import Handler
from ocr.worker.job_reader import JobReader
from ocr.worker.vllm import vllm_command
from pipeline.document import Page
from pipeline.errors import AutoreaderError, OcrRejectedError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask

_PAGE = Page(1, 612.0, 792.0, (), "text_layer")
_JOB = {"id": "j1", "input": pack_job(PdfJob("surya/1", 96, 600.0, (_PAGE,), pdf=b"%PDF"))}
_TASK = PageTask(1, "page 1", Path(), 1, _PAGE)

_T = TypeVar("_T")


class _Reader:
    """A JobReader that answers as it is told, or waits until it is stopped."""

    def __init__(self, answer: list[PageOutcome] | AutoreaderError | None) -> None:
        self._answer = answer
        self.started = threading.Event()
        self.was_stopped = False

    def read(self, job: PdfJob, stop: threading.Event) -> list[PageOutcome]:
        assert job.pdf == b"%PDF"
        self.started.set()
        if self._answer is None:
            self.was_stopped = stop.wait(10)
            return []
        if isinstance(self._answer, AutoreaderError):
            raise self._answer
        return self._answer


def _run(work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
    """In a thread of its own: the browser's tests leave an event loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


def _handle(reader: _Reader, job: dict[str, Any] = _JOB) -> dict[str, Any]:
    return _run(lambda: Handler(cast("JobReader", reader))(job))


def test_the_outcomes_of_a_job_are_its_output() -> None:
    outcome = PageOutcome(_TASK, OutcomeKind.FAILED, reason="damaged")

    assert unpack_outcomes(_handle(_Reader([outcome])), [_TASK]) == [outcome]


def test_a_job_that_is_none_fails_with_its_reason_and_reaches_no_model() -> None:
    reader = _Reader([])

    output = _handle(reader, {"id": "j1", "input": {"prompt": "hello"}})

    assert output["error"].startswith("no job for this worker")
    assert not reader.started.is_set()


def test_a_job_for_another_engine_fails_with_its_reason() -> None:
    assert _handle(_Reader(OcrRejectedError("mismatch: no"))) == {"error": "mismatch: no"}


def test_a_worker_whose_model_is_gone_asks_to_be_replaced() -> None:
    output = _handle(_Reader(OcrUnavailableError("cannot be reached")))

    assert output == {"error": "the model server is gone: cannot be reached", "refresh_worker": True}


def test_a_cancelled_job_stops_its_reader() -> None:
    reader = _Reader(None)

    async def cancel() -> None:
        task = asyncio.create_task(Handler(cast("JobReader", reader))(_JOB))
        await asyncio.to_thread(reader.started.wait, 10)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        _run(cancel)

    assert reader.was_stopped


def test_the_container_is_set_up_by_its_environment() -> None:
    environment = {"AUTOREADER_WORKER_VLLM_ARGS": "--max-num-seqs=64 --dtype half", "AUTOREADER_WORKER_JOBS": "3"}

    assert worker_settings(environment) == WorkerSettings(
        "datalab-to/surya-ocr-2", ("--max-num-seqs=64", "--dtype", "half"), 3, 600.0
    )


def test_vllm_listens_inside_the_container_alone_and_own_options_come_last() -> None:
    command = vllm_command("/models/surya", "datalab-to/surya-ocr-2", ["--max-num-seqs=64"])

    assert command[:4] == ["vllm", "serve", "/models/surya", "--host=127.0.0.1"]
    assert "--served-model-name=datalab-to/surya-ocr-2" in command
    assert command[-1] == "--max-num-seqs=64"


def test_the_workers_packages_are_those_of_the_lock() -> None:
    root = Path(__file__).parents[2]
    locked = dict(line.lower().split("==") for line in (root / "requirements.lock").read_text().split() if "==" in line)
    lines = (root / "ocr" / "requirements-worker.txt").read_text().splitlines()

    for line in [line for line in lines if line and not line.startswith("#")]:
        name, version = line.lower().split("==")
        assert locked.get(name, version) == version
