"""`train` and `models` as their owner types them, on lists and feedback that were made for it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.training_feedback import feedback_occasions
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.digest import Ranked
from pipeline.store import Store, open_store
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from tests.fakes.cross_encoder import save_cross_encoder
from tests.fakes.papers import make_paper
from tests.fakes.shell import Shell
from tests.fakes.stored import DAY, NOW, issue_for, subscribe

FIRST = date(2026, 3, 2)
DAYS, A_DAY = 16, 30
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def _gzipped(path: Path, records: list[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
    return path


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Days of thirty papers, of which the first is about owls and the second about yaks."""
    records = []
    for day in range(DAYS):
        for at in range(A_DAY):
            what = {0: "owls hunting at night", 1: "yaks on high meadows"}.get(at, f"stone number {day} {at}")
            records.append(
                {
                    "id": f"2603.{day * A_DAY + at:05d}",
                    "title": f"On {what}",
                    "authors": ["Ada Lind"],
                    "abstract": f"A study of {what}, part {day}.",
                    "first_listed": str(FIRST + timedelta(days=day)),
                }
            )
    return _gzipped(tmp_path / "papers.jsonl.gz", records)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """Two lists, each of which takes its paper on the day itself."""
    records = [
        {
            "list": name,
            "saves": [
                {"id": f"2603.{day * A_DAY + at:05d}", "added": f"{FIRST + timedelta(days=day)}T09:00:00+02:00"}
                for day in range(DAYS)
            ],
        }
        for at, name in enumerate(("owls", "yaks"))
    ]
    return _gzipped(tmp_path / "lists.jsonl.gz", records)


def test_a_dry_run_says_what_it_would_learn_from_and_makes_nothing(shell: Shell, papers: Path, lists: Path) -> None:
    found = shell.json("train", "adapter", "--lists", lists, "--papers", papers, "--dry-run")

    # Each list is ready on its sixth day; of 22 days the first three fifths teach and the last quarter judges.
    assert found["days_to_learn_from"] == 12
    assert found["days_to_judge_by"] == 6
    assert found["taken_to_learn_from"] == 12
    assert shell("models")[0] == 3


def test_a_model_that_does_not_win_is_kept_and_does_not_serve(shell: Shell, papers: Path, lists: Path) -> None:
    found = shell.json("train", "adapter", "--lists", lists, "--papers", papers, "--epochs", "1")

    assert (found["model"], found["serves"]) == ("adapter-0001", False)
    assert found["verdict"].startswith("not decided, at least 20 held-out days are needed: nDCG@10 1.000")
    [model] = shell.json("models")["models"]
    assert (model["name"], model["serves"]) == ("adapter-0001", False)
    assert model["trained_on"] == "2 curated lists on 22 days"
    assert model["versions"]["torch"]


def test_a_model_is_taken_into_service_and_back(shell: Shell, papers: Path, lists: Path) -> None:
    shell.json("train", "adapter", "--lists", lists, "--papers", papers, "--epochs", "1")

    assert shell("models", "use", "adapter-0001")[:2] == (0, "adapter-0001 serves as adapter from the next run on\n")
    assert [one["serves"] for one in shell.json("models")["models"]] == [True]
    assert shell("models", "rollback", "adapter")[:2] == (0, "no adapter serves any more\n")
    assert [one["serves"] for one in shell.json("models")["models"]] == [False]
    assert shell("models", "use", "adapter-0007")[0] == 1


def test_a_cross_encoder_is_trained_from_stored_papers(shell: Shell, papers: Path, lists: Path, tmp_path: Path) -> None:
    base = save_cross_encoder(tmp_path / "tiny")
    shell.json("load", papers)

    found = shell.json("train", "cross-encoder", "--lists", lists, "--base", base, "--epochs", "1")

    assert found["model"] == "cross-encoder-0001"
    assert (Path(found["folder"]) / "manifest.json").is_file()
    assert (Path(found["folder"]) / "model.safetensors").is_file()


@pytest.mark.parametrize(
    "words,message",
    [
        ((), "say what to learn from: --lists FILE, --feedback, or both"),
        (("--feedback",), "nothing to learn from: no list or reader has a day"),
        (("--lists", "nowhere.jsonl"), "no file nowhere.jsonl"),
        (("--feedback", "--device", "tpu"), "--device tpu: there is auto"),
    ],
)
def test_what_cannot_be_trained_on_is_said_in_one_line(shell: Shell, words: tuple[str, ...], message: str) -> None:
    code, out, err = shell("train", "adapter", *words)

    assert code != 0
    assert out == ""
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "line,message",
    [
        ('{"saves": []}', "line 1: Field required"),
        ('{"list": "a", "saves": [{"id": "x", "added": "2026-03-02"}]}', "line 1: not an arXiv identifier: 'x'"),
        ('{"list": "a", "saves": [{"id": "2603.00001", "added": "soon"}]}', "line 1: Invalid isoformat string: 'soon'"),
    ],
)
def test_a_bad_list_is_named(shell: Shell, tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "lists.jsonl"
    path.write_text(line + "\n")

    code, _, err = shell("train", "adapter", "--lists", path)

    assert code == 2
    assert message in err


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with opened.begin() as work:
        work.papers.save([make_paper(f"2611.0000{number}") for number in range(1, 6)], DAY)
    return opened


def _feedback(number: int, kind: FeedbackKind, origin: Origin = Origin.TAP, days: int = 0) -> Feedback:
    return Feedback(f"2611.0000{number}", kind, NOW + timedelta(days=days), origin)


def test_a_readers_day_is_what_they_took_beside_what_was_ranked_high(store: Store) -> None:
    reader = subscribe(store)
    ranking = [Ranked(f"2611.0000{number}", 5.0 - number, 0.5, "", "graphs") for number in range(1, 5)]
    with store.begin() as work:
        work.issues.save_ranking(reader.id, DAY, ranking)
        work.issues.save_empty(issue_for(reader))
        work.subscribers.add_feedback(
            reader.id,
            [
                _feedback(5, FeedbackKind.LIKE, Origin.LIBRARY, days=-9),
                _feedback(2, FeedbackKind.SAVE, days=1),
                _feedback(3, FeedbackKind.DISLIKE),
                _feedback(4, FeedbackKind.LIKE, Origin.LIBRARY, days=2),
            ],
        )

    with store.read() as work:
        [occasion] = feedback_occasions(work)

    assert (occasion.day, occasion.topic, occasion.taken) == (DAY, "graphs", ("2611.00002",))
    assert occasion.taken_on == (DAY + timedelta(days=1),)
    assert occasion.known == ("2611.00005",)
    assert occasion.passed == ("2611.00001", "2611.00003", "2611.00004")
    assert "@" not in occasion.learner


def test_a_ranking_that_became_no_issue_teaches_nothing(store: Store) -> None:
    reader = subscribe(store)
    with store.begin() as work:
        work.issues.save_ranking(reader.id, DAY, [Ranked("2611.00001", 1.0, 0.5, "")])
        work.subscribers.add_feedback(reader.id, [_feedback(1, FeedbackKind.LIKE)])

    with store.read() as work:
        assert list(feedback_occasions(work)) == []


def test_without_being_asked_for_feedback_is_not_read(shell: Shell, papers: Path, lists: Path) -> None:
    shell.json("load", papers)
    with open_parts(load_settings()) as parts:
        reader = subscribe(parts.store)
        with parts.store.begin() as work:
            work.issues.save_ranking(reader.id, FIRST, [Ranked("2603.00001", 1.0, 0.5, "")])
            work.issues.save_empty(issue_for(reader, FIRST))
            work.subscribers.add_feedback(reader.id, [Feedback("2603.00001", FeedbackKind.LIKE, NOON)])

    plain = shell.json("train", "adapter", "--lists", lists, "--dry-run")
    asked = shell.json("train", "adapter", "--lists", lists, "--feedback", "--dry-run")

    assert plain["days_to_learn_from"] == 12
    assert asked["days_to_learn_from"] == 13
