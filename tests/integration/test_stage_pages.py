"""The queue of pages as a day works through it: budgets, trouble, restarts, changed settings. No model is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.clocks import FixedClock
from pipeline.blobs import Blobs
from pipeline.document import Document, Engine, PageStatus, Usage
from pipeline.document_json import decode_document
from pipeline.errors import OcrAuthError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageJob, PageOutcome, PageState, PageTask
from pipeline.reading import PaperKey, Stage, StoredDocument
from pipeline.stages import (
    EngineReport,
    PageEngines,
    PageLimits,
    PagesReport,
    StageContext,
    place_pages,
    read_pages,
    recall_pages,
)
from pipeline.store import open_store
from tests.fakes.page_queue import KEY, engines_with, put_paper
from tests.fakes.page_readers import (
    FakeReader,
    FakeRouter,
    PlainAssembler,
    answers,
    fail,
    make_document,
    once,
    read_well,
)
from tests.fakes.stored import NOW

LIMITS = PageLimits(max_usd_per_day=0.0, max_cpu_seconds_per_day=100.0)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[StageContext]:
    store = open_store(f"sqlite:///{tmp_path / 'autoreader.db'}")
    yield StageContext(store, Blobs(tmp_path / "blobs"), FixedClock(NOW))
    store.close()


def work_through(context: StageContext, engines: PageEngines, limits: PageLimits = LIMITS) -> PagesReport:
    """The stage as a day runs it."""
    recall_pages(context, engines, "home")
    report = read_pages(context, engines, limits, "home")
    place_pages(context, engines.assembler)
    return report


def stored(context: StageContext, key: PaperKey = KEY) -> tuple[StoredDocument, Document]:
    with context.store.read() as work:
        row = work.reading.documents_of([key.paper_id])[key]
    return row, decode_document(context.blobs.get(row.blob_sha256))


def jobs(context: StageContext, key: PaperKey = KEY) -> list[PageJob]:
    with context.store.read() as work:
        return work.page_jobs.of(key)


def texts(document: Document) -> list[str]:
    return [" ".join(block.text for block in page.blocks) for page in document.pages]


def test_a_page_that_waits_stands_as_its_text_layer_and_says_so(context: StageContext) -> None:
    put_paper(context, engines_with(FakeReader()))

    row, document = stored(context)

    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.DEGRADED, PageStatus.DEGRADED]
    assert (document.pages[1].reason, document.pages[1].route) == ("waits for rapidocr (a scan)", "no text")
    assert row.degraded_pages == 2
    assert [(job.number, job.engine_key, job.state) for job in jobs(context)] == [
        (2, "rapidocr/fake", PageState.QUEUED),
        (3, "rapidocr/fake", PageState.QUEUED),
    ]


def test_a_document_nobody_else_needs_to_read_is_stored_once(context: StageContext) -> None:
    put_paper(context, engines_with(FakeReader()), document=make_document("Good.", "Good, too."))

    row, _ = stored(context)

    assert row.text_layer_sha256 == row.blob_sha256
    assert jobs(context) == []


def test_pages_are_read_and_put_in_their_place(context: StageContext) -> None:
    engines = engines_with(FakeReader(ahead=2))
    put_paper(context, engines)

    report = work_through(context, engines)

    row, document = stored(context)
    assert report.engines == (EngineReport(Engine.RAPIDOCR, done=2),)
    assert texts(document) == ["A good page.", "read: 2611.00001v1 page 2", "read: 2611.00001v1 page 3"]
    assert (row.degraded_pages, row.seconds) == (0, 2.5)
    assert row.text_layer_sha256 != row.blob_sha256


def test_a_read_page_makes_its_paper_due_for_chunking_and_clears_its_reason(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)
    with context.store.read() as work:
        before = [one.reason for one in work.reading.outcomes_of([KEY.paper_id]) if one.stage is Stage.READ]

    work_through(context, engines)

    with context.store.read() as work:
        ((key, sha256),) = work.reading.to_chunk("c/1", 10)
        after = [one.reason for one in work.reading.outcomes_of([KEY.paper_id]) if one.stage is Stage.READ]
    assert (key, sha256) == (KEY, stored(context)[0].blob_sha256)
    assert (before, after) == (["waits for rapidocr (a scan)"], [""])


def test_a_second_run_reads_nothing_and_writes_nothing(context: StageContext) -> None:
    reader = FakeReader()
    engines = engines_with(reader)
    put_paper(context, engines)
    work_through(context, engines)

    again = work_through(context, engines)

    assert (again.read, len(reader.seen)) == (0, 2)
    with context.store.read() as work:
        assert work.reading.to_place() == []


def test_a_page_that_fails_is_tried_again_and_then_given_up(context: StageContext) -> None:
    reader = FakeReader(answer=answers({2: fail}))
    engines = engines_with(reader)
    put_paper(context, engines)

    report = work_through(context, engines)

    row, document = stored(context)
    assert report.engines == (EngineReport(Engine.RAPIDOCR, done=1, failed=2, dead=1),)
    assert [task.attempt for task in reader.seen if task.number == 2] == [1, 2, 3]
    assert document.pages[1].reason == "rapidocr gave it up after 3 attempts: it loops"
    assert (row.degraded_pages, jobs(context)[0].usage.cpu_seconds) == (1, 3.0)


def test_a_failure_that_no_try_can_mend_is_not_repeated(context: StageContext) -> None:
    engines = engines_with(FakeReader(answer=answers({2: lambda task: fail(task, permanent=True)})))
    put_paper(context, engines)

    work_through(context, engines)

    assert [(job.state, job.attempts) for job in jobs(context)] == [(PageState.DEAD, 1), (PageState.DONE, 1)]


def test_the_text_layer_may_be_the_best_that_can_be_had(context: StageContext) -> None:
    def no_better(task: PageTask) -> PageOutcome:
        return PageOutcome(task, OutcomeKind.DEGRADED, reason="it contradicts the text layer")

    router = FakeRouter(rich=Engine.RAPIDOCR)
    engines = engines_with(FakeReader(answer=no_better), router)
    put_paper(context, engines, document=make_document("a formula"))

    work_through(context, engines)

    _, document = stored(context)
    assert texts(document) == ["a formula"]
    assert (document.pages[0].status, document.pages[0].reason) == (
        PageStatus.DEGRADED,
        "it contradicts the text layer",
    )


def test_a_page_nobody_is_to_blame_for_waits_without_losing_a_try(context: StageContext) -> None:
    def busy(task: PageTask) -> PageOutcome:
        return PageOutcome(task, OutcomeKind.POSTPONED, reason="the run ends", usage=Usage(cpu_seconds=1.5))

    reader = FakeReader(answer=answers({2: busy}))
    engines = engines_with(reader)
    put_paper(context, engines)

    report = work_through(context, engines)

    waiting, read = jobs(context)
    assert report.engines == (EngineReport(Engine.RAPIDOCR, done=1, postponed=1),)
    assert (waiting.state, waiting.attempts, waiting.reason) == (PageState.QUEUED, 0, "the run ends")
    assert (waiting.usage.cpu_seconds, read.state) == (1.5, PageState.DONE)
    assert len(reader.seen) == 2


def test_the_budget_stops_the_spending_and_not_the_day(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    for number in range(1, 4):
        put_paper(context, engines, PaperKey(f"2611.0000{number}", 1))

    report = work_through(context, engines, replace(LIMITS, max_cpu_seconds_per_day=7.0, cpu_seconds_guess=2.0))

    why = "today's 7 processor seconds for OCR are used up (ocr.max_cpu_seconds_per_day)"
    assert report.engines == (EngineReport(Engine.RAPIDOCR, done=3, stopped=why),)
    with context.store.read() as work:
        assert [job.reason for job in work.page_jobs.in_state([PageState.QUEUED])] == [why] * 3


def test_pages_in_flight_count_for_the_budget(context: StageContext) -> None:
    reader = FakeReader(ahead=10)
    engines = engines_with(reader)
    for number in range(1, 4):
        put_paper(context, engines, PaperKey(f"2611.0000{number}", 1))

    work_through(context, engines, replace(LIMITS, max_cpu_seconds_per_day=7.0, cpu_seconds_guess=2.0))

    assert len(reader.seen) == 3


def test_the_budget_is_of_the_day_and_not_of_the_run(context: StageContext) -> None:
    reader = FakeReader()
    engines = engines_with(reader)
    put_paper(context, engines)
    limits = replace(LIMITS, max_cpu_seconds_per_day=3.0, cpu_seconds_guess=2.0)
    work_through(context, engines, limits)
    work_through(context, engines, limits)
    assert len(reader.seen) == 1

    work_through(replace(context, clock=FixedClock(NOW + timedelta(days=1))), engines, limits)

    assert len(reader.seen) == 2


@pytest.mark.parametrize(
    "price,allowed,read,stopped",
    [
        (0.0, 0.0, 2, ""),  # the GPU at home
        (0.01, 0.0, 0, "it costs money, and none may be spent (ocr.max_usd_per_day is 0)"),
        (0.01, 0.015, 1, "today's 0.01 US dollars are spent (ocr.max_usd_per_day)"),
        (0.01, 1.0, 2, ""),
    ],
)
def test_money_is_spent_only_as_allowed(
    context: StageContext, price: float, allowed: float, read: int, stopped: str
) -> None:
    reader = FakeReader("surya/fake", lambda task: read_well(task, Usage(cost_usd=price)))
    engines = engines_with(reader)
    put_paper(context, engines)

    report = work_through(context, engines, replace(LIMITS, max_usd_per_day=allowed, usd_guess=price))

    assert (len(reader.seen), report.engines[0].stopped) == (read, stopped)
    assert stored(context)[0].cost_usd == pytest.approx(price * read)


def test_processor_time_does_not_hold_a_gpu_back(context: StageContext) -> None:
    reader = FakeReader("surya/fake")
    engines = engines_with(reader)
    put_paper(context, engines)

    work_through(context, engines, replace(LIMITS, max_cpu_seconds_per_day=0.0))

    assert len(reader.seen) == 2


@pytest.mark.parametrize("error", [OcrAuthError("the key is refused"), OcrUnavailableError("nobody answers")])
def test_an_endpoint_that_cannot_be_used_costs_no_page_a_try(context: StageContext, error: Exception) -> None:
    engines = PageEngines(
        FakeRouter(scans=Engine.RAPIDOCR, rich=Engine.SURYA),
        {
            Engine.RAPIDOCR: FakeReader(),
            Engine.SURYA: FakeReader("surya/fake", answers({1: lambda _: error}), ahead=2, remote=True),
        },
        PlainAssembler(),
    )
    put_paper(context, engines, document=make_document("one formula", "two formulas", ""))

    report = work_through(context, engines)

    first, second, scan = jobs(context)
    assert report.stopped == {Engine.SURYA: str(error)}
    assert (first.state, first.attempts, first.reason) == (PageState.QUEUED, 0, str(error))
    assert (second.state, second.remote_id) == (PageState.QUEUED, f"remote-{second.id}")
    assert scan.state is PageState.DONE


def test_an_engine_that_breaks_costs_the_day_that_engine_only(context: StageContext) -> None:
    engines = engines_with(FakeReader(answer=lambda _: RuntimeError("no such operator")))
    put_paper(context, engines)

    report = work_through(context, engines)

    assert report.stopped == {Engine.RAPIDOCR: "unexpected RuntimeError: no such operator"}
    assert [job.state for job in jobs(context)] == [PageState.QUEUED, PageState.QUEUED]


def test_what_was_paid_for_is_collected_after_a_restart(context: StageContext) -> None:
    reader = FakeReader("surya/fake", ahead=2, remote=True)
    engines = engines_with(reader)
    put_paper(context, engines)
    with context.store.begin() as work:  # as a killed run leaves it
        for _ in range(2):
            job = work.page_jobs.claim(Engine.SURYA, "home", NOW, LIMITS.lease)
            assert job is not None
            work.page_jobs.save_remote_id(job.id, f"remote-{job.number}")

    work_through(context, engines)

    assert [(task.remote_id, task.attempt) for task in reader.seen] == [("remote-2", 1), ("remote-3", 1)]


def test_what_was_paid_for_is_collected_though_the_budget_is_used_up(context: StageContext) -> None:
    reader = FakeReader("surya/fake", remote=True)
    engines = engines_with(reader)
    put_paper(context, engines)
    with context.store.begin() as work:
        submitted = work.page_jobs.of(KEY)[1]
        work.page_jobs.save_remote_id(submitted.id, "remote-3")

    report = work_through(context, engines, replace(LIMITS, usd_guess=0.01))

    assert [(task.number, task.remote_id) for task in reader.seen] == [(3, "remote-3")]
    assert report.stopped == {Engine.SURYA: "it costs money, and none may be spent (ocr.max_usd_per_day is 0)"}


def test_a_budget_that_sufficed_is_nothing_to_report(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)

    report = work_through(context, engines, replace(LIMITS, max_cpu_seconds_per_day=4.0, cpu_seconds_guess=2.0))

    assert (report.read, report.stopped) == (2, {})


def test_another_homes_pages_are_left_to_it(context: StageContext) -> None:
    reader = FakeReader()
    engines = engines_with(reader)
    put_paper(context, engines)
    with context.store.begin() as work:
        work.page_jobs.claim(Engine.RAPIDOCR, "another home", NOW, LIMITS.lease)

    work_through(context, engines)

    assert reader.names == ["2611.00001v1 page 3"]


def test_a_finished_page_is_put_in_place_by_the_next_run(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)
    read_pages(context, engines, LIMITS, "home")  # and then the run is killed

    work_through(context, engines)

    assert texts(stored(context)[1])[1:] == ["read: 2611.00001v1 page 2", "read: 2611.00001v1 page 3"]


def test_a_retry_sends_a_lost_remote_job_anew(context: StageContext) -> None:
    reader = FakeReader("surya/fake", once(fail), remote=True)
    engines = engines_with(reader)
    put_paper(context, engines, document=make_document(""))

    work_through(context, engines)

    assert [(task.attempt, task.remote_id) for task in reader.seen] == [(1, ""), (2, "")]


def test_pages_that_wait_go_to_an_engine_that_came_since(context: StageContext) -> None:
    put_paper(context, engines_with(FakeReader()))
    surya = FakeReader("surya/fake")
    both = PageEngines(
        FakeRouter(scans=Engine.SURYA), {Engine.RAPIDOCR: FakeReader(), Engine.SURYA: surya}, PlainAssembler()
    )

    work_through(context, both)

    assert [(job.engine, job.state) for job in jobs(context)] == [(Engine.SURYA, PageState.DONE)] * 2
    assert len(surya.seen) == 2


def test_pages_that_wait_for_an_engine_that_went_stand_as_they_are(context: StageContext) -> None:
    put_paper(context, engines_with(FakeReader()))
    nobody = PageEngines(FakeRouter(), {}, PlainAssembler())

    work_through(context, nobody)

    assert jobs(context) == []
    assert [page.reason for page in stored(context)[1].pages] == ["", "a scan", "a scan"]


def test_pages_that_were_read_stay_read_when_settings_change(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)
    work_through(context, engines)
    surya = FakeReader("surya/fake")

    work_through(context, engines_with(surya))

    assert surya.seen == []


def test_a_replayed_page_keeps_its_text_until_a_better_one_comes(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)
    work_through(context, engines)
    with context.store.begin() as work:
        work.page_jobs.retry([job.id for job in work.page_jobs.of(KEY)])
    broken = engines_with(FakeReader(answer=lambda task: fail(task, permanent=True)))

    work_through(context, broken)

    assert texts(stored(context)[1])[1] == "read: 2611.00001v1 page 2"


def test_pages_of_a_replaced_version_are_not_read(context: StageContext) -> None:
    reader = FakeReader()
    engines = engines_with(reader)
    put_paper(context, engines)
    put_paper(context, engines, PaperKey(KEY.paper_id, 2))

    work_through(context, engines)

    assert reader.names == ["2611.00001v2 page 2", "2611.00001v2 page 3"]


def test_a_text_layer_that_was_deleted_is_the_end_of_its_pages_alone(context: StageContext) -> None:
    engines = engines_with(FakeReader())
    put_paper(context, engines)
    put_paper(context, engines, PaperKey("2611.00002", 1), make_document("Another.", ""))
    context.blobs.path(stored(context)[0].text_layer_sha256).unlink()

    report = work_through(context, engines)

    assert (report.engines[0].done, report.engines[0].dead) == (1, 2)
    assert "cannot be read" in jobs(context)[0].reason


def test_a_run_that_is_interrupted_gives_its_pages_back_at_once(context: StageContext) -> None:
    def press_ctrl_c(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt(f"{what} {done} of {total}")

    engines = engines_with(FakeReader(ahead=2))
    put_paper(context, engines)

    with pytest.raises(KeyboardInterrupt, match="rapidocr 1 of 2"):
        read_pages(replace(context, progress=press_ctrl_c), engines, LIMITS, "home")

    assert [job.state for job in jobs(context)] == [PageState.DONE, PageState.QUEUED]
