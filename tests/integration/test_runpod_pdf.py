"""Our own worker's jobs: the reader, a loopback RunPod, the worker's inside, and a model that knows the pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ocr.endpoints.chat import ChatTransport
from ocr.surya import open_surya
from ocr.text_layer import read_text_layer
from ocr.transports.openai_http import open_openai_http
from ocr.transports.pdf_job import PdfJob, unpack_job
from ocr.transports.runpod_jobs import Pace
from ocr.transports.runpod_pdf import RunpodPdf, open_runpod_pdf
from ocr.worker.job_reader import JobReader
from pipeline.config import OcrSettings
from pipeline.errors import OcrAuthError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.fakes.control_plane import ENDPOINT, KEY, ControlPlane, Fate
from tests.fakes.job_fates import by_worker, completes, fails, in_turn
from tests.fakes.model_answers import always, reading, refusal
from tests.fakes.model_server import Asked, ModelServer, Reply, Script
from tests.fakes.papers import make_pdf
from tests.fakes.pdf_pictures import PDFIUM, PdfPictures, page_words

_QUICK = Pace(first_s=0.01, longest_s=0.05, slice_s=0.3)


@dataclass(slots=True)
class _Bench:
    """Everything between a task and its outcome; `told` holds (page, job id)."""

    plane: ControlPlane
    model: ModelServer
    reader: RunpodPdf
    pictures: PdfPictures
    told: list[tuple[int, str]] = field(default_factory=list)

    def read(self, tasks: list[PageTask]) -> dict[int, PageOutcome]:
        outcomes = self.reader.read_pages(iter(tasks), lambda task, job: self.told.append((task.number, job)))
        return {outcome.task.number: outcome for outcome in outcomes}


Opens = Callable[..., _Bench]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(make_pdf([page_words(number) for number in range(1, 4)]))
    return pdf


@pytest.fixture
def opened() -> Iterator[Opens]:
    with ExitStack() as stack:

        def open_all(script: Script, fate: Fate | None = None, **changes: Any) -> _Bench:
            model = stack.enter_context(ModelServer(script))
            pictures = PdfPictures()
            settings = OcrSettings(surya_url=model.url, surya_concurrency=8, cold_start_s=2)
            transport = open_openai_http(settings)
            stack.callback(transport.close)
            inside = JobReader(settings, transport, pictures)
            stack.callback(inside.close)
            plane = stack.enter_context(ControlPlane(fate or by_worker(inside)))
            values = {
                "runpod_url": plane.url,
                "runpod_endpoint": ENDPOINT,
                "runpod_key": KEY,
                "cold_start_s": 1,
                "surya_dpi": 48,
            }
            reader = open_runpod_pdf(OcrSettings(**(values | changes)), pictures, _QUICK)
            stack.callback(reader.close)
            return _Bench(plane, model, reader, pictures)

        yield open_all


def _tasks(pdf: Path, *numbers: int, **changes: Any) -> list[PageTask]:  # Any: fields of PageTask
    with PDFIUM:
        pages = read_text_layer(pdf, 50).pages
    chosen = [page for page in pages if not numbers or page.number in numbers]
    return [replace(PageTask(page.number, f"page {page.number}", pdf, page.number, page), **changes) for page in chosen]


def _job(pdf: Path, settings: OcrSettings, transport: ChatTransport) -> PdfJob:
    key = open_surya(settings, transport, PdfPictures()).engine_key
    evidence = tuple(task.evidence for task in _tasks(pdf))
    return PdfJob(key, settings.surya_dpi, 30.0, evidence, pdf=pdf.read_bytes())


def _nobody(task: PageTask, job_id: str) -> None:
    del task, job_id


def test_a_file_goes_up_once_and_all_its_pages_come_back(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))

    outcomes = bench.read(_tasks(paper))

    assert [outcomes[number].kind for number in (1, 2, 3)] == [OutcomeKind.DONE] * 3
    page = outcomes[3].page
    assert page is not None
    assert (page.number, page.engine) == (3, "surya")
    assert page_words(3)[:40] in " ".join(block.text for block in page.blocks)
    assert bench.plane.count("run") == 1
    (job,) = bench.plane.jobs.values()
    assert unpack_job(job.input).pdf == paper.read_bytes()


def test_the_job_is_told_for_every_page_before_it_is_polled(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))

    bench.read(_tasks(paper, 1, 3))

    (job_id,) = bench.plane.jobs
    assert bench.told == [(1, job_id), (3, job_id)]


def test_pages_of_two_files_are_two_jobs(opened: Opens, paper: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(make_pdf([page_words(9)]))
    bench = opened(reading([paper, other]))

    outcomes = list(bench.reader.read_pages([*_tasks(paper, 1, 2), *_tasks(other)], _nobody))

    assert sorted((outcome.task.pdf.name, outcome.task.number) for outcome in outcomes) == [
        ("other.pdf", 1),
        ("paper.pdf", 1),
        ("paper.pdf", 2),
    ]
    assert bench.plane.count("run") == 2


def test_a_page_that_failed_before_travels_alone(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))

    outcomes = bench.read([*_tasks(paper, 1), *_tasks(paper, 2, attempt=2), *_tasks(paper, 3)])

    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DONE}
    assert bench.plane.count("run") == 3


def test_a_job_of_an_earlier_run_is_collected_for_the_pages_that_are_still_due(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))
    bench.read(_tasks(paper))
    job_id = bench.told[0][1]
    asked = len(bench.model.posts)

    outcomes = bench.read(_tasks(paper, 2, 3, remote_id=job_id))

    assert {number: outcome.kind for number, outcome in outcomes.items()} == {2: OutcomeKind.DONE, 3: OutcomeKind.DONE}
    assert bench.plane.count("run") == 1
    assert len(bench.model.posts) == asked


def test_a_job_of_an_earlier_run_that_is_gone_is_submitted_anew(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))

    outcomes = bench.read(_tasks(paper, 2, remote_id="gone-e1"))

    assert outcomes[2].kind is OutcomeKind.DONE
    assert [number for number, _ in bench.told] == [2]


def test_what_the_model_says_is_held_against_the_text_layer_in_the_worker(opened: Opens, paper: Path) -> None:
    liar = make_pdf(["Nothing of this stands on the page. " * 12])
    (paper.parent / "liar.pdf").write_bytes(liar)
    bench = opened(reading([paper.parent / "liar.pdf"]))

    outcomes = bench.read(_tasks(paper, 1))

    assert (outcomes[1].kind, outcomes[1].page) == (OutcomeKind.DEGRADED, None)
    assert "of the words of the text layer" in outcomes[1].reason


def test_a_file_too_large_for_a_job_is_sent_as_pictures_of_its_pages(opened: Opens, paper: Path) -> None:
    large = paper.parent / "large.pdf"
    large.write_bytes(paper.read_bytes() + b"\n%" + b"x" * 8_000_000)
    bench = opened(reading([paper]))

    outcomes = bench.read(_tasks(large, 1, 2))

    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DONE}
    (job,) = bench.plane.jobs.values()
    sent = unpack_job(job.input)
    assert (sent.pdf, sorted(sent.pictures)) == (b"", [1, 2])


def test_pictures_that_no_job_has_room_for_are_several_jobs(opened: Opens, paper: Path) -> None:
    large = paper.parent / "large.pdf"
    large.write_bytes(paper.read_bytes() + b"\n%" + b"x" * 8_000_000)
    bench = opened(reading([paper]))

    class Heavy(PdfPictures):
        def picture(self, *asked: Any) -> bytes:
            return super().picture(*asked) + b"\0" * 4_000_000  # PNG readers stop before it

    bench.reader._images = Heavy()

    outcomes = bench.read(_tasks(large))

    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DONE}
    assert bench.plane.count("run") == 3


def test_a_page_that_cannot_be_drawn_keeps_its_text_and_costs_no_other(opened: Opens, paper: Path) -> None:
    broken = paper.parent / "broken.pdf"
    tasks = [replace(task, pdf=broken) for task in _tasks(paper, 1, 2)]
    broken.write_bytes(b"%PDF-1.7\nnothing follows")
    bench = opened(reading([paper]))

    outcomes = bench.read(tasks)

    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.DEGRADED}
    assert outcomes[1].reason.startswith("its own text stands in")
    assert bench.model.posts == []


def test_the_price_of_a_job_is_shared_by_its_pages(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]), usd_per_gpu_second=0.5)

    outcomes = bench.read(_tasks(paper))

    prices = {outcome.usage.cost_usd for outcome in outcomes.values()}
    assert len(prices) == 1
    (job,) = bench.plane.jobs.values()
    assert (
        0 < sum(outcome.usage.cost_usd for outcome in outcomes.values()) <= 0.5 * (job.ended_at - job.started_at) + 0.01
    )
    assert outcomes[1].page is not None
    assert outcomes[1].page.usage.cost_usd in prices


def test_a_failed_job_is_a_failed_attempt_of_each_of_its_pages(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]), fails("the worker ran out of disk"))

    outcomes = bench.read(_tasks(paper, 1, 2))

    assert [(one.kind, one.permanent) for one in outcomes.values()] == [(OutcomeKind.FAILED, False)] * 2
    assert "the worker ran out of disk" in outcomes[1].reason


def test_a_worker_that_fails_every_job_stops_the_run_after_three(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]), fails("disk full"), surya_concurrency=8)
    papers = [paper.with_name(f"{number}.pdf") for number in range(12)]
    for pdf in papers:
        pdf.write_bytes(paper.read_bytes())
    tasks = [task for pdf in papers for task in _tasks(pdf, 1, 2)]

    with pytest.raises(OcrUnavailableError, match=r"no job is answered; the last: RunPod job .* failed: disk full"):
        bench.read(tasks)

    assert bench.plane.count("run") <= 5


def test_failures_from_before_the_first_answer_are_told_after_it(opened: Opens, paper: Path) -> None:
    other = paper.with_name("other.pdf")
    other.write_bytes(paper.read_bytes())
    bench = opened(reading([paper]))
    bench.plane.fate = in_turn(fails("disk full"), bench.plane.fate or completes(None))

    outcomes = list(bench.reader.read_pages([*_tasks(other, 1), *_tasks(paper, 2)], _nobody))

    # Either paper's job may be the first: they are packed side by side.
    assert [one.kind for one in outcomes] == [OutcomeKind.FAILED, OutcomeKind.DONE]
    assert {one.task.number for one in outcomes} == {1, 2}


def test_a_job_that_is_lost_is_submitted_anew(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))
    bench.plane.fate = in_turn(fails(), bench.plane.fate or completes(None))

    outcomes = bench.read(_tasks(paper, 1))

    assert outcomes[1].kind is OutcomeKind.DONE
    assert bench.plane.count("run") == 2


def test_a_worker_of_another_version_stops_the_run_before_it_costs(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]), surya_model="somebody/else")

    with pytest.raises(OcrAuthError, match=r"mismatch: this image reads as surya/.*build the image"):
        bench.read(_tasks(paper, 1))

    assert bench.model.posts == []


def test_a_chat_worker_at_the_endpoint_is_named(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]), completes([{"choices": []}]))

    outcomes = bench.read(_tasks(paper, 1))

    assert outcomes[1].kind is OutcomeKind.FAILED
    assert "ocr/Dockerfile" in outcomes[1].reason


def test_a_model_that_is_gone_fails_the_job_and_not_the_pages_for_good(opened: Opens, paper: Path) -> None:
    bench = opened(always(refusal(503)))

    outcomes = bench.read(_tasks(paper, 1))

    assert (outcomes[1].kind, outcomes[1].permanent) == (OutcomeKind.FAILED, False)


def test_a_cold_queue_ends_the_runs_patience_and_the_job_can_be_collected(opened: Opens, paper: Path) -> None:
    bench = opened(reading([paper]))
    bench.plane.cold.set()

    with pytest.raises(OcrUnavailableError, match=r"has waited for a worker .*patience ends"):
        bench.read(_tasks(paper, 1))
    bench.plane.warm_up()
    outcomes = bench.read(_tasks(paper, 1, remote_id=bench.told[0][1]))

    assert outcomes[1].kind is OutcomeKind.DONE
    assert bench.plane.count("run") == 1


def test_many_pages_are_read_side_by_side(opened: Opens, paper: Path) -> None:
    known, are_both_there = reading([paper]), threading.Event()

    def together(asked: Asked) -> Reply:
        if asked.number:
            if asked.open_requests > 1:
                are_both_there.set()
            are_both_there.wait(60)
        return known(asked)

    bench = opened(together)
    bench.read(_tasks(paper, 1))  # the throttle opens

    bench.read(_tasks(paper, 2, 3))

    assert bench.model.most_at_once == 2


def test_a_job_that_is_cancelled_reads_no_further_page(paper: Path) -> None:
    stop = threading.Event()
    stop.set()
    with ModelServer(reading([paper])) as model:
        settings = OcrSettings(surya_url=model.url, surya_dpi=48)
        transport = open_openai_http(settings)
        reader = JobReader(settings, transport, PdfPictures())
        job = replace(_job(paper, settings, transport), timeout_s=30.0)

        outcomes = reader.read(job, stop)
        reader.close()
        transport.close()

    assert [outcome.reason for outcome in outcomes] == ["the job was cancelled"] * 3
    assert model.posts == []


def test_a_job_answers_in_time_with_the_pages_it_has(paper: Path) -> None:
    known, released = reading([paper]), threading.Event()

    def hanging_on_page_3(asked: Asked) -> Reply:
        reply = known(asked)
        if b"page 3" in reply.body:
            released.wait(60)
        return reply

    with ModelServer(hanging_on_page_3) as model:
        settings = OcrSettings(surya_url=model.url, surya_dpi=48)
        transport = open_openai_http(settings)
        job = replace(_job(paper, settings, transport), timeout_s=5.0)
        reader = JobReader(settings, transport, PdfPictures())

        outcomes = reader.read(job, threading.Event())
        released.set()
        reader.close()
        transport.close()

    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.DONE, OutcomeKind.DONE, OutcomeKind.FAILED]
    assert outcomes[2].reason == "not read within 4.5 s"
