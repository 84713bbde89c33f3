"""`autoreader import` from Zotero, and what it is told that cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.library_homes import READER, make_home
from tests.fakes.shell import Shell
from tests.fakes.zotero import KEY, FakeZotero, item


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    (tmp_path / "home").mkdir()
    make_home(tmp_path / "home")
    return Shell(monkeypatch, capsys)


def test_a_library_comes_from_zotero(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item("AAAA0001", "Whatever", url="http://arxiv.org/abs/2611.00002v1"), item("AAAA0002", "Rivers")]
    with FakeZotero(items) as zotero:
        monkeypatch.setenv("AUTOREADER_LIBRARY__ZOTERO_URL", zotero.root)
        monkeypatch.setenv("AUTOREADER_LIBRARY__ZOTERO_KEY", KEY)

        report = shell.json("import", READER, "--zotero", "users/77")

    assert report["sources"] == [{"source": "zotero:users/77", "kind": "Zotero's web API", "entries": 2, "broken": 0}]
    assert [(one["place"], one["id"], one["by"], one["state"]) for one in report["matched"]] == [
        ("item AAAA0001", "2611.00002", "arXiv id", "new")
    ]


def test_a_wrong_zotero_key_is_one_line_and_exit_code_1(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeZotero([]) as zotero:
        monkeypatch.setenv("AUTOREADER_LIBRARY__ZOTERO_URL", zotero.root)
        monkeypatch.setenv("AUTOREADER_LIBRARY__ZOTERO_KEY", "zk-wrong")

        code, out, err = shell("import", READER, "--zotero", "users/77")

    assert (code, out, "(403): the library is private or the key is wrong" in err, "zk-wrong" in err) == (
        1,
        "",
        True,
        False,
    )


@pytest.mark.parametrize(
    "words, code, said",
    [
        ((READER,), 2, "name an exported file, or --zotero users/ID"),
        ((READER, "none.bib"), 1, "no file none.bib"),
        (("bo@example.org", "none.bib"), 1, "no subscriber 'bo@example.org'"),
        ((READER, "--zotero", "77"), 2, "not a Zotero library: '77'"),
        ((READER, "x.bib", "--collection", "A"), 2, "--collection goes with --zotero"),
        ((READER, "x.bib", "--look-up", "--offline"), 2, "--look-up asks arXiv and stores what it finds"),
    ],
)
def test_what_cannot_be_done_is_one_line(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    ended, out, err = shell("import", *words)

    assert (ended, out, said in err, "Traceback" in err) == (code, "", True, False)


def test_a_file_that_is_no_library_is_bad_usage(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "letter.bib").write_text("Dear reader, how are you?", encoding="utf-8")

    code, _, err = shell("import", READER, tmp_path / "letter.bib")

    assert (code, "is no library that is known here; export the library as BibTeX" in err) == (2, True)
