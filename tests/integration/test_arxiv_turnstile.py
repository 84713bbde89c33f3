"""The lock file that keeps requests apart, within a process and between processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.arxiv_source.calendar import load_calendar
from pipeline.arxiv_source.turnstile import MAX_WAIT_S, Time, Turnstile
from pipeline.errors import ConfigError, SourceUnavailableError, StoreError
from tests.fakes.arxiv_server import ArxivServer, Reply

ROOT = Path(__file__).resolve().parents[2]
ASK_FIVE_TIMES = """
import sys
from pathlib import Path
from pipeline.arxiv_source.client import PoliteClient
from pipeline.config import ArxivSettings

home, url = Path(sys.argv[1]), sys.argv[2]
with PoliteClient(ArxivSettings(base_url=url, interval_s=0.3, contact=sys.argv[3]), home) as client:
    for _ in range(5):
        client.get(url + "/oai")
"""


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 3, 30, tzinfo=UTC).timestamp()
        self.slept: list[float] = []
        self.on_sleep: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        self.on_sleep()

    @property
    def time(self) -> Time:
        return Time(lambda: self.at, self.sleep)


def test_the_second_turn_waits_out_the_interval(tmp_path: Path) -> None:
    clock = FakeTime()
    gate = Turnstile(tmp_path / "arxiv.lock", clock.time)

    with gate.turn(3.0):
        clock.at += 1.0
    with gate.turn(3.0):
        pass

    assert clock.slept == [pytest.approx(2.05, abs=1e-5)]


def test_somebody_elses_turn_is_waited_for_no_longer_than_needed(tmp_path: Path) -> None:
    clock = FakeTime()
    path = tmp_path / "arxiv.lock"

    with Turnstile(path, clock.time).turn(3.0):
        clock.at += 1.0
    with Turnstile(path, clock.time).turn(3.0):
        pass

    assert clock.slept == [pytest.approx(2.0, abs=1e-5)]


def test_a_wish_for_more_patience_that_comes_while_waiting_is_kept(tmp_path: Path) -> None:
    clock = FakeTime()
    path = tmp_path / "arxiv.lock"
    path.write_text("2026-11-24T03:30:03+00:00")
    clock.on_sleep = lambda: path.write_text("2026-11-24T03:31:00+00:00") if len(clock.slept) == 1 else None

    with Turnstile(path, clock.time).turn(3.0):
        pass

    assert clock.slept == [pytest.approx(3.0, abs=1e-5), pytest.approx(57.0, abs=1e-5)]


def test_the_next_moment_is_on_disk_before_the_request_is_sent(tmp_path: Path) -> None:
    clock = FakeTime()
    path = tmp_path / "arxiv.lock"

    with Turnstile(path, clock.time).turn(3.0):
        assert path.read_text() == "2026-11-24T03:30:03+00:00\n"


def test_a_turn_is_held_while_another_waits(tmp_path: Path) -> None:
    clock = FakeTime()
    gate = Turnstile(tmp_path / "arxiv.lock", clock.time)
    held = gate.turn(0.0)
    held.__enter__()
    polls = 0

    def let_go_at_the_third_poll() -> None:
        nonlocal polls
        polls += 1
        if polls == 3:
            held.__exit__(None, None, None)

    clock.on_sleep = let_go_at_the_third_poll
    with gate.turn(0.0):
        pass

    assert polls == 3


def test_a_turn_that_is_never_given_back_is_named_after_half_an_hour(tmp_path: Path) -> None:
    gate = Turnstile(tmp_path / "arxiv.lock", FakeTime().time)

    with gate.turn(0.0), pytest.raises(SourceUnavailableError, match=r"arxiv\.lock within 1800 s"), gate.turn(0.0):
        pass


def test_more_patience_than_a_run_has_is_an_error_without_waiting(tmp_path: Path) -> None:
    clock = FakeTime()
    gate = Turnstile(tmp_path / "arxiv.lock", clock.time)
    with gate.turn(3.0) as turn:
        turn.close_for(7200.0)

    with pytest.raises(SourceUnavailableError, match="patience until 2026-11-24 05:30 UTC") as caught, gate.turn(3.0):
        pass

    assert clock.slept == []
    assert caught.value.retry_after_s == pytest.approx(7200.0)


def test_it_opens_again_when_the_time_is_over(tmp_path: Path) -> None:
    clock = FakeTime()
    gate = Turnstile(tmp_path / "arxiv.lock", clock.time)
    with gate.turn(3.0) as turn:
        turn.close_for(MAX_WAIT_S + 1)
    clock.at += 2.0

    with gate.turn(3.0):
        pass

    assert clock.slept == [pytest.approx(MAX_WAIT_S - 0.95, abs=1e-5)]


@pytest.mark.parametrize("text", ["nonsense", "2031-01-01T00:00:00+00:00", "é"])
def test_a_file_that_makes_no_sense_costs_one_interval(tmp_path: Path, text: str) -> None:
    clock = FakeTime()
    path = tmp_path / "arxiv.lock"
    path.write_text(text, encoding="utf-8")

    with Turnstile(path, clock.time).turn(3.0):
        pass

    assert clock.slept == [3.0]


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")

    with pytest.raises(StoreError, match=r"arxiv\.lock"), Turnstile(tmp_path / "home" / "arxiv.lock").turn(0.0):
        pass


def test_two_processes_keep_the_interval_and_one_connection_between_them(tmp_path: Path) -> None:
    with ArxivServer([Reply(b"ok", delay_s=0.05)]) as server:
        command = [sys.executable, "-c", ASK_FIVE_TIMES, str(tmp_path), server.url]
        started = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("one", "two")]
        codes = [process.wait(timeout=60) for process in started]

    assert codes == [0, 0]
    assert len(server.asked) == 10
    assert min(server.gaps_s) >= 0.3, json.dumps(server.gaps_s)
    assert {asked.open_requests for asked in server.asked} == {1}


def test_the_owner_adds_deferrals_in_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "announcements.toml").write_text('[[deferred]]\nsource = "me"\nevenings = [2027-07-04]\n')

    calendar = load_calendar(tmp_path)

    assert not calendar.is_expected(datetime(2027, 7, 5, tzinfo=UTC).date())
    assert not calendar.is_expected(datetime(2026, 11, 27, tzinfo=UTC).date())


@pytest.mark.parametrize("text", ["deferred = 3", "[[deferred]]\n", '[[deferred]]\nevenings = ["2027"]', "[["])
def test_a_deferrals_file_of_another_form_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "announcements.toml").write_text(text)

    with pytest.raises(ConfigError, match=r"announcements\.toml: expected"):
        load_calendar(tmp_path)
