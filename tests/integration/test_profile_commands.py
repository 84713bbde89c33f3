"""A profile as its owner types it: each thing alone, everything undoable, everything shown, taken away, erased."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows.loading import read_papers_file, store_papers
from flows.lock import exclusive_run
from flows.steps import index_chunks
from tests.fakes.parts import make_settings, open_test_parts
from tests.fakes.shell import Shell, write_papers

ME = "me@example.org"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three papers, as it is before anybody subscribes."""
    folder = tmp_path_factory.mktemp("profiles")
    with open_test_parts(make_settings(folder / "home", "")) as parts:
        store_papers(parts, read_papers_file(write_papers(folder / "papers.jsonl.gz")))
        index_chunks(parts)
    return folder / "home"


@pytest.fixture
def newcomer(kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A shell over three stored papers."""
    shutil.copytree(kept, tmp_path / "home")
    return Shell(monkeypatch, capsys)


@pytest.fixture
def shell(newcomer: Shell) -> Shell:
    """A shell in which somebody said a little of everything."""
    newcomer.json(
        *("subscribe", ME, "--category", "cs.*", "--interest", "robots on scree", "--weight", "2"),
        *("--seed", "2611.00002", "--interest", "exoplanets", "--category", "astro-ph.EP", "--not", "images"),
        *("--author", "Ada Lind", "--author", "https://arxiv.org/a/okafor_b_1"),
        *("--avoid-author", "B. Noisy", "--volume", "few"),
    )
    return newcomer


def said(shell: Shell) -> dict[str, Any]:
    found: dict[str, Any] = shell.json("profile", ME)
    return found


def texts(profile: dict[str, Any]) -> list[tuple[str, float]]:
    return [(one["text"], one["weight"]) for one in profile["interests"]]


def stored(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the database holds of everybody, but for moments and row numbers."""
    columns = {
        "subscribers": "email, is_active, volume, categories",
        "interests": "subscriber_id, text, weight, is_negative, categories, seeds",
        "followed_authors": "subscriber_id, name, is_avoided",
        "feedback": "subscriber_id, paper_id, kind, origin",
    }
    with closing(sqlite3.connect(home / "autoreader.db")) as database:
        return {
            table: database.execute(f"SELECT {names} FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 - these names
            for table, names in columns.items()
        }


def test_everything_that_is_said_is_shown(shell: Shell) -> None:
    profile = said(shell)

    assert texts(profile) == [("robots on scree", 2.0), ("exoplanets", 1.0)]
    assert [one["categories"] for one in profile["interests"]] == [[], ["astro-ph.EP"]]
    assert profile["interests"][0]["seeds"] == [{"id": "2611.00002", "title": "On walking robots on loose scree"}]
    assert (profile["negatives"], profile["avoided_authors"]) == (["images"], ["B. Noisy"])
    assert (profile["categories"], profile["volume"], profile["is_active"]) == (["cs.*"], "few", True)
    assert [(one["author"], one["is_number"]) for one in profile["authors"]] == [
        ("Ada Lind", False),
        ("okafor_b_1", True),
    ]


def test_subscribing_again_replaces_what_is_given_and_nothing_else(shell: Shell) -> None:
    shell.json("like", ME, "2611.00001")
    before = said(shell)

    shell.json("subscribe", ME, "--interest", "retrieval")

    after = said(shell)
    assert texts(after) == [("retrieval", 1.0)]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"interests", "likes_of_no_interest"}  # the liked paper is about retrieval


@pytest.mark.parametrize(
    "words,undo",
    [
        (("interest", ME, "add", "retrieval", "--weight", "3"), ("interest", ME, "remove", "3")),
        (("interest", ME, "change", "robots", "--weight", "0.5"), ("interest", ME, "change", "1", "--weight", "2")),
        (
            ("interest", ME, "change", "robots", "--words", "walking", "--seed", "none"),
            ("interest", ME, "change", "walking", "--words", "robots on scree", "--seed", "2611.00002"),
        ),
        (
            ("interest", ME, "change", "exo", "--category", "none"),
            ("interest", ME, "change", "exo", "--category", "astro-ph.EP"),
        ),
        (("unwanted", ME, "add", "speech"), ("unwanted", ME, "remove", "speech")),
        (("follow", ME, "C. Nice"), ("follow", ME, "C. Nice", "--undo")),
        (("avoid", ME, "D. Loud"), ("avoid", ME, "D. Loud", "--undo")),
        (("profile", ME, "--volume", "many"), ("profile", ME, "--volume", "few")),
        (("profile", ME, "--category", "none"), ("profile", ME, "--category", "cs.*")),
        (("like", ME, "2611.00001"), ("forget", ME, "2611.00001")),
        (("save", ME, "2611.00001v1"), ("forget", ME, "2611.00001")),
    ],
)
def test_one_thing_is_changed_and_changed_back(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], undo: tuple[str, ...]
) -> None:
    before = stored(tmp_path / "home")

    shell.json(*words)
    changed = stored(tmp_path / "home")
    shell.json(*undo)

    assert len([table for table in before if changed[table] != before[table]]) == 1
    assert stored(tmp_path / "home") == before


def test_a_liked_paper_is_shown_with_the_interest_it_is_nearest_to(shell: Shell) -> None:
    shell.json("like", ME, "2611.00003", "2611.00001")

    profile = said(shell)

    assert [[paper["id"] for paper in one["likes"]] for one in profile["interests"]] == [[], ["2611.00003"]]
    assert [paper["id"] for paper in profile["likes_of_no_interest"]] == ["2611.00001"]
    assert [(one["id"], one["origin"]) for one in profile["likes"]] == [
        ("2611.00003", "command"),
        ("2611.00001", "command"),
    ]


def test_a_profile_can_be_read_by_people(shell: Shell) -> None:
    shell.json("dislike", ME, "2611.00003")

    _, out, _ = shell("profile", ME)

    lines = out.splitlines()
    assert lines[0].startswith("me@example.org, subscribed since ")
    assert lines[2:12] == [
        "  1  robots on scree, weight 2",
        "     shown by 2611.00002  On walking robots on loose scree",
        "  2  exoplanets, in astro-ph.EP",
        "not: images",
        "follows: Ada Lind",
        "follows: okafor_b_1, whom the next run asks arXiv about",
        "avoids: B. Noisy",
        "categories: cs.*",
        "wants to read: few papers",
        lines[11],
    ]
    assert lines[11].endswith("by command: 2611.00003  On transit timing of exoplanets")


@pytest.mark.parametrize(
    "words,code,message",
    [
        (("subscribe", "new@example.org", "--volume", "few"), 2, "say what you care about"),
        (("subscribe", ME, "--weight", "2", "--interest", "x y"), 2, "--weight stands behind the --interest"),
        (("subscribe", ME, "--interest", "x", "--seed", "2611.00099"), 1, "autoreader find 2611.00099"),
        (("subscribe", ME, "--interest", "x", "--weight", "99"), 2, "the weight of 'x' is 99"),
        (("subscribe", ME, "--author", "0000-0002-1825-0098"), 2, "not an ORCID iD"),
        (("interest", ME, "remove", "astrology"), 1, "no single interest is 'astrology'; there are: 1 robots on scree"),
        (("interest", ME, "remove", "1", "--weight", "2"), 2, "remove takes nothing but the interest"),
        (("interest", ME, "add", "x", "--words", "y"), 2, "--words goes with change"),
        (("interest", ME, "add", "x", "--seed", "2611.00099"), 1, "not stored: 2611.00099"),
        (("interest", ME, "add", "Exoplanets", "--category", "cs.LG"), 2, "is there already; change it instead"),
        (("unwanted", ME, "change", "images"), 2, "'change' is not one of"),
        (("avoid", ME, "okafor_b_1"), 2, "told by name"),
        (("follow", ME, "E. Unknown", "--undo"), 1, "neither followed nor avoided: E. Unknown"),
        (("profile", "nobody@example.org"), 1, "no subscriber 'nobody@example.org'"),
        (("save", ME, "2611.00099"), 1, "not stored: 2611.00099"),
        (("export", "nobody@example.org"), 1, "no subscriber 'nobody@example.org'"),
        (("erase", "nobody@example.org", "--yes"), 1, "no subscriber 'nobody@example.org'"),
        (("erase", ME), 2, "erasing me@example.org cannot be undone; if you are sure, say --yes"),
    ],
)
def test_a_mistake_gets_one_line_and_changes_nothing(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    before = stored(tmp_path / "home")

    ended, out, err = shell(*words)

    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert stored(tmp_path / "home") == before


def test_forgetting_what_was_never_said_is_nothing_to_do(shell: Shell) -> None:
    assert shell("forget", ME, "2611.00001")[0] == 3


def test_an_export_holds_all_that_is_stored(shell: Shell, tmp_path: Path) -> None:
    shell.json("like", ME, "2611.00001")
    to = tmp_path / "me.json"

    summary = shell.json("export", ME, "--to", to)
    printed = shell.json("export", ME)

    document = json.loads(to.read_text(encoding="utf-8"))
    assert summary == {"path": str(to), "mails": 0, "rows": 8}
    assert {name: len(rows) for name, rows in document["stored"].items()} == {
        "feedback": 1,
        "followed_authors": 3,
        "interests": 3,
        "subscribers": 1,
    }
    assert document["profile"] == printed["profile"] == said(shell)
    assert to.stat().st_mode & 0o077 == 0


def test_an_export_overwrites_nothing(shell: Shell, tmp_path: Path) -> None:
    to = tmp_path / "me.json"
    to.write_text("mine")

    assert shell("export", ME, "--to", to)[0] == 2
    assert to.read_text() == "mine"


def test_erasing_is_done_once(shell: Shell) -> None:
    erased = shell.json("erase", ME, "--yes")

    assert (erased["email"], erased["unsent"], erased["is_scrubbed"]) == (ME, 0, True)
    assert shell("profile", ME)[0] == 1


def test_who_left_gets_mail_again_by_subscribing_but_not_by_a_change(newcomer: Shell, tmp_path: Path) -> None:
    newcomer.json("subscribe", ME, "--interest", "robots", "--not", "images")
    with open_test_parts(make_settings(tmp_path / "home", "")) as parts, parts.store.begin() as work:
        work.subscribers.set_active(1, is_active=False)

    changed = newcomer.json("follow", ME, "C. Nice")["subscriber"]
    back = newcomer.json("subscribe", ME, "--volume", "few")["subscriber"]

    assert (changed["is_active"], changed["authors"]) == (False, ["C. Nice"])
    assert (back["is_active"], back["interests"]) == (True, ["robots"])
    assert (back["negatives"], back["volume"]) == (["images"], "few")


def test_nobody_is_erased_while_a_run_is_at_work(shell: Shell, tmp_path: Path) -> None:
    with exclusive_run(tmp_path / "home" / "run.lock"):
        code, _, err = shell("erase", ME, "--yes")

    assert code == 1
    assert "another run is working" in err
    assert said(shell)["email"] == ME
