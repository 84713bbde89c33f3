"""A day whose papers have pages for OCR, through all its steps; the engine is a fake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.day_pages import DayPages, Waiting
from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from flows.reports import day_table, report_json
from flows.steps import run_day
from flows.wiring import Parts
from pipeline.document import Engine, Usage
from pipeline.errors import OcrUnavailableError
from pipeline.ledger import day_facts, ledger_lines
from pipeline.page_work import PageTask
from tests.fakes.page_queue import engines_with
from tests.fakes.page_readers import FakeReader, read_well
from tests.fakes.papers import make_sample, print_sample
from tests.fakes.parts import DAY, make_settings, open_test_parts, subscribe

PLAIN, WANTED, OTHER = "2611.00001", "2611.00002", "2611.00003"
FORMULAS = SampleDay(
    DAY,
    (
        make_sample(PLAIN),
        make_sample(WANTED, title="Searching in long texts", abstract="A formula for searching in long texts."),
        make_sample(OTHER, title="Boiling of eggs", abstract="A formula for the boiling of eggs."),
    ),
)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with (
        LoopbackArxiv([FORMULAS], print_sample, at=DAY) as server,
        open_test_parts(make_settings(tmp_path, server.url)) as opened,
    ):
        allow(opened, 10.0)
        yield opened


def allow(parts: Parts, usd: float) -> None:
    """Lets a day cost this much; a page is taken to cost 0.2 dollars."""
    ocr = parts.settings.ocr.model_copy(update={"max_usd_per_day": usd, "usd_per_gpu_second": 0.1})
    parts.settings = parts.settings.model_copy(update={"ocr": ocr})


def use(parts: Parts, reader: FakeReader) -> FakeReader:
    parts.__dict__["engines"] = engines_with(reader)
    return reader


def reader_that_costs(cost_usd: float) -> FakeReader:
    return FakeReader("surya/fake", lambda task: read_well(task, Usage(seconds=1.0, cost_usd=cost_usd)))


def test_what_an_engine_read_is_searched_and_mailed(parts: Parts) -> None:
    use(parts, reader_that_costs(0.25))
    subscribe(parts)

    report = run_day(parts)

    assert report.pages == DayPages(3, {Engine.TEXT_LAYER: 1, Engine.SURYA: 2}, usage=Usage(seconds=2.0, cost_usd=0.5))
    assert report.done["pages"] == 2
    with parts.store.read() as work:
        texts = [chunk.text for chunk in work.reading.chunks_of([WANTED])]
        assert work.reading.reading_cost(DAY) == 0.5
    assert f"read: {WANTED}v1 page 1" in texts
    assert len(report.digests) == 1


def test_when_money_is_short_the_most_wanted_paper_is_read(parts: Parts) -> None:
    reader = use(parts, reader_that_costs(0.25))
    subscribe(parts)
    allow(parts, 0.3)

    report = run_day(parts)

    why = "today's 0.30 US dollars are spent (ocr.max_usd_per_day)"
    assert reader.names == [f"{WANTED}v1 page 1"]
    assert report.pages.waiting == (Waiting(Engine.SURYA, 1, why),)
    assert report.ocr_stopped == {Engine.SURYA: why}
    assert len(report.digests) == 1


def test_an_endpoint_that_is_down_does_not_cost_the_day(parts: Parts) -> None:
    def down(task: PageTask) -> Exception:
        return OcrUnavailableError(f"nobody answers for {task.name}")

    use(parts, FakeReader("surya/fake", down))
    subscribe(parts)

    report = run_day(parts)

    assert report.ocr_stopped == {Engine.SURYA: f"nobody answers for {WANTED}v1 page 1"}
    assert (report.pages.waiting[0].pages, report.pages.degraded, len(report.digests)) == (2, 2, 1)


def test_the_report_names_who_read_what_is_missing_and_what_it_took(parts: Parts) -> None:
    use(parts, reader_that_costs(0.25))
    report = run_day(parts)

    reading = report_json(report, parts.home, [])["reading"]
    rows = {str(name).strip(): value for name, value in day_table(report)[1]}

    assert reading == {
        "by_engine": {"text_layer": 1, "surya": 2},
        "degraded": 0,
        "failed": 0,
        "waiting": [],
        "stopped": {},
        "cost_usd": 0.5,
        "cpu_seconds": 0.0,
        "seconds": 2.0,
    }
    assert (rows["surya"], rows["OCR took"]) == ("2", "0 CPU s here, 0.50 US dollars")


def test_the_ledger_says_which_paper_waits_for_an_engine(parts: Parts) -> None:
    use(parts, FakeReader("surya/fake", lambda _: OcrUnavailableError("nobody answers")))
    run_day(parts)

    with parts.store.read() as work:
        reasons = {one.paper_id: one.text for line in ledger_lines(day_facts(work, DAY)) for one in line.reasons}

    assert reasons == {WANTED: "read: waits for surya", OTHER: "read: waits for surya"}


def test_a_second_run_asks_no_engine(parts: Parts) -> None:
    reader = use(parts, reader_that_costs(0.25))
    run_day(parts)

    again = run_day(parts)

    assert (len(reader.seen), set(again.done.values())) == (2, {0})
