"""`bench index` says what is wrong with a request before it draws a million chunks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.shell import Shell, write_papers


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--only", "speed"], "--only speed: there is vectors, search, stores, gpu"),
        (["--rows", "1000"], "--rows 1000: at least 80000"),
        (["--peers", "no-python"], "--peers: no Python interpreter no-python"),
        (["--vectors", "no.npy"], "--vectors no.npy: it holds no embeddings"),
    ],
)
def test_a_wrong_option_is_named_with_what_would_be_right(
    shell: Shell, tmp_path: Path, words: list[str], complaint: str
) -> None:
    code, out, err = shell("bench", "index", write_papers(tmp_path / "papers.jsonl.gz"), *words)

    assert (code, out) == (2, "")
    assert complaint in " ".join(err.split())
