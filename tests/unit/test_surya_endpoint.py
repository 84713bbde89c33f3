from __future__ import annotations

import pytest

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience, Waiting
from ocr.endpoints.throttle import Throttle
from pipeline.errors import OcrAuthError, OcrError, OcrLostError, OcrRejectedError, OcrUnavailableError
from tests.fakes.chat import Heard, ScriptedChat, said

_DOWN = OcrUnavailableError("503")
_LOST = OcrLostError("vanished")


class Clock:
    """Passes while somebody sleeps, and when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def pass_(self, seconds: float) -> None:
        self.now_s += seconds


class Bench:
    """An endpoint over a script, and what became of it."""

    def __init__(self, *script: ChatAnswer | Exception | Heard, patience_s: float = 60) -> None:
        self.clock = Clock()
        self.chat = ScriptedChat(*script)
        self.throttle = Throttle(8)
        waiting = Waiting(lambda: self.clock.now_s, self.clock.pass_, lambda: 0.5, lambda: None)
        self.patience = Patience(patience_s, waiting)
        self.endpoint = Endpoint(self.chat, self.throttle, self.patience, waiting.clock)
        self.meter = Meter(usd_per_gpu_second=0.001)
        self.submitted: list[str] = []

    def ask(self, remote_id: str = "", timeout_s: float = 10) -> ChatAnswer:
        request = ChatRequest({}, timeout_s, remote_id, self.submitted.append)
        return self.endpoint.ask(request, self.meter)


def test_an_answer_is_metered_and_makes_room() -> None:
    bench = Bench(said(gpu_seconds=3))

    answer = bench.ask()

    assert answer.text == said().text
    assert bench.meter.usage.cost_usd == pytest.approx(0.003)
    assert (bench.meter.usage.prompt_tokens, bench.meter.usage.completion_tokens) == (1500, 80)
    assert bench.throttle.limit == 2


def test_a_cold_endpoint_is_waited_for_and_the_wait_is_not_on_the_page() -> None:
    bench = Bench(_DOWN, _DOWN, _DOWN, said())

    bench.ask()

    assert (bench.clock.now_s, bench.meter.usage.seconds) == (7, 0)


def test_a_refusal_halves_what_is_sent_at_once() -> None:
    bench = Bench(*[said()] * 3, _DOWN, said())
    for _ in range(4):
        bench.ask()

    assert bench.throttle.limit == 4


def test_no_answer_within_the_runs_patience_ends_it_for_everybody() -> None:
    bench = Bench(_DOWN, patience_s=10)

    with pytest.raises(OcrUnavailableError, match="patience ends after 10 of 10 s"):
        bench.ask()
    with pytest.raises(OcrUnavailableError):
        bench.ask()

    assert len(bench.chat.asked) == 5


def test_a_wrong_key_ends_it_at_once_for_everybody() -> None:
    bench = Bench(OcrAuthError("401"), said())

    for _ in range(2):
        with pytest.raises(OcrAuthError):
            bench.ask()

    assert len(bench.chat.asked) == 1


def test_a_lost_job_is_submitted_again_without_its_id() -> None:
    bench = Bench(_LOST, said())

    bench.ask(remote_id="job-1")

    assert [request.remote_id for request in bench.chat.asked] == ["job-1", ""]


def test_a_request_lost_three_times_is_given_up() -> None:
    bench = Bench(_LOST)

    with pytest.raises(OcrLostError):
        bench.ask()

    assert len(bench.chat.asked) == 3


def test_a_job_that_outlives_an_outage_is_asked_for_by_its_id() -> None:
    def submit_and_break(request: ChatRequest) -> ChatAnswer:
        request.on_submitted("job-7")
        raise _DOWN

    bench = Bench(submit_and_break, said())

    bench.ask()

    assert (bench.submitted, [request.remote_id for request in bench.chat.asked]) == (["job-7"], ["", "job-7"])


def test_a_request_that_ran_out_of_time_is_not_repeated_and_halves_what_is_sent() -> None:
    bench = Bench(*[said()] * 3)
    for _ in range(3):
        bench.ask()

    def hang(request: ChatRequest) -> ChatAnswer:
        bench.clock.pass_(request.timeout_s)
        raise _LOST

    bench.chat = ScriptedChat(hang)
    slow = Endpoint(bench.chat, bench.throttle, bench.patience, bench.endpoint.clock)
    with pytest.raises(OcrLostError):
        slow.ask(ChatRequest({}, 10), bench.meter)

    assert (len(bench.chat.asked), bench.throttle.limit, bench.meter.usage.seconds) == (1, 4, 10)


@pytest.mark.parametrize("error", [OcrRejectedError("too large"), OcrError("no completion"), RuntimeError("a bug")])
def test_what_is_no_outage_is_told_at_once_and_others_go_on(error: Exception) -> None:
    bench = Bench(error, said())

    with pytest.raises(type(error)):
        bench.ask()

    assert bench.ask().text == said().text


def test_a_request_that_is_refused_while_others_are_answered_is_to_blame_itself() -> None:
    bench = Bench(_DOWN)

    def refuse_one_and_answer_others(request: ChatRequest) -> ChatAnswer:
        del request
        bench.patience.answered()
        raise _DOWN

    bench.chat = ScriptedChat(refuse_one_and_answer_others)
    endpoint = Endpoint(bench.chat, bench.throttle, bench.patience, bench.endpoint.clock)
    with pytest.raises(OcrLostError, match=r"^503, 6 times, while other pages were answered$"):
        endpoint.ask(ChatRequest({}, 10), bench.meter)

    assert len(bench.chat.asked) == 7


def test_an_endpoint_that_is_busy_and_says_for_how_long_blames_no_request() -> None:
    bench = Bench()

    def busy(request: ChatRequest) -> ChatAnswer:
        del request
        bench.patience.answered()
        if len(bench.chat.asked) > 20:
            return said()
        raise OcrUnavailableError("429", retry_after_s=1)

    bench.chat = ScriptedChat(busy)
    endpoint = Endpoint(bench.chat, bench.throttle, bench.patience, bench.endpoint.clock)

    assert endpoint.ask(ChatRequest({}, 10), bench.meter).text == said().text
