"""Our own worker as a container runs it: the program, RunPod's own SDK with its loop, a loopback RunPod, a model.

The SDK lives in an environment of its own (`make worker-venv`), as 101 packages come with it.
"""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ocr.text_layer import read_text_layer
from ocr.transports.pdf_job import PdfJob, pack_job
from ocr.transports.runpod_api import JobState, Policy, RunpodApi
from ocr.transports.runpod_jobs import Pace
from ocr.transports.runpod_pdf import open_runpod_pdf
from pipeline.config import OcrSettings
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.fakes.control_plane import ENDPOINT, KEY, ControlPlane
from tests.fakes.model_answers import answering, reading, slow
from tests.fakes.model_server import Asked, ModelServer, Reply
from tests.fakes.papers import make_pdf
from tests.fakes.pdf_pictures import PDFIUM, PdfPictures, page_words

_ROOT = Path(__file__).parents[2]
_PYTHON = _ROOT / ".venv-worker" / "bin" / "python"
_QUICK = Pace(first_s=0.05, longest_s=0.2, slice_s=60.0)

pytestmark = pytest.mark.skipif(not _PYTHON.exists(), reason="needs RunPod's SDK: make worker-venv")


class _Worker:
    """The running program, its model and its RunPod; they serve all tests of this file."""

    def __init__(self, plane: ControlPlane, model: ModelServer, settings: OcrSettings, log: Path) -> None:
        self.plane = plane
        self.model = model
        self.api = RunpodApi(settings)
        self._settings = settings
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def read(self, tasks: list[PageTask]) -> dict[int, PageOutcome]:
        reader = open_runpod_pdf(self._settings, PdfPictures(), _QUICK)
        try:
            return {outcome.task.number: outcome for outcome in reader.read_pages(tasks, _nobody)}
        finally:
            reader.close()

    def submit(self, tasks: list[PageTask]) -> str:
        reader = open_runpod_pdf(self._settings, PdfPictures(), _QUICK)
        reader.close()
        evidence = tuple(task.evidence for task in tasks)
        job = PdfJob(reader.engine_key, self._settings.surya_dpi, 120.0, evidence, pdf=tasks[0].pdf.read_bytes())
        return self.api.submit(pack_job(job), Policy(120.0, 240.0))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < until, self.log[-2000:]
            time.sleep(0.02)


def _nobody(task: PageTask, job_id: str) -> None:
    del task, job_id


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Worker]:
    home = tmp_path_factory.mktemp("worker")
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane())
        model = stack.enter_context(ModelServer(answering()))
        environment = plane.worker_environment | {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(_ROOT),
            "HOME": str(home),
            "AUTOREADER_OCR__SURYA_URL": model.url,
            "AUTOREADER_OCR__COLD_START_S": "1",
            "OMP_NUM_THREADS": "1",
        }
        log = stack.enter_context((home / "log").open("wb"))
        process = subprocess.Popen(
            [_PYTHON, "-m", "ocr.worker"], cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        values = {"runpod_url": plane.url, "runpod_endpoint": ENDPOINT, "runpod_key": KEY, "surya_dpi": 48}
        worker = _Worker(plane, model, OcrSettings.model_validate(values), home / "log")
        stack.callback(worker.api.close)
        yield worker
        assert process.poll() is None, worker.log[-2000:]
        assert "Traceback" not in worker.log


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(make_pdf([page_words(number) for number in (1, 2, 3)]))
    return pdf


def _tasks(pdf: Path) -> list[PageTask]:
    with PDFIUM:
        pages = read_text_layer(pdf, 50).pages
    return [PageTask(page.number, pdf.name, pdf, page.number, page) for page in pages]


def test_a_pdf_goes_in_and_its_pages_come_out(worker: _Worker, paper: Path) -> None:
    worker.model.script = reading([paper])

    outcomes = worker.read(_tasks(paper))

    for number in (1, 2, 3):
        page = outcomes[number].page
        assert page is not None
        assert page_words(number)[:40] in " ".join(block.text for block in page.blocks)
    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DONE}
    assert set(worker.plane.taken_by.values()) == {"pod1"}


def test_a_hostile_pdf_costs_its_own_job_alone(worker: _Worker, paper: Path) -> None:
    worker.model.script = reading([paper])
    good = _tasks(paper)[0]
    bad = paper.parent / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\n" + b"\x00" * 500)

    outcomes = worker.read([good, PageTask(2, "bad", bad, 2, good.evidence)])

    assert outcomes[1].kind is OutcomeKind.DONE
    assert outcomes[2].kind is not OutcomeKind.DONE


def test_a_cancelled_job_is_dropped_and_the_worker_goes_on(worker: _Worker, paper: Path) -> None:
    released = threading.Event()

    def hanging(asked: Asked) -> Reply:
        released.wait(60)
        return answering()(asked)

    worker.model.script = hanging
    asked = len(worker.model.posts)
    job_id = worker.submit(_tasks(paper)[:1])
    worker.wait_until(lambda: len(worker.model.posts) > asked)

    worker.api.cancel(job_id)
    worker.wait_until(lambda: "Stopping job." in worker.log)
    released.set()
    worker.model.script = reading([paper])
    outcomes = worker.read(_tasks(paper))

    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DONE}
    assert worker.api.status(job_id).state is JobState.CANCELLED
    assert ("job-done", job_id) not in worker.plane.asked


def test_what_is_no_job_fails_with_its_reason(worker: _Worker) -> None:
    job_id = worker.api.submit({"prompt": "hello"}, Policy(60.0, 120.0))

    worker.wait_until(lambda: worker.api.status(job_id).state is JobState.FAILED)

    assert worker.api.status(job_id).error.startswith("no job for this worker: it wants PDFs")


def test_jobs_run_side_by_side(worker: _Worker, paper: Path) -> None:
    worker.model.script = slow(0.5, reading([paper]))
    others = []
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        others.append(paper.with_name(name))
        others[-1].write_bytes(paper.read_bytes())

    for pdf in others:
        worker.submit(_tasks(pdf))
    worker.wait_until(lambda: all(job.state == "COMPLETED" for job in list(worker.plane.jobs.values())[-3:]))

    starts = sorted(job.started_at for job in list(worker.plane.jobs.values())[-3:])
    ends = sorted(job.ended_at for job in list(worker.plane.jobs.values())[-3:])
    assert starts[-1] < ends[0]
