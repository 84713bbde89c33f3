"""A day with a scanned paper and Surya's real engine over HTTP, against a loopback model server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from flows.checks import CheckState, run_checks
from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import PdfQuirk, SampleDay, SamplePaper
from flows.steps import DayReport, run_day
from flows.wiring import Parts
from pipeline.config import OcrSettings, Settings
from pipeline.document import Engine, PageStatus
from pipeline.document_json import decode_document
from tests.fakes.model_answers import always, answering, refusal
from tests.fakes.model_server import ModelServer
from tests.fakes.papers import make_pdf, make_sample, print_sample
from tests.fakes.parts import DAY, make_settings, open_test_parts, subscribe

SCAN = "2611.00002"
TWO_PAPERS = SampleDay(DAY, (make_sample("2611.00001"), make_sample(SCAN, pdf=PdfQuirk.SCANNED)))


def print_or_scan(sample: SamplePaper) -> bytes | None:
    """A PDF with a text layer, or one that holds the picture of its page only."""
    if sample.pdf is not PdfQuirk.SCANNED:
        return print_sample(sample)
    printed = pypdfium2.PdfDocument(make_pdf([f"# {sample.paper.title}\n{sample.paper.abstract}"]))
    try:
        picture = printed[0].render(scale=1.5).to_pil()
    finally:
        printed.close()
    scan = io.BytesIO()
    picture.save(scan, format="PDF", resolution=108)
    return scan.getvalue()


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([TWO_PAPERS], print_or_scan, at=DAY) as server:
        yield server


def settings_for(arxiv: LoopbackArxiv, home: Path, server: ModelServer, key: str = "") -> Settings:
    ocr = OcrSettings.model_validate({"surya_url": server.url, "surya_key": key, "cold_start_s": 0.1, "workers": 1})
    return make_settings(home, arxiv.url).model_copy(update={"ocr": ocr})


def scanned_page(parts: Parts) -> tuple[str, PageStatus, str]:
    with parts.store.read() as work:
        (row,) = work.reading.documents_of([SCAN]).values()
    (page,) = decode_document(parts.blobs.get(row.blob_sha256)).pages
    return page.engine, page.status, " ".join(block.text for block in page.blocks)


def run(parts: Parts) -> DayReport:
    subscribe(parts)
    return run_day(parts)


def test_a_scan_is_read_by_the_model_and_the_clean_page_is_not(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    with (
        ModelServer(answering()) as server,
        open_test_parts(settings_for(arxiv, tmp_path, server)) as parts,
    ):
        report = run(parts)
        engine, status, text = scanned_page(parts)
        posts = len(server.posts)

    assert (report.pages.by_engine, posts) == ({Engine.TEXT_LAYER: 1, Engine.SURYA: 1}, 1)
    assert (engine, status) == ("surya", PageStatus.OK)
    assert "On reading pages" in text
    assert report.pages.usage.completion_tokens > 0


def test_a_refused_key_is_told_and_the_digest_goes_out(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    with (
        ModelServer(answering(), key="right") as server,
        open_test_parts(settings_for(arxiv, tmp_path, server, "wrong")) as parts,
    ):
        report = run(parts)
        checks = {check.name: check for check in run_checks(parts)}
        posts = len(server.posts)

    assert posts == 1
    assert "401" in report.ocr_stopped[Engine.SURYA] or "key" in report.ocr_stopped[Engine.SURYA]
    assert (report.pages.waiting[0].pages, len(report.digests)) == (1, 1)
    assert checks["OCR on a GPU"].state is CheckState.FAILED
    assert checks["OCR budget"].state is CheckState.ADVICE


def test_a_scan_waits_for_an_endpoint_that_is_down_and_is_read_when_it_is_back(
    arxiv: LoopbackArxiv, tmp_path: Path
) -> None:
    with ModelServer(always(refusal(503))) as server:
        with open_test_parts(settings_for(arxiv, tmp_path, server)) as parts:
            first = run(parts)
            before = scanned_page(parts)
        server.script = answering()
        with open_test_parts(settings_for(arxiv, tmp_path, server)) as parts:
            second = run_day(parts)
            after = scanned_page(parts)

    assert before == ("text_layer", PageStatus.DEGRADED, "")
    assert (first.pages.waiting[0].engine, second.pages.waiting) == (Engine.SURYA, ())
    assert (after[0], after[1], second.done["pages"], second.done["chunk"] > 0) == ("surya", PageStatus.OK, 1, True)
