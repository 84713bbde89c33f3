"""`index stats`, `index verify`, `index rebuild` as they are typed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.shell import Shell, write_papers


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def papers_file(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "papers.jsonl.gz")


def home() -> Path:
    return Path(os.environ["AUTOREADER_HOME"])


def test_stats_tell_what_the_index_holds(shell: Shell, papers_file: Path) -> None:
    shell.json("load", papers_file)

    told = shell.json("index", "stats")

    assert (told["papers"], told["chunks"], told["without_vector"], told["dead"]) == (3, 3, 0, 0)
    assert (told["vectors"], told["model"], told["shards"]) == ("exact", "fake/hashed-words", 1)
    assert told["size"] > 0
    assert "compared one by one" in shell("index", "stats")[1]


@pytest.mark.parametrize("command", ["stats", "verify"])
def test_without_an_index_the_command_that_makes_one_is_named(shell: Shell, command: str) -> None:
    code, out, err = shell("index", command)

    assert (code, out) == (1, "")
    assert "there is no search index yet; `autoreader run` builds it" in err


def test_a_whole_index_is_verified(shell: Shell, papers_file: Path) -> None:
    shell.json("load", papers_file)

    told = shell.json("index", "verify")

    assert (told["problems"], told["waiting"]) == ([], 0)
    assert told["checked"] > 1000
    assert "The index is whole" in shell("index", "verify")[1]


@pytest.mark.parametrize(
    "pattern", ["index/generation-*/vectors.faiss", "index/generation-*/words/*.store", "vectors/*/*.npy"]
)
def test_an_altered_file_is_named_with_the_remedy(shell: Shell, papers_file: Path, pattern: str) -> None:
    shell.json("load", papers_file)
    path = max(home().glob(pattern))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    code, out, _ = shell("index", "verify")

    assert code == 1
    assert path.name in out
    assert "again" in out or "anew" in out


def test_rebuilding_makes_a_new_generation_of_the_stored_vectors(shell: Shell, papers_file: Path) -> None:
    shell.json("load", papers_file)
    before = shell.json("index", "stats")["generation"]

    assert shell.json("index", "rebuild")["generation"] == before + 1
    assert [hit["id"] for hit in shell.json("search", "robots on scree", "--limit", "1")["hits"]] == ["2611.00002"]


def test_there_is_nothing_to_rebuild_before_there_are_papers(shell: Shell) -> None:
    code, _, err = shell("index", "rebuild")

    assert code == 3
    assert "`autoreader run` or `autoreader load FILE` brings papers" in err


def test_vector_files_that_nobody_names_are_removed_by_the_next_build(shell: Shell, papers_file: Path) -> None:
    orphan = home() / "vectors" / "0123456789abcdef" / "000000000001-1-0123456789abcdef.npy"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left by a killed run")

    shell.json("load", papers_file)

    assert not orphan.exists()
