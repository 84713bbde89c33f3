from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from ocr.endpoints.chat import ChatRequest
from ocr.transports.openai_http import OpenAiHttp, open_openai_http
from pipeline.config import OcrSettings
from pipeline.errors import (
    OcrAuthError,
    OcrError,
    OcrLostError,
    OcrRejectedError,
    OcrUnavailableError,
)
from tests.fakes.model_answers import (
    GOOD_PAGE,
    always,
    answering,
    completion,
    first,
    redirecting,
    refusal,
    slow,
)
from tests.fakes.model_server import ModelServer, Reply, Script

_BODY = {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "OCR this image"}]}]}
_REQUEST = ChatRequest(_BODY, timeout_s=10)
_KEY = "key-1234567"


@contextmanager
def _opened(url: str, **settings: object) -> Iterator[OpenAiHttp]:
    transport = open_openai_http(OcrSettings.model_validate({"surya_url": url, "surya_key": _KEY} | settings))
    try:
        yield transport
    finally:
        transport.close()


@contextmanager
def _serving(script: Script, **settings: object) -> Iterator[tuple[ModelServer, OpenAiHttp]]:
    with ModelServer(script, key=_KEY) as server, _opened(server.url, **settings) as transport:
        yield server, transport


def test_an_answer_comes_with_tokens_and_its_time() -> None:
    with _serving(slow(0.2, answering())) as (server, transport):
        answer = transport.chat(_REQUEST)

    assert (answer.text, answer.finish_reason, answer.prompt_tokens) == (GOOD_PAGE, "stop", 1500)
    assert answer.gpu_seconds >= 0.2
    assert (server.asked[0].path, dict(server.asked[0].body)) == ("/v1/chat/completions", _BODY)


def test_requests_side_by_side_share_the_time() -> None:
    seconds = []
    with _serving(slow(0.5, answering())) as (_, transport):
        threads = [
            threading.Thread(target=lambda: seconds.append(transport.chat(_REQUEST).gpu_seconds)) for _ in range(4)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began

    assert 0.5 <= sum(seconds) <= took  # alone, each would have taken half a second


def test_connections_are_kept() -> None:
    with _serving(answering()) as (server, transport):
        for _ in range(3):
            transport.chat(_REQUEST)

    assert (len(server.asked), server.connections) == (3, 1)


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_refused_key_is_an_error_that_names_the_settings(status: int) -> None:
    with (
        _serving(always(refusal(status, "denied"))) as (_, transport),
        pytest.raises(OcrAuthError, match=rf"answered {status} .*: denied; look at 'ocr.surya_key'"),
    ):
        transport.chat(_REQUEST)


def test_no_such_route_or_model_is_an_error_that_names_the_settings() -> None:
    with (
        _serving(always(refusal(404, "The model `m` does not exist."))) as (_, transport),
        pytest.raises(OcrAuthError, match=r"The model `m` does not exist.; look at 'ocr.surya_url' and 'ocr.surya_mo"),
    ):
        transport.chat(_REQUEST)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_a_busy_or_broken_endpoint_is_unavailable(status: int) -> None:
    with _serving(always(refusal(status, "later"))) as (_, transport), pytest.raises(OcrUnavailableError) as caught:
        transport.chat(_REQUEST)

    assert caught.value.retry_after_s is None


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_request_is_the_pages_fault(status: int) -> None:
    with _serving(always(refusal(status, "too long"))) as (_, transport), pytest.raises(OcrRejectedError, match="long"):
        transport.chat(_REQUEST)


def test_retry_after_may_be_seconds_or_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    waits = []
    for header in ("7", soon, "soon"):
        with (
            _serving(always(refusal(429, retry_after=header))) as (_, transport),
            pytest.raises(OcrUnavailableError) as caught,
        ):
            transport.chat(_REQUEST)
        waits.append(caught.value.retry_after_s)

    assert waits == [7, pytest.approx(30, abs=3), None]


@pytest.mark.parametrize(
    "reply,words",
    [
        (Reply(b"<html>Welcome</html>"), "no JSON either"),
        (Reply(b'{"ok": true}'), r'no chat completion: {"ok": true}'),
        (Reply(b'{"error": {"message": "out of memory"}}'), "no chat completion: out of memory"),
        (Reply(b"[" * 100_000), "no JSON either"),
        (Reply(b"this is no gzip", headers={"content-encoding": "gzip"}), "broken encoding"),
    ],
)
def test_what_is_no_completion_is_a_bad_answer(reply: Reply, words: str) -> None:
    with _serving(always(reply)) as (_, transport), pytest.raises(OcrError, match=words) as caught:
        transport.chat(_REQUEST)

    assert type(caught.value) is OcrError


def test_nobody_at_the_address_is_unavailable() -> None:
    with ModelServer(answering()) as server:
        url = server.url
    with _opened(url) as transport, pytest.raises(OcrUnavailableError, match="cannot be reached"):
        transport.chat(_REQUEST)


def test_a_connection_that_breaks_in_the_middle_loses_the_answer() -> None:
    cut = Reply(completion(GOOD_PAGE).body, cut_after=20)
    with _serving(always(cut)) as (_, transport), pytest.raises(OcrLostError):
        transport.chat(_REQUEST)


def test_an_answer_that_takes_too_long_is_lost() -> None:
    with (
        _serving(slow(5, answering())) as (_, transport),
        pytest.raises(OcrLostError, match="did not answer in time"),
    ):
        transport.chat(ChatRequest(_BODY, timeout_s=0.3))


def test_see_other_is_followed_to_the_result_with_get_and_the_key() -> None:
    with _serving(redirecting(answering(), hops=3)) as (server, transport):
        answer = transport.chat(_REQUEST)

    assert answer.text == GOOD_PAGE
    assert [(asked.method, asked.path) for asked in server.asked] == [
        ("POST", "/v1/chat/completions"),
        ("GET", "/results/1"),
        ("GET", "/results/2"),
        ("GET", "/results/3"),
    ]
    assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {_KEY}"}
    assert {"content-length", "content-type"}.isdisjoint(server.asked[1].headers)


def test_a_redirect_to_another_host_learns_no_secret() -> None:
    with ExitStack() as stack:
        other = stack.enter_context(ModelServer(always(completion(GOOD_PAGE))))
        elsewhere = redirecting(answering(), origin=other.url.removesuffix("/v1"))
        _, transport = stack.enter_context(_serving(elsewhere, surya_headers={"Modal-Key": SecretStr("abcd1234")}))
        answer = transport.chat(_REQUEST)

    assert answer.text == GOOD_PAGE
    assert {"authorization", "modal-key"}.isdisjoint(other.asked[0].headers)
    assert other.asked[0].headers["host"] == other.url.split("/")[2]


def test_a_request_that_is_to_be_repeated_elsewhere_keeps_its_body() -> None:
    moved = Reply(status=307, headers={"location": "/v1/chat/completions"})
    with _serving(first(1, moved, answering())) as (server, transport):
        transport.chat(_REQUEST)

    assert [dict(asked.body) for asked in server.posts] == [_BODY, _BODY]


def test_redirects_without_end_are_given_up() -> None:
    round_and_round = Reply(status=303, headers={"location": "/again"})
    with (
        _serving(always(round_and_round)) as (server, transport),
        pytest.raises(OcrLostError, match="more than 50 times"),
    ):
        transport.chat(_REQUEST)

    assert len(server.asked) == 50


def test_a_result_that_vanished_is_lost() -> None:
    gone = redirecting(always(refusal(404, "gone")))
    with _serving(gone) as (_, transport), pytest.raises(OcrLostError):
        transport.chat(_REQUEST)


def test_the_check_tells_model_and_address() -> None:
    with _serving(answering()) as (server, transport):
        line = transport.check()

    assert line == f"datalab-to/surya-ocr-2 at {server.url}"
    assert server.posts == []


def test_the_check_tells_a_different_model() -> None:
    with _serving(answering()) as (server, transport):
        server.model = "other/model"

        with pytest.raises(
            OcrRejectedError, match=r"serves other/model, and setting 'ocr.surya_model' asks for datalab"
        ):
            transport.check()


def test_the_check_tells_a_wrong_key() -> None:
    with (
        ModelServer(answering(), key="another") as server,
        _opened(server.url) as transport,
        pytest.raises(OcrAuthError, match="invalid api key"),
    ):
        transport.check()


def test_no_secret_stands_in_a_log_an_error_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [_KEY, "abcd-5678-header"]
    shown = []
    echo = always(refusal(400, f"you said Bearer {_KEY} and abcd-5678-header"))
    with _serving(echo, surya_headers={"X-Key": SecretStr(secrets[1])}) as (_, transport):
        shown += [repr(transport), transport.endpoint]
        with pytest.raises(OcrRejectedError) as caught:
            transport.chat(_REQUEST)
    shown += [str(caught.value), caplog.text]

    assert "you said <SECRET> and <SECRET>" in str(caught.value)
    assert not [secret for secret in secrets for text in shown if secret in text]
