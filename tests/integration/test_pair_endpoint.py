"""A rerank endpoint over loopback HTTP: as it should be, and in every way that one fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from pipeline.config import RerankSettings
from pipeline.errors import RerankAuthError, RerankError, RerankUnavailableError
from rerank.endpoint import open_endpoint
from tests.fakes.model_server import Asked, ModelServer, Reply
from tests.fakes.scorers import answering, by_length, saying

KEY = "hunter22"


def asking(server: ModelServer, timeout_s: float = 20.0) -> list[float]:
    endpoint = open_endpoint(RerankSettings(url=server.url, key=SecretStr(KEY), timeout_s=timeout_s))
    try:
        return [float(score) for score in endpoint.score("which lake", ["short", "somewhat longer"])]
    finally:
        endpoint.close()


def test_a_request_brings_the_key_the_query_and_the_documents() -> None:
    with ModelServer(by_length, key=KEY) as server:
        endpoint = open_endpoint(RerankSettings(url=server.url, key=SecretStr(KEY), model="a-reranker"))
        endpoint.score("which lake", ["short", "x" * 9000])
        endpoint.close()

    assert server.posts[0].path == "/v1/rerank"
    assert server.posts[0].body == {
        "model": "a-reranker",
        "query": "which lake",
        "documents": ["short", "x" * 4000],
        "top_n": 2,
    }


def test_tei_is_asked_in_its_own_way() -> None:
    with ModelServer(by_length) as server:
        endpoint = open_endpoint(RerankSettings(url=server.url, style="tei"))
        scores = endpoint.score("which lake", ["short", "somewhat longer"]).tolist()
        endpoint.close()

    assert scores == pytest.approx([0.05, 0.15])
    assert server.posts[0].body == {"query": "which lake", "texts": ["short", "somewhat longer"], "truncate": True}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_key_or_a_wrong_address_says_which_settings_help(status: int) -> None:
    refusal = saying(Reply(f"bad key {KEY}".encode(), status))

    with ModelServer(refusal) as server, pytest.raises(RerankAuthError) as told:
        asking(server)

    assert f"answered {status}: bad key <SECRET>; look at 'rerank.url', 'rerank.key'" in str(told.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_broken_server_may_be_asked_later(status: int) -> None:
    with (
        ModelServer(saying(Reply(status=status))) as server,
        pytest.raises(RerankUnavailableError, match=str(status)) as told,
    ):
        asking(server)

    assert not told.value.permanent


def test_a_request_it_does_not_understand_names_model_and_style() -> None:
    confused = saying(Reply(b"missing field `texts`", 422))

    with ModelServer(confused) as server, pytest.raises(RerankError, match=r"`texts`; look at .* 'rerank.style'"):
        asking(server)


def test_redirects_are_not_followed_with_the_key() -> None:
    elsewhere = saying(Reply(status=307, headers={"location": "http://127.0.0.1:9/v1/rerank"}))

    with ModelServer(elsewhere) as server, pytest.raises(RerankError, match="307"):
        asking(server)


@pytest.mark.parametrize(
    "reply, told",
    [
        (Reply(b'{"results": ['), "no JSON"),
        (Reply(b"<html>"), "no JSON"),
        (Reply(b"[" * 100_000), "no JSON"),
        (Reply(b"\xff\xfe"), "no JSON"),
        (Reply(b"", headers={"content-encoding": "gzip"}), "no JSON"),
        (Reply(b"not zipped", headers={"content-encoding": "gzip"}), "broken encoding"),
        (Reply(b'{"results": []}', cut_after=5), "cannot be reached"),
        (Reply(b" " * (4 * 2**20 + 1)), "more than 4 MB"),
        (answering({"results": [{"index": 0, "relevance_score": 1.0}]}), "only 1 of 2"),
        (answering([{"index": place, "score": 1.0} for place in range(3)]), "document 2 of 2"),
        (answering([{"index": 0, "score": float("nan")}]), "only 0 of 2"),
    ],
)
def test_an_answer_that_is_none_is_an_error_of_ours(reply: Reply, told: str) -> None:
    with ModelServer(saying(reply)) as server, pytest.raises(RerankError, match=told):
        asking(server)


def _slow(_: Asked) -> Reply:
    return Reply(delay_s=1.0)


def test_a_server_that_is_slower_than_the_timeout_is_unavailable() -> None:
    with ModelServer(_slow) as server, pytest.raises(RerankUnavailableError, match=r"did not answer in 0\.05 s"):
        asking(server, timeout_s=0.05)


def test_a_dead_server_is_unavailable() -> None:
    with ModelServer(by_length) as server:
        pass

    with pytest.raises(RerankUnavailableError, match="cannot be reached"):
        asking(server)


def test_a_closed_endpoint_is_unavailable() -> None:
    endpoint = open_endpoint(RerankSettings(url="http://127.0.0.1:9"))
    endpoint.close()

    with pytest.raises(RerankUnavailableError, match="cannot be reached"):
        endpoint.score("q", ["a"])


@pytest.mark.parametrize("script", [by_length, saying(Reply(KEY.encode(), 401)), saying(Reply(KEY.encode(), 500))])
def test_the_key_stands_in_no_log_and_no_message(
    script: Callable[[Asked], Reply], caplog: pytest.LogCaptureFixture
) -> None:
    told = ""
    with caplog.at_level(logging.DEBUG), ModelServer(script, key=KEY) as server:
        try:
            asking(server)
        except RerankError as error:
            told = str(error)

    assert KEY not in caplog.text + told
