"""`autoreader import` as its user types it, over a loopback arXiv."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stamina

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from flows.lock import exclusive_run
from pipeline.store import open_store
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from tests.fakes.library_homes import DAY, READER, make_home
from tests.fakes.papers import make_sample
from tests.fakes.shell import Shell

AT_ARXIV = SampleDay(
    DAY,
    (
        make_sample("2611.00101", title="Sorting letters by weight and by worry", authors=("Ada Lind",)),
        make_sample("2611.00102", title="Sorting stamps", authors=("Bo Okafor",)),
    ),
)
LIBRARY = """
@misc{a, title = {On Dense {R}etrieval of Scientific Passages.}, author = {Lind, Ada}, dateadded = {2026-11-01}}
@misc{b, title = {Whatever}, eprint = {2611.00002}, archiveprefix = {arXiv}}
@misc{c, title = {On dense retrieval of scientific passages}, eprint = {2611.00001v2}}
@misc{d, title = {A book about rivers}, author = {Flow, I.}}
@misc{e, title = {Not stored}, url = {https://arxiv.org/abs/2611.00101}}
@misc{f title = {Broken}}
"""


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([AT_ARXIV], lambda _: None, at=DAY) as server:
        monkeypatch.setenv("AUTOREADER_ARXIV__BASE_URL", server.url)
        monkeypatch.setenv("AUTOREADER_ARXIV__INTERVAL_S", "0")
        monkeypatch.setenv("AUTOREADER_ARXIV__ATTEMPTS", "1")
        yield server


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("made"))


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arxiv: LoopbackArxiv,
    made_home: Path,
) -> Shell:
    del arxiv
    shutil.copytree(made_home, tmp_path / "home")
    return Shell(monkeypatch, capsys)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.bib"
    path.write_text(LIBRARY, encoding="utf-8")
    return path


def given(home: Path) -> list[Feedback]:
    """All that is stored of the reader's feedback."""
    store = open_store(f"sqlite:///{home / 'autoreader.db'}")
    try:
        with store.read() as work:
            rows = work.personal.rows(work.subscribers.by_email(READER).id).get("feedback", [])
    finally:
        store.close()
    return [
        Feedback(row["paper_id"], FeedbackKind(row["kind"]), row["given_at"], Origin(row["origin"])) for row in rows
    ]


def fates(report: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(one["place"], one["id"], one["by"], one["state"]) for one in report["matched"]]


def test_a_library_is_matched_fetched_and_saved(shell: Shell, library: Path, tmp_path: Path) -> None:
    report = shell.json("import", READER, library)

    assert fates(report) == [
        ("line 2", "2611.00001", "title", "new"),
        ("line 3", "2611.00002", "arXiv id", "new"),
        ("line 4", "2611.00001", "arXiv id", "twice"),
        ("line 6", "2611.00101", "arXiv id", "new"),
    ]
    assert report["unmatched"] == [
        {
            "source": str(library),
            "place": "line 5",
            "title": "A book about rivers",
            "arxiv_id": "",
            "doi": "",
            "added": None,
            "reason": "no stored paper has a title like it",
        }
    ]
    assert [(one["place"], one["reason"]) for one in report["broken"]] == [
        ("line 7", "Expected comma after entry key, but found =")
    ]
    assert (report["fetched"], report["saves"], report["failure"]) == (1, 3, "")
    stored = {one.paper_id: one for one in given(tmp_path / "home")}
    assert {one.kind for one in stored.values()} == {FeedbackKind.SAVE}
    assert {one.origin for one in stored.values()} == {Origin.LIBRARY}
    assert stored["2611.00001"].given_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert shell.json("search", "sorting letters", "--limit", "1")["hits"][0]["id"] == "2611.00101"


def test_a_second_time_changes_nothing_and_asks_nobody(
    shell: Shell, library: Path, arxiv: LoopbackArxiv, tmp_path: Path
) -> None:
    shell.json("import", READER, library)
    before, asked = given(tmp_path / "home"), len(arxiv.requests)

    report = shell.json("import", READER, library)

    assert [one["state"] for one in report["matched"]] == ["known", "known", "twice", "known"]
    assert (given(tmp_path / "home"), len(arxiv.requests), report["saves"]) == (before, asked, 3)


def test_what_the_reader_said_themselves_stands(shell: Shell, library: Path, tmp_path: Path) -> None:
    shell.json("dislike", READER, "2611.00001")
    shell.json("like", READER, "2611.00002")
    before = given(tmp_path / "home")

    report = shell.json("import", READER, library, "--offline")

    assert [one["state"] for one in report["matched"]] == ["answered", "answered", "twice"]
    assert given(tmp_path / "home") == before


def test_a_word_that_comes_after_the_library_wins(shell: Shell, library: Path) -> None:
    shell.json("import", READER, library, "--offline")
    shell.json("dislike", READER, "2611.00001")

    assert shell.json("import", READER, library, "--offline")["counts"]["answered"] == 1


def test_a_dry_run_stores_nothing_and_asks_nobody(
    shell: Shell, library: Path, arxiv: LoopbackArxiv, tmp_path: Path
) -> None:
    report = shell.json("import", READER, library, "--dry-run")

    assert [(one["id"], one["state"]) for one in report["matched"]] == [
        ("2611.00001", "new"),
        ("2611.00002", "new"),
        ("2611.00001", "twice"),
        ("2611.00101", "to fetch"),
    ]
    assert (given(tmp_path / "home"), arxiv.requests, report["saves"]) == ([], [], 0)


def test_offline_nobody_is_asked(shell: Shell, library: Path, arxiv: LoopbackArxiv) -> None:
    report = shell.json("import", READER, library, "--offline")

    assert [(one["place"], one["reason"]) for one in report["unmatched"]][1:] == [
        ("line 6", "2611.00101 is not stored, and nothing came from arXiv")
    ]
    assert arxiv.requests == []


def test_an_id_that_arxiv_does_not_know_leaves_the_title(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "ids.bib"
    path.write_text(
        "@misc{a, title={On walking robots on loose scree}, author={Lind, A}, eprint={2611.09999}}\n"
        "@misc{b, title={Unheard of}, eprint={2611.09998}}",
        encoding="utf-8",
    )

    report = shell.json("import", READER, path)

    assert fates(report) == [("line 1", "2611.00002", "title", "new")]
    assert [one["reason"] for one in report["unmatched"]] == [
        "arXiv does not know 2611.09998; no stored paper has a title like it"
    ]


def test_titles_are_looked_up_at_arxiv_where_that_is_wanted(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "titles.ris"
    path.write_text(
        "TY  - JOUR\nTI  - Sorting Letters by Weight, and by Worry\nAU  - Lind, A.\nER  - \n"
        "TY  - JOUR\nTI  - Sorting stamps\nAU  - Somebody, Else\nER  - \n",
        encoding="utf-8",
    )

    code, out, _ = shell("import", READER, path, "--json")
    assert (code, json.loads(out)["matched"]) == (3, [])

    report = shell.json("import", READER, path, "--look-up")

    assert fates(report) == [("line 1", "2611.00101", "title", "new")]
    assert [one["reason"] for one in report["unmatched"]] == [
        "no stored paper has a title like it; arXiv has no paper of this title and these authors"
    ]


def test_where_arxiv_fails_the_stored_papers_are_saved_and_the_rest_comes_later(
    shell: Shell, library: Path, arxiv: LoopbackArxiv
) -> None:
    arxiv.fail("api")

    code, out, err = shell("import", READER, library, "--json")

    report = json.loads(out)
    assert (code, report["saves"], "arXiv answered 503" in report["failure"]) == (1, 2, True)
    assert "run the same command again to go on from here" in err
    assert shell.json("import", READER, library)["saves"] == 3


def test_while_another_run_works_the_stored_papers_are_saved(shell: Shell, library: Path, tmp_path: Path) -> None:
    with exclusive_run(tmp_path / "home" / "run.lock"):
        code, out, _ = shell("import", READER, library, "--json")

    assert (code, json.loads(out)["saves"]) == (1, 2)


def test_papers_are_known_by_the_doi_of_their_publication(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "dois.txt"
    path.write_text("https://doi.org/10.5555/river.2\n10.5555/sea.3\n", encoding="utf-8")

    report = shell.json("import", READER, path)

    assert fates(report) == [("line 1", "2611.00003", "DOI", "new")]
    assert [one["reason"] for one in report["unmatched"]] == [
        "no stored paper has the DOI 10.5555/sea.3, and there is no title"
    ]


def test_people_are_told_line_by_line(shell: Shell, library: Path) -> None:
    code, out, _ = shell("import", READER, library, "--offline")

    assert (code, out) == (
        0,
        f"""new       2611.00001        by title (100 of 100) On dense retrieval of scientific passages
new       2611.00002        by arXiv id           On walking robots on loose scree
twice     2611.00001        by arXiv id           On dense retrieval of scientific passages

not matched:
  {library}, line 5: A book about rivers
      no stored paper has a title like it
  {library}, line 6: Not stored
      2611.00101 is not stored, and nothing came from arXiv

not read:
  {library}, line 7: Expected comma after entry key, but found =

3 of 5 entries matched (2 by arXiv id, 1 by title): 2 new, 1 twice. ada@example.org has saved 2 papers.
""",
    )


def test_a_title_that_is_not_quite_the_papers_is_shown_beside_it(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "near.bib"
    path.write_text("@misc{a, title={On walking robot on loose screes}, author={Okafor, B}}", encoding="utf-8")

    _, out, _ = shell("import", READER, path)

    assert out.splitlines()[:2] == [
        "new       2611.00002        by title (96 of 100)  On walking robots on loose scree",
        "          in the library: On walking robot on loose screes",
    ]
