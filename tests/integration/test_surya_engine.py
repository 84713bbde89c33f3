from __future__ import annotations

import base64
import itertools
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.surya import SuryaEngine, open_surya
from ocr.transports.openai_http import open_openai_http
from pipeline.config import OcrSettings
from pipeline.document import Block, BlockKind, Box, Gauge, Page, PageStatus
from pipeline.errors import OcrAuthError, OcrLostError, OcrRejectedError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.fakes.chat import ScriptedChat, said
from tests.fakes.model_answers import GOOD_BLOCK, GOOD_LAYOUT, GOOD_PAGE, LOOPING, always, completion
from tests.fakes.model_server import Asked, ModelServer, Reply
from tests.fakes.page_pictures import PagePictures

_SETTINGS = OcrSettings(surya_dpi=48, usd_per_gpu_second=0.001, cold_start_s=0)
_GAUGE = Gauge(0, 0.0, 1.0, 0.0, 0.0)
_SCAN = Page(1, 612, 792, (), "text_layer", PageStatus.DEGRADED, "a scan", "scans go to OCR", _GAUGE)
_WORDS = Block(BlockKind.TEXT, "We show that it holds for pages.", Box(80, 120, 920, 400), 0)
_WITH_TEXT = replace(_SCAN, blocks=(_WORDS,), status=PageStatus.OK, reason="")


def _task(number: int = 1, evidence: Page = _SCAN, remote_id: str = "") -> PageTask:
    return PageTask(number, f"page {number}", Path("a.pdf"), number, replace(evidence, number=number), remote_id)


def _engine(chat: Any, images: PagePictures | None = None, **settings: object) -> SuryaEngine:  # Any: a transport
    return open_surya(_SETTINGS.model_copy(update=settings), chat, images or PagePictures())


def _read(engine: SuryaEngine, tasks: Iterable[PageTask]) -> list[PageOutcome]:
    return list(engine.read_pages(tasks, lambda _task, _job: None))


def _only(engine: SuryaEngine, task: PageTask) -> PageOutcome:
    (outcome,) = _read(engine, [task])
    return outcome


def _page(outcome: PageOutcome) -> Page:
    assert outcome.page is not None
    return outcome.page


def _size(request: ChatRequest) -> tuple[int, int]:
    url = request.body["messages"][0]["content"][0]["image_url"]["url"]
    png = base64.b64decode(url.partition(",")[2])
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_page_is_read_by_one_request() -> None:
    chat = ScriptedChat(said(gpu_seconds=2))

    outcome = _only(_engine(chat), _task(2))

    page = _page(outcome)
    assert (outcome.kind, outcome.reason, len(chat.asked)) == (OutcomeKind.DONE, "", 1)
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.HEADING, "On reading pages"),
        (BlockKind.TEXT, "We show that $E = mc^2$ holds for pages."),
        (BlockKind.EQUATION, r"$$\int_0^1 x\,dx = \tfrac12$$"),
    ]
    assert page.blocks[2].latex == r"\int_0^1 x\,dx = \tfrac12"


def test_a_page_keeps_its_number_size_route_and_gauge_and_names_who_read_it() -> None:
    page = _page(_only(_engine(ScriptedChat()), _task(7)))

    assert (page.number, page.width_pt, page.height_pt, page.route, page.gauge) == (
        7,
        612,
        792,
        "scans go to OCR",
        _GAUGE,
    )
    assert (page.engine, page.status, page.reason) == ("surya", PageStatus.OK, "")


def test_all_answers_are_paid_for_those_that_were_no_use_too() -> None:
    chat = ScriptedChat(said(LOOPING, gpu_seconds=10), said(gpu_seconds=2))

    outcome = _only(_engine(chat), _task())

    usage = outcome.usage
    assert usage.cost_usd == pytest.approx(0.012)
    assert (usage.prompt_tokens, usage.completion_tokens) == (3000, 160)
    assert usage.seconds > 0
    assert usage.cpu_seconds > 0
    assert _page(outcome).usage == usage


def test_a_loop_is_asked_again_warmer_and_sharper_and_then_block_by_block() -> None:
    def answer(request: ChatRequest) -> ChatAnswer:
        prompt = request.body["messages"][0]["content"][1]["text"]
        return said(GOOD_LAYOUT if "layout" in prompt else GOOD_BLOCK if "block image" in prompt else LOOPING)

    chat, images = ScriptedChat(answer), PagePictures()

    page = _page(_only(_engine(chat, images), _task()))

    asked = [(request.body["temperature"], request.body["top_p"]) for request in chat.asked]
    assert asked == [(0.0, 0.1), (0.2, 0.95), (0.0, 0.1), (0.0, 0.1), (0.0, 0.1)]
    assert [dpi for _, dpi in images.asked] == [48, 72, 48, 96]
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.TITLE, "A block read by itself, with $a^2$."),
        (BlockKind.TEXT, "A block read by itself, with $a^2$."),
    ]


def test_a_block_that_cannot_be_read_leaves_the_page_degraded_and_is_named() -> None:
    numbers = itertools.count()

    def answer(request: ChatRequest) -> ChatAnswer:
        prompt = request.body["messages"][0]["content"][1]["text"]
        if "block image" in prompt:
            return said(GOOD_BLOCK if next(numbers) == 0 else LOOPING)
        return said(GOOD_LAYOUT if "layout" in prompt else LOOPING)

    outcome = _only(_engine(ScriptedChat(answer)), _task())

    assert (outcome.kind, outcome.reason) == (OutcomeKind.DEGRADED, "1 of 2 blocks could not be read: 1 Text")
    assert (_page(outcome).status, len(_page(outcome).blocks)) == (PageStatus.DEGRADED, 1)


def test_an_answer_that_disagrees_with_good_text_is_no_use() -> None:
    evidence = replace(_WITH_TEXT, blocks=(replace(_WORDS, text=" ".join(f"word{chr(97 + n)}x" for n in range(26))),))

    outcome = _only(_engine(ScriptedChat()), _task(evidence=evidence))

    assert (outcome.kind, outcome.page) == (OutcomeKind.DEGRADED, None)
    assert outcome.reason.startswith("its own text stands in: the answer holds only 0% of the words of the text layer")


def test_an_empty_answer_about_a_blank_page_is_an_empty_page() -> None:
    blank = replace(_SCAN, status=PageStatus.OK, reason="")

    outcome = _only(_engine(ScriptedChat(said("")), PagePictures(blank=frozenset({3}))), _task(3, blank))

    assert (outcome.kind, _page(outcome).blocks) == (OutcomeKind.DONE, ())


def test_a_refused_page_is_sent_once_more_smaller() -> None:
    chat = ScriptedChat(OcrRejectedError("too large"), said())

    outcome = _only(_engine(chat), _task())

    assert outcome.kind is OutcomeKind.DONE
    assert [_size(request) for request in chat.asked] == [(420, 532), (308, 392)]


def test_a_sharper_picture_that_is_refused_leaves_reading_by_blocks() -> None:
    def answer(request: ChatRequest) -> ChatAnswer:
        prompt = request.body["messages"][0]["content"][1]["text"]
        if request.body["temperature"] > 0:
            raise OcrRejectedError("too large")
        return said(GOOD_LAYOUT if "layout" in prompt else GOOD_BLOCK if "block image" in prompt else LOOPING)

    outcome = _only(_engine(ScriptedChat(answer)), _task())

    assert (outcome.kind, len(_page(outcome).blocks)) == (OutcomeKind.DONE, 2)


def test_a_page_that_is_always_refused_keeps_its_text_or_has_failed_for_good() -> None:
    numbers = itertools.count()

    def refuse_all_but_the_first(_request: ChatRequest) -> ChatAnswer:
        if next(numbers) == 0:
            return said()
        raise OcrRejectedError("too large")

    tasks = [_task(1), _task(2, _WITH_TEXT), _task(3)]
    outcomes = {outcome.task.id: outcome for outcome in _read(_engine(ScriptedChat(refuse_all_but_the_first)), tasks)}

    refused = [outcome for outcome in outcomes.values() if outcome.kind is not OutcomeKind.DONE]
    assert {outcome.reason.removeprefix("its own text stands in: ") for outcome in refused} == {"refused: too large"}
    assert {(outcome.kind, outcome.permanent) for outcome in refused} <= {
        (OutcomeKind.DEGRADED, False),
        (OutcomeKind.FAILED, True),
    }
    assert len(refused) == 2


def test_a_page_that_cannot_be_drawn_costs_no_request() -> None:
    chat = ScriptedChat()

    outcome = _only(_engine(chat, PagePictures(broken=frozenset({1}))), _task())

    assert (outcome.kind, outcome.permanent) == (OutcomeKind.FAILED, True)
    assert outcome.reason == "the page cannot be drawn: the page is damaged"
    assert chat.asked == []


def test_a_page_that_is_lost_again_and_again_has_failed_and_may_be_tried_in_another_run() -> None:
    chat = ScriptedChat(said(), *[OcrLostError("vanished")] * 3, said())

    outcomes = _read(_engine(chat, surya_concurrency=1), [_task(1), _task(2)])

    failed = [outcome for outcome in outcomes if outcome.kind is OutcomeKind.FAILED]
    assert [(outcome.reason, outcome.permanent) for outcome in failed] == [("vanished", False)]
    assert len(outcomes) == 2


def test_a_bug_costs_one_page_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    chat = ScriptedChat(RuntimeError("a bug"), said())

    outcomes = _read(_engine(chat, surya_concurrency=1), [_task(1), _task(2)])

    assert sorted((outcome.kind.value, outcome.reason) for outcome in outcomes) == [
        ("done", ""),
        ("failed", "unexpected RuntimeError: a bug"),
    ]
    assert "reading failed" in caplog.text


def test_pages_that_nobody_answers_are_their_own_fault_where_a_blank_one_is_answered() -> None:
    def answer_blank_pages(request: ChatRequest) -> ChatAnswer:
        if _size(request) == (560, 728):
            return said("")
        raise OcrRejectedError("no")

    outcomes = _read(_engine(ScriptedChat(answer_blank_pages)), [_task(number) for number in range(1, 6)])

    assert [outcome.reason for outcome in outcomes] == ["refused: no"] * 5


@pytest.mark.parametrize("pages", [1, 2, 9])
def test_an_endpoint_that_refuses_a_blank_page_too_ends_the_run_and_no_page(pages: int) -> None:
    with pytest.raises(OcrUnavailableError, match="no page is answered, not even a blank one: no"):
        _read(_engine(ScriptedChat(OcrRejectedError("no"))), map(_task, range(1, pages + 1)))


def test_a_page_that_cannot_be_drawn_says_nothing_about_the_endpoint() -> None:
    engine = _engine(ScriptedChat(OcrRejectedError("no")), PagePictures(broken=frozenset({1})))
    outcomes = engine.read_pages(map(_task, range(1, 5)), lambda _task, _job: None)

    first = next(outcomes)
    with pytest.raises(OcrUnavailableError, match="not even a blank one"):
        next(outcomes)

    assert first.reason == "the page cannot be drawn: the page is damaged"


def test_what_was_read_before_the_run_had_to_end_is_yielded_first() -> None:
    chat = ScriptedChat(said(), OcrUnavailableError("down"))
    outcomes = _engine(chat).read_pages(map(_task, range(1, 9)), lambda _task, _job: None)

    first = next(outcomes)
    with pytest.raises(OcrUnavailableError, match="down; patience ends"):
        next(outcomes)

    assert first.kind is OutcomeKind.DONE


def test_a_wrong_key_takes_one_request() -> None:
    chat = ScriptedChat(OcrAuthError("wrong key"))

    with pytest.raises(OcrAuthError):
        _read(_engine(chat), map(_task, range(1, 20)))

    assert len(chat.asked) == 1


def test_pages_are_drawn_from_the_queue_as_there_is_room() -> None:
    drawn: list[int] = []

    def tasks() -> Iterator[PageTask]:
        for number in range(1, 100):
            drawn.append(number)
            yield _task(number)

    outcomes = _engine(ScriptedChat(), surya_concurrency=2).read_pages(tasks(), lambda _task, _job: None)
    for _ in range(10):
        next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator, which the port does not promise

    assert len(drawn) <= 10 + 2 + 2 * 4


def test_a_job_of_an_earlier_run_is_asked_for_first_and_new_ones_are_told() -> None:
    told: list[tuple[int, str]] = []
    numbers = itertools.count(1)

    def answer(request: ChatRequest) -> ChatAnswer:
        if not request.remote_id:
            request.on_submitted(f"job-{next(numbers)}")
        return said(LOOPING if request.remote_id else GOOD_PAGE)

    chat = ScriptedChat(answer)
    list(_engine(chat).read_pages([_task(5, remote_id="old")], lambda task, job: told.append((task.id, job))))

    assert [request.remote_id for request in chat.asked] == ["old", ""]
    assert told == [(5, "job-1")]


def test_jobs_that_are_of_no_use_by_themselves_are_not_told() -> None:
    told: list[str] = []

    def answer(request: ChatRequest) -> ChatAnswer:
        request.on_submitted(str(request.body["max_tokens"]))
        prompt = request.body["messages"][0]["content"][1]["text"]
        return said(GOOD_LAYOUT if "layout" in prompt else GOOD_BLOCK if "block image" in prompt else LOOPING)

    list(_engine(ScriptedChat(answer)).read_pages([_task()], lambda _task, job: told.append(job)))

    assert told == ["12288", "12288"]


def test_as_many_pages_as_are_allowed_are_read_at_once() -> None:
    are_all_there = threading.Event()

    def answer(asked: Asked) -> Reply:
        if asked.open_requests == 6:
            are_all_there.set()
        if asked.number >= 3:  # after three answers there is room for eight
            are_all_there.wait(20)
        return completion(GOOD_PAGE)

    with ModelServer(answer) as server:
        transport = open_openai_http(OcrSettings(surya_url=server.url))
        outcomes = _read(_engine(transport, surya_concurrency=6), map(_task, range(1, 20)))
        transport.close()

    assert (len(outcomes), server.most_at_once) == (19, 6)


def test_how_sure_the_model_was_is_kept_where_the_endpoint_tells() -> None:
    chat = ScriptedChat(replace(said(), confidence=0.934))

    assert _only(_engine(chat), _task()).reason == "confidence 0.93"


def test_the_key_of_an_engine_names_package_model_resolution_and_prompts() -> None:
    kind, package, *model, dpi, prompts = _engine(ScriptedChat()).engine_key.split("/")

    assert (kind, package, "/".join(model), dpi, len(prompts)) == (
        "surya",
        "0.22.1",
        "datalab-to/surya-ocr-2",
        "48",
        12,
    )


def test_a_model_that_answers_nonsense_ends_every_page_with_a_reason() -> None:
    with ModelServer(always(completion("lorem ipsum"))) as server:
        transport = open_openai_http(OcrSettings(surya_url=server.url))
        outcomes = _read(_engine(transport), [_task(1), _task(2, _WITH_TEXT)])
        transport.close()

    assert sorted(outcome.kind.value for outcome in outcomes) == ["degraded", "failed"]
    assert all("not made of labelled divs" in outcome.reason for outcome in outcomes)


def test_no_thread_is_left_behind() -> None:
    _read(_engine(ScriptedChat()), map(_task, range(1, 6)))

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("surya") and thread.is_alive()]
