import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocr.transports.pdf_job import PdfJob, pack_job, pack_outcomes, unpack_job, unpack_outcomes
from pipeline.document import Block, BlockKind, Box, Page, PageStatus, Usage
from pipeline.errors import OcrError, OcrRejectedError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask


def _page(number: int, text: str = "Words") -> Page:
    return Page(number, 612.0, 792.0, (Block(BlockKind.TEXT, text, Box(1, 2, 3, 4), 0),), "surya")


def _task(number: int) -> PageTask:
    return PageTask(number, f"page {number}", Path("x.pdf"), number, _page(number))


def _job(**changes: Any) -> PdfJob:  # Any: the dataclass checks the names
    return replace(PdfJob("surya/1", 96, 600.0, (_page(1),)), **changes)


@pytest.mark.parametrize("load", [{"pdf": b"%PDF-1.7"}, {"pictures": {1: b"\x89PNG", 7: b"x"}}])
def test_a_job_comes_out_as_it_went_in(load: dict[str, Any]) -> None:
    job = _job(**load)

    assert unpack_job(pack_job(job)) == job


def test_outcomes_come_out_as_they_went_in_but_for_the_price_that_the_worker_cannot_know() -> None:
    tasks = [_task(1), _task(2), _task(3)]
    read = PageOutcome(
        tasks[0], OutcomeKind.DONE, _page(1, "An equation"), "confidence 0.98", Usage(2.5, 0.1, 1500, 900)
    )
    standing = PageOutcome(tasks[1], OutcomeKind.DEGRADED, None, "its own text stands in", Usage(1.0))
    failed = PageOutcome(tasks[2], OutcomeKind.FAILED, reason="damaged", permanent=True)

    assert unpack_outcomes(pack_outcomes([read, standing, failed]), tasks) == [read, standing, failed]


def test_a_page_that_the_worker_left_out_is_a_failed_attempt_with_its_reason() -> None:
    tasks = [_task(1), _task(2)]

    (first, second) = unpack_outcomes(pack_outcomes([PageOutcome(tasks[0], OutcomeKind.DONE, _page(1))]), tasks)

    assert first.kind is OutcomeKind.DONE
    assert (second.kind, second.reason) == (OutcomeKind.FAILED, "the worker left the page out")


@pytest.mark.parametrize(
    "change",
    [
        {"result": "no base64!"},
        {"result": base64.b64encode(b"no gzip").decode()},
        {"kind": "great"},
        {"usage": [1, 2, 3, 4, 5, 6]},
        {"result": 7},
    ],
)
def test_a_row_that_cannot_be_read_costs_its_page_alone(change: dict[str, Any]) -> None:
    tasks = [_task(1), _task(2)]
    plain = pack_outcomes([PageOutcome(task, OutcomeKind.DONE, _page(task.number)) for task in tasks])
    plain["outcomes"][0] |= change

    outcomes = unpack_outcomes(plain, tasks)

    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.FAILED, OutcomeKind.DONE]
    assert outcomes[0].reason.startswith("the worker's answer cannot be read")


def test_a_page_under_a_wrong_number_is_not_taken() -> None:
    plain = pack_outcomes([PageOutcome(_task(1), OutcomeKind.DONE, _page(2))])

    (outcome,) = unpack_outcomes(plain, [_task(1)])

    assert (outcome.kind, outcome.page) == (OutcomeKind.FAILED, None)


@pytest.mark.parametrize("output", [None, "text", [{"choices": []}], {"pages": []}])
def test_an_output_of_another_image_names_the_one_that_is_needed(output: object) -> None:
    with pytest.raises(OcrError, match="ocr/Dockerfile"):
        unpack_outcomes(output, [_task(1)])


@pytest.mark.parametrize(
    "plain, words",
    [
        (None, "it wants PDFs"),
        ({"openai_route": "/v1/chat/completions"}, "set ocr.runpod_worker to 'vllm'"),
        (pack_job(_job()) | {"version": 2}, "form 2, this image reads 1"),
        (pack_job(_job()) | {"dpi": "many"}, "no job for this worker"),
        (pack_job(_job()) | {"evidence": ["!"]}, "no base64"),
        ({"version": 1}, "no job for this worker"),
    ],
)
def test_an_input_that_is_no_job_is_refused_with_a_reason(plain: object, words: str) -> None:
    with pytest.raises(OcrRejectedError, match=words):
        unpack_job(plain)


def test_a_status_without_its_page_may_be_degraded() -> None:
    page = Page(4, 612.0, 792.0, (), "surya", PageStatus.DEGRADED, "only a part was read")
    outcome = PageOutcome(_task(4), OutcomeKind.DEGRADED, page, "only a part was read")

    assert unpack_outcomes(pack_outcomes([outcome]), [_task(4)]) == [outcome]
