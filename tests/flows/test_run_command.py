"""`autoreader run` as it is typed, through Prefect and with the packaged model, against a loopback arXiv."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from pipeline.arxiv_source import load_calendar
from tests.fakes.papers import make_sample, make_version, print_sample

pytestmark = pytest.mark.slow
TODAY = load_calendar().latest_day(datetime.now(UTC) - timedelta(hours=2, minutes=30))


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    history = (make_version(1, datetime.combine(TODAY, datetime.min.time(), UTC) - timedelta(days=2)),)
    samples = (make_sample("2611.00001", versions=history), make_sample("2611.00002", versions=history))
    with LoopbackArxiv([SampleDay(TODAY, samples)], print_sample) as server:
        yield server


def type_in(home: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "AUTOREADER_HOME": str(home),
        "AUTOREADER_ARXIV__BASE_URL": url,
        "AUTOREADER_ARXIV__INTERVAL_S": "0",
        "AUTOREADER_ARXIV__ATTEMPTS": "1",
    }
    command = [sys.executable, "-m", "flows", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=200, check=False)


def test_an_unreachable_arxiv_is_one_line_and_leaves_no_paper(tmp_path: Path) -> None:
    done = type_in(tmp_path, "http://127.0.0.1:9", "run")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("autoreader: http://127.0.0.1:9/oai")
    assert "Traceback" not in done.stderr
    assert json.loads(type_in(tmp_path, "http://127.0.0.1:9", "ledger", "--json").stdout)["days"] == []


def test_without_subscribers_the_day_is_read_and_nothing_is_mailed(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    done = type_in(tmp_path, arxiv.url, "run", "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert "no subscribers" in done.stderr
    assert (report["date"], report["papers"], report["pages"], report["digests"]) == (TODAY.isoformat(), 2, 2, [])


def test_the_same_day_twice_mails_once(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    type_in(tmp_path, arxiv.url, "subscribe", "me@example.org", "--interest", "searching in long texts")

    first = type_in(tmp_path, arxiv.url, "run", "--json")
    again = type_in(tmp_path, arxiv.url, "run", "--json")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    one, two = json.loads(first.stdout), json.loads(again.stdout)
    assert (one["sending"]["sent"], two["sending"]["sent"]) == (1, 0)
    assert set(two["done"].values()) == {0}
    assert one["digests"] == two["digests"]
    assert {item["id"] for item in one["digests"][0]["items"]} == {"2611.00001", "2611.00002"}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_a_day_that_arxiv_has_not_published_is_awaited(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    arxiv.fail("oai", "empty", times=None)
    arxiv.fail("feed", "stale", times=None)

    done = type_in(tmp_path, arxiv.url, "run")

    assert done.returncode == 3
    assert f"{TODAY}: awaiting arXiv" in done.stderr


def test_two_runs_do_not_work_in_one_home(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    from flows.lock import exclusive_run

    with exclusive_run(tmp_path / "run.lock"):
        done = type_in(tmp_path, arxiv.url, "run")

    assert done.returncode == 1
    assert "another run is working" in done.stderr


def test_a_backfill_reads_past_days(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    since = TODAY - timedelta(days=3)
    done = type_in(tmp_path, arxiv.url, "backfill", "--since", since.isoformat(), "--json")

    days = {day["date"]: day["papers"] for day in json.loads(done.stdout)["days"]}
    assert done.returncode == 0, done.stderr
    assert days[TODAY.isoformat()] == 2
    assert all(date.fromisoformat(day) >= since for day in days)
