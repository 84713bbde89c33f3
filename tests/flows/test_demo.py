"""The demo as a newcomer runs it, then the same home as its owner uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def type_in(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("AUTOREADER_")}
    env["AUTOREADER_HOME"] = str(home)
    command = [sys.executable, "-m", "flows", *words]
    return subprocess.run(command, env=env, cwd=home.parent, capture_output=True, text=True, timeout=280, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def demo(home: Path) -> dict[str, Any]:  # Any: JSON
    done = type_in(home, "demo", "--home", str(home), "--json")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_demo_reads_the_whole_sample_day(demo: dict[str, Any], home: Path) -> None:
    assert (demo["papers"], demo["date"], demo["state"]) == (50, "2026-11-17", "complete")
    assert demo["pages"] >= 120
    assert demo["chunks"] >= 500
    assert demo["home"] == str(home)
    assert list(demo["seconds"]) == [
        "harvest", "download", "read", "pages", "chunk", "embed", "index", "authors", "rank", "compose",
        "send",
    ]  # fmt: skip


def test_three_readers_get_three_different_digests(demo: dict[str, Any]) -> None:
    assert [digest["to"] for digest in demo["digests"]] == [
        "librarian@example.org",
        "roboticist@example.org",
        "observer@example.org",
    ]
    links = []
    for digest in demo["digests"]:
        message = message_from_bytes(Path(digest["path"]).read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        found = {word for word in text.split() if word.startswith("https://arxiv.org/abs/")}
        assert found == {f"https://arxiv.org/abs/{item['id']}" for item in digest["items"]}
        assert Path(digest["html"]).read_text(encoding="utf-8").startswith("<!")
        links.append(found)
    assert not links[0] & links[1] | links[0] & links[2] | links[1] & links[2]


def test_the_ledger_names_what_each_source_left_out_and_what_was_not_read(demo: dict[str, Any]) -> None:
    reasons = {reason["id"]: reason["reason"] for line in demo["ledger"] for reason in line["reasons"]}

    assert sum(line["missing"] for line in demo["ledger"]) == 0
    assert reasons["2611.90004"] == "left out by the feed; found through OAI-PMH"
    assert reasons["2611.90037"] == "left out by OAI-PMH's list; found through the feed and fetched by itself"
    assert "encrypted" in reasons["2611.90046"]
    assert "truncated" in reasons["2611.90019"]
    assert len(reasons) == 4


def test_a_scanned_paper_is_read_by_ocr(demo: dict[str, Any], home: Path) -> None:
    reading = demo["reading"]
    assert (reading["by_engine"]["rapidocr"], reading["degraded"], reading["waiting"]) == (1, 0, [])
    assert reading["cpu_seconds"] > 0

    done = type_in(home, "search", "dot positions found by least squares for a hobby arm", "--json")

    hit = json.loads(done.stdout)["hits"][0]
    assert hit["id"] == "2611.90030"
    assert hit["passages"][0]["page"] >= 1


def test_every_item_has_its_passage_and_its_reason(demo: dict[str, Any], home: Path) -> None:
    del demo
    done = type_in(home, "digest", "librarian@example.org", "--date", "2026-11-17", "--dry-run", "--json")

    items = json.loads(done.stdout)["items"]
    assert items
    assert all(item["why"] and item["passage"]["text"] for item in items)
    assert any(item["passage"]["page"] > 0 for item in items)
    assert all(0.5 <= item["probability"] <= 1 for item in items if not item["is_exploration"])
    assert sum(item["is_exploration"] for item in items) <= 1


def test_search_finds_a_passage_inside_a_paper(demo: dict[str, Any], home: Path) -> None:
    del demo
    done = type_in(home, "search", "transit timing with small telescopes", "--day", "2026-11-17", "--json")

    hit = json.loads(done.stdout)["hits"][0]
    assert hit["id"] == "2611.90043"
    assert hit["passages"][0]["page"] >= 1
    assert hit["why"]


def test_a_home_that_is_not_empty_is_refused(demo: dict[str, Any], home: Path) -> None:
    del demo
    done = type_in(home, "demo", "--home", str(home))

    assert (done.returncode, done.stdout) == (2, "")
    assert "is not an empty folder" in done.stderr
