"""`autoreader embed`: everything has a vector of the model that is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.shell import Shell, write_papers


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_an_empty_archive_has_nothing_to_embed(shell: Shell) -> None:
    done = shell.json("embed")

    assert (done["model"], done["is_live"], done["embedded"], done["chunks"]) == ("fake/hashed-words", False, 0, 0)


def test_what_was_loaded_is_embedded_and_live(shell: Shell, tmp_path: Path) -> None:
    shell.json("load", write_papers(tmp_path / "papers.jsonl.gz"))

    done = shell.json("embed")
    code, out, _ = shell("embed")

    assert (done["is_live"], done["embedded"], done["chunks"]) == (True, 3, 3)
    assert (code, out.strip()) == (0, "3 of 3 passages are embedded with fake/hashed-words")
