"""The command line as a user types it: exit codes, one JSON document on stdout, errors on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.cli import app
from tests.fakes.shell import Shell, write_papers

COMMANDS = (
    *("demo", "run", "backfill", "ledger", "load", "find", "embed", "read", "pages", "search", "related"),
    *("subscribe", "profile", "interest", "unwanted", "follow", "avoid", "like", "dislike", "save", "forget"),
    *(
        "import",
        "digest",
        "replay",
        "explain",
        "interleaving",
        "rank",
        "outbox",
        "export",
        "erase",
        "serve",
        "schedule",
        "train",
        "doctor",
        "settings",
    ),
)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in which the encoder is the quick one; everything else is real."""
    return Shell(monkeypatch, capsys)


@pytest.fixture
def papers_file(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "papers.jsonl.gz")


def test_every_command_has_help(shell: Shell) -> None:
    for command in COMMANDS:
        code, out, _ = shell(command, "--help")
        assert (code, f"{command} [OPTIONS]" in out) == (0, True)


def test_the_command_line_holds_what_is_promised() -> None:
    names = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]

    assert sorted(names) == sorted(COMMANDS)


def test_loaded_papers_are_found(shell: Shell, papers_file: Path) -> None:
    loaded = shell.json("load", papers_file)
    found = shell.json("search", "robots on scree", "--limit", "1")

    assert loaded["stored"] == 3
    assert [hit["id"] for hit in found["hits"]] == ["2611.00002"]
    assert found["hits"][0]["passages"][0] == {
        "text": "We study walking robots on loose scree.",
        "page": 0,
        "box": None,
        "section": "Abstract",
        "sentence": "We study walking robots on loose scree.",
        "words": ["robots", "scree"],
    }


def test_loading_again_stores_nothing_twice(shell: Shell, papers_file: Path) -> None:
    shell.json("load", papers_file)

    assert shell.json("load", papers_file)["stored"] == 0


def test_a_file_of_queries_is_answered_line_by_line(shell: Shell, papers_file: Path, tmp_path: Path) -> None:
    shell.json("load", papers_file)
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "a", "text": "exoplanets"}\n{"id": "b", "text": "dense retrieval"}\n')

    code, out, _ = shell("search", "--queries", queries)

    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(answer["id"], answer["hits"][0]["id"]) for answer in answers] == [("a", "2611.00003"), ("b", "2611.00001")]


GOOD = '{"id": "2611.00001", "title": "t", "authors": [], "abstract": "a", "first_listed": "2026-11-17"}'


@pytest.mark.parametrize(
    "line,message",
    [
        ("{", "line 1: not JSON"),
        ('{"id": "2611.00001"}', "line 1: 'title' is missing"),
        (
            '{"id": "x", "title": "t", "authors": [], "abstract": "a", "first_listed": "2026-11-17"}',
            "line 1: not an arXiv identifier: 'x'",
        ),
        ('{"id": "2611.00001", "title": "\\ud800"}', "line 1: holds half a character"),
        ('["a list"]', "line 1: 'the line': Input should be a valid dictionary"),
        (GOOD.replace("[]", '"Ada Lind"'), "line 1: 'authors': Input should be a valid list"),
        (GOOD.replace('"t"', '" "'), "line 1: 'title'"),
    ],
)
def test_a_bad_line_is_named(shell: Shell, tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n")

    code, out, err = shell("load", path)

    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_line_is_cleaned_of_what_is_no_category_and_no_text(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    odd = '"categories": ["cs.IR", "68T01 (Primary)", "I.2.7"], "title": "red \\u001b[31m ink"'
    path.write_text(GOOD.replace('"title": "t"', odd) + "\n")

    shell.json("load", path)

    hit = shell.json("search", "ink")["hits"][0]
    assert hit["title"] == "red [31m ink"


def test_a_home_is_for_its_owners_eyes(shell: Shell, tmp_path: Path) -> None:
    shell("ledger")

    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_an_empty_outbox_is_nothing_to_do(shell: Shell) -> None:
    assert shell("outbox")[0] == shell("outbox", "--json")[0] == 3


def test_a_subscriber_is_taught(shell: Shell, papers_file: Path) -> None:
    shell.json("load", papers_file)

    added = shell.json("subscribe", "Me@Example.org", "--interest", "robots", "--not", "planets", "--author", "A. Lind")
    liked = shell.json("like", "me@example.org", "2611.00001", "arXiv:2611.00002v1")
    disliked = shell.json("dislike", "me@example.org", "2611.00002")

    assert added["subscriber"]["email"] == "me@example.org"
    assert (added["subscriber"]["interests"], added["subscriber"]["negatives"]) == (["robots"], ["planets"])
    assert liked == {"likes": 2, "dislikes": 0}
    assert disliked == {"likes": 1, "dislikes": 1}


@pytest.mark.parametrize(
    "words,code,message",
    [
        (("subscribe", "nonsense", "--interest", "x"), 2, "not an e-mail address: 'nonsense'"),
        (("subscribe", "me@example.org"), 2, "say what you care about"),
        (("like", "nobody@example.org", "2611.00001"), 1, "no subscriber 'nobody@example.org'"),
        (("ledger", "--date", "yesterday"), 2, "not a date: 'yesterday'"),
        (("run", "--date", "2150-01-05"), 2, "2150-01-05 is not announced yet"),
        (("run", "--date", "2026-11-14"), 2, "arXiv announces nothing for Saturday 14 November 2026"),
        (("ledger", "--date", "0001-01-01"), 2, "no day of arXiv's"),
        (("search", "anything"), 1, "autoreader run"),
        (("search",), 2, "give a query"),
        (("load", "/no/such/file"), 1, "no file /no/such/file"),
        (("read", "/no/such.pdf"), 1, "no file /no/such.pdf"),
        (("digest", "nobody@example.org"), 1, "no day is stored yet"),
    ],
)
def test_a_mistake_gets_one_clear_line(shell: Shell, words: tuple[str, ...], code: int, message: str) -> None:
    ended, out, err = shell(*words)

    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_unknown_options_are_bad_usage(shell: Shell) -> None:
    assert shell("ledger", "--nonsense")[0] == 2


def test_ranking_requests_stores_nothing(shell: Shell, papers_file: Path, tmp_path: Path) -> None:
    shell.json("load", papers_file)
    requests = tmp_path / "requests.jsonl"
    ids = ["2611.00001", "2611.00002", "2611.00099"]
    requests.write_text(json.dumps({"user": "u", "interests": ["walking robots on scree"], "candidates": ids}) + "\n")

    code, out, _ = shell("rank", "--requests", requests)

    answer = json.loads(out)
    assert code == 0
    assert [one["id"] for one in answer["ranking"]] == ["2611.00002", "2611.00001"]
    assert answer["unknown"] == ["2611.00099"]
    assert all(0 <= one["probability"] <= 1 for one in answer["ranking"])


@pytest.mark.parametrize("interests", ['"retrieval"', "[5]"])
def test_interests_that_are_no_list_of_texts_are_refused(shell: Shell, tmp_path: Path, interests: str) -> None:
    requests = tmp_path / "requests.jsonl"
    requests.write_text(f'{{"user": "u", "interests": {interests}, "day": "2026-11-17"}}\n')

    code, out, err = shell("rank", "--requests", requests)

    assert (code, out) == (2, "")
    assert "line 1: 'interests' is no list of texts" in err


def test_a_day_can_be_ranked_by_its_date(shell: Shell, papers_file: Path, tmp_path: Path) -> None:
    shell.json("load", papers_file)
    requests = tmp_path / "requests.jsonl"
    requests.write_text('{"user": "u", "interests": ["exoplanets"], "day": "2026-11-17"}\n')

    _, out, _ = shell("rank", "--requests", requests)

    assert json.loads(out)["ranking"][0]["id"] == "2611.00003"


def test_secrets_are_not_listed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_MAIL__SMTP_URL", "smtp://me:hush@mail.example.org")

    _, out, _ = shell("settings", "--json")

    assert "hush" not in out
    assert '"AUTOREADER_MAIL__SMTP_URL", "value": "<SECRET>"' in out
