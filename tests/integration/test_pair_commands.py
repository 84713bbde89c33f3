"""A reranker set up as its owner sets it up: by the environment; what `search` and `doctor` make of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.checks import Check, CheckState, _look, _reranker
from pipeline.config import load_settings
from tests.fakes.cross_encoder import save_cross_encoder
from tests.fakes.model_server import Asked, ModelServer, Reply
from tests.fakes.parts import open_test_parts
from tests.fakes.scorers import answering, by_length, saying
from tests.fakes.shell import Shell, write_papers

KEY = "hunter22"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    shell = Shell(monkeypatch, capsys)
    shell.json("load", write_papers(tmp_path / "papers.jsonl.gz"))
    monkeypatch.setenv("AUTOREADER_RERANK__BUDGET_MS", "30000")
    return shell


def rerank_at(monkeypatch: pytest.MonkeyPatch, server: ModelServer, key: str = KEY) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__URL", server.url)
    monkeypatch.setenv("AUTOREADER_RERANK__KEY", key)
    monkeypatch.setenv("AUTOREADER_RERANK__WEIGHT", "1")


def check() -> Check:
    with open_test_parts(load_settings()) as parts:
        return _look(parts, "reranker", _reranker, "look at the settings")


def test_a_search_is_ordered_by_the_endpoint(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(by_length, key=KEY) as server:
        rerank_at(monkeypatch, server)
        found = shell.json("search", "scree")

    lengths = [len(hit["title"]) for hit in found["hits"]]
    assert (found["reranked"], lengths) == (True, sorted(lengths, reverse=True))


@pytest.mark.parametrize("script", [saying(Reply(status=500)), saying(Reply(b"[")), saying(answering([]))])
def test_a_search_does_without_an_endpoint_that_fails(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, script: Callable[[Asked], Reply]
) -> None:
    plain = shell.json("search", "scree")

    with ModelServer(script, key=KEY) as server:
        rerank_at(monkeypatch, server)
        found = shell.json("search", "scree")

    assert (found["hits"], found["reranked"]) == (plain["hits"], False)


def test_a_search_waits_no_longer_than_its_budget(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__BUDGET_MS", "20")
    monkeypatch.setenv("AUTOREADER_RERANK__TIMEOUT_S", "60")
    with ModelServer(saying(Reply(delay_s=30)), key=KEY) as server:
        rerank_at(monkeypatch, server)
        started = time.monotonic()
        found = shell.json("search", "scree")

    assert (len(found["hits"]), found["reranked"]) == (3, False)
    assert time.monotonic() - started < 30  # it did not sit the answer out


def test_a_search_is_ordered_by_a_cross_encoder(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__MODEL", str(save_cross_encoder(tmp_path / "tiny")))

    assert shell.json("search", "scree")["reranked"]


def test_a_model_that_is_not_there_is_one_clear_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__MODEL", str(tmp_path))

    code, out, err = shell("search", "scree")

    assert (code, out) == (2, "")
    assert "setting 'rerank.model' is" in err
    assert "Traceback" not in err


def test_people_read_the_sentence_where_it_stands_and_why(shell: Shell) -> None:
    _, out, _ = shell("search", "robots on scree", "--limit", "1")

    assert out.splitlines()[0].endswith("2611.00002  On walking robots on loose scree")
    assert out.splitlines()[1] == "      Abstract: We study walking robots on loose scree."
    assert "all the words “robots” and “scree”" in out.splitlines()[2]


def test_the_key_is_never_shown(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__KEY", KEY)

    _, out, err = shell("settings")

    assert KEY not in out + err


def test_the_doctor_has_nothing_to_say_where_none_is_set_up() -> None:
    assert check() == Check(
        "reranker", CheckState.OK, "none is set up: searches are ordered by words and meaning", "look at the settings"
    )


def test_the_doctor_asks_as_many_passages_as_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_RERANK__BUDGET_MS", "30000")

    with ModelServer(_shortest_first, key=KEY) as server:
        rerank_at(monkeypatch, server)
        found = check()

    assert (found.state, len(server.posts[0].body["documents"])) == (CheckState.OK, 20)
    assert found.detail.startswith(f"the model at {server.url}/rerank scores 20 passages in ")


def test_the_doctor_doubts_a_model_that_takes_trains_for_lakes(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(by_length, key=KEY) as server:
        rerank_at(monkeypatch, server)
        found = check()

    assert found.state is CheckState.ADVICE
    assert "is it a reranker?" in found.detail


def test_the_doctor_tells_of_a_refused_key_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(by_length, key="another key") as server:
        rerank_at(monkeypatch, server)
        found = check()

    assert found.state is CheckState.FAILED
    assert "answered 401" in found.detail
    assert "look at 'rerank.url', 'rerank.key' and 'rerank.headers'" in found.detail
    assert KEY not in found.detail


def _shortest_first(asked: Asked) -> Reply:
    documents = asked.body["documents"]
    return answering({"results": [{"index": at, "relevance_score": -len(text)} for at, text in enumerate(documents)]})
