"""The polite client against a loopback server that misbehaves."""

from __future__ import annotations

import gzip
import itertools
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import stamina

from pipeline.arxiv_source.client import Answer, PoliteClient
from pipeline.arxiv_source.turnstile import Time
from pipeline.config import ArxivSettings
from pipeline.errors import SourceError, SourceFormatError, SourceUnavailableError
from tests.fakes.arxiv_server import ArxivServer, Reply

OK = Reply(b"<ok/>", headers={"content-type": "text/xml"})


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen as often as set, but at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


class Sleeps:
    """A clock that remembers how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 3, 30, tzinfo=UTC).timestamp()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds


def client_for(server: ArxivServer, home: Path, clock: Sleeps | None = None, **changes: object) -> PoliteClient:
    settings = ArxivSettings.model_validate({"base_url": server.url, "interval_s": 0.0, "attempts": 3} | changes)
    return PoliteClient(settings, home, Time(lambda: clock.at, clock.sleep) if clock else None)


def test_an_answer_comes_whole_with_its_type(tmp_path: Path) -> None:
    with ArxivServer([OK]) as server, client_for(server, tmp_path) as client:
        answer = client.get(f"{server.url}/oai")

    assert answer == Answer(f"{server.url}/oai", 200, "text/xml", b"<ok/>")


def test_every_request_says_who_asks(tmp_path: Path) -> None:
    with ArxivServer([OK]) as server, client_for(server, tmp_path, contact="me@example.org") as client:
        client.get(f"{server.url}/oai")

    assert server.asked[0].user_agent.startswith("autoreader/")
    assert server.asked[0].user_agent.endswith("(+me@example.org)")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(tmp_path: Path, status: int) -> None:
    with (
        ArxivServer([Reply(status=status), Reply(status=status), OK]) as server,
        client_for(server, tmp_path) as client,
    ):
        answer = client.get(f"{server.url}/oai")

    assert answer.content == b"<ok/>"
    assert len(server.asked) == 3


def test_attempts_are_bounded_and_the_last_refusal_is_told(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(status=503)]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceUnavailableError, match="arXiv answered 503") as caught,
    ):
        client.get(f"{server.url}/oai")

    assert len(server.asked) == 3
    assert caught.value.retry_after_s is None


def test_retry_after_in_seconds_is_waited_for(tmp_path: Path) -> None:
    clock = Sleeps()
    busy = Reply(status=429, headers={"retry-after": "42"})
    with ArxivServer([busy, OK]) as server, client_for(server, tmp_path, clock) as client:
        client.get(f"{server.url}/oai")

    assert clock.slept == [42.05]


def test_retry_after_as_a_date_is_waited_for(tmp_path: Path) -> None:
    clock = Sleeps()
    moment = datetime.fromtimestamp(clock.at, tz=UTC) + timedelta(seconds=90)
    busy = Reply(status=503, headers={"retry-after": format_datetime(moment, usegmt=True)})
    with ArxivServer([busy, OK]) as server, client_for(server, tmp_path, clock) as client:
        client.get(f"{server.url}/oai")

    assert clock.slept == [90.05]


def test_an_absurd_retry_after_is_told_and_kept_by_everybody(tmp_path: Path) -> None:
    busy = Reply(status=503, headers={"retry-after": "7200"})
    with ArxivServer([busy, OK]) as server:
        with client_for(server, tmp_path) as client, pytest.raises(SourceUnavailableError) as first:
            client.get(f"{server.url}/oai")
        with client_for(server, tmp_path) as another, pytest.raises(SourceUnavailableError) as second:
            another.get(f"{server.url}/oai")

    assert "asks to wait 7200 s, longer than a run waits (900 s); try again later" in first.value.message
    assert "nothing is sent before" in second.value.message
    assert len(server.asked) == 1


def test_a_403_stops_everything_at_once(tmp_path: Path) -> None:
    with ArxivServer([Reply(status=403), OK]) as server, client_for(server, tmp_path) as client:
        with pytest.raises(SourceUnavailableError, match="arXiv refuses this machine") as caught:
            client.get(f"{server.url}/oai")
        with pytest.raises(SourceUnavailableError, match="nothing is sent before"):
            client.get(f"{server.url}/pdf/2611.01234v1")

    assert len(server.asked) == 1
    assert not caught.value.permanent


def test_a_missing_page_is_permanent_and_asked_for_once(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(status=404)]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceError, match="arXiv answered 404 Not Found") as caught,
    ):
        client.get(f"{server.url}/pdf/2611.01234v1")

    assert caught.value.permanent
    assert len(server.asked) == 1


def test_a_redirect_is_followed_and_each_hop_waits_its_turn(tmp_path: Path) -> None:
    clock = Sleeps()
    moved = Reply(status=301, headers={"location": "/there"})
    with ArxivServer([moved, OK]) as server, client_for(server, tmp_path, clock, interval_s=0.5) as client:
        answer = client.get(f"{server.url}/here")

    assert answer == Answer(f"{server.url}/here", 200, "text/xml", b"<ok/>")
    assert server.paths == ["/here", "/there"]
    assert clock.slept == [0.55]


def test_a_redirect_in_circles_ends(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(status=302, headers={"location": "/here"})]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceError, match="redirects more than 5 times"),
    ):
        client.get(f"{server.url}/here")

    assert len(server.asked) == 5


def test_a_broken_off_answer_is_asked_for_again(tmp_path: Path) -> None:
    with ArxivServer([Reply(b"<ok/>", cut_after=2), OK]) as server, client_for(server, tmp_path) as client:
        answer = client.get(f"{server.url}/oai")

    assert answer.content == b"<ok/>"
    assert len(server.asked) == 2


def test_an_answer_larger_than_allowed_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(b"x" * 3_000_000)]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceFormatError, match="is larger than 1 MB"),
    ):
        client.get(f"{server.url}/oai", max_bytes=2**20)

    assert len(server.asked) == 1


def test_a_small_answer_that_unpacks_into_a_large_one_is_refused(tmp_path: Path) -> None:
    bomb = Reply(gzip.compress(bytes(5_000_000)), headers={"content-encoding": "gzip"})
    with (
        ArxivServer([bomb]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceFormatError, match="is larger than 1 MB"),
    ):
        client.get(f"{server.url}/oai", max_bytes=2**20)


def test_a_broken_encoding_is_a_format_error(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(b"no gzip", headers={"content-encoding": "gzip"})]) as server,
        client_for(server, tmp_path) as client,
        pytest.raises(SourceFormatError, match="broken encoding"),
    ):
        client.get(f"{server.url}/oai")


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(b"late", delay_s=0.5)]) as server,
        client_for(server, tmp_path, timeout_s=0.1, attempts=1) as client,
        pytest.raises(SourceUnavailableError, match="did not answer in time"),
    ):
        client.get(f"{server.url}/oai")


def test_an_answer_that_drips_for_ever_is_given_up(tmp_path: Path) -> None:
    clock = itertools.count(1_800_000_000.0, 4.0)  # every look at it is four seconds later
    with ArxivServer([Reply(b"x" * 1_000_000)]) as server:
        settings = ArxivSettings(base_url=server.url, interval_s=0.0, timeout_s=1.0, attempts=1)
        with (
            PoliteClient(settings, tmp_path, Time(lambda: next(clock), lambda _: None)) as client,
            pytest.raises(SourceUnavailableError, match="comes too slowly"),
        ):
            client.get(f"{server.url}/oai")


def test_a_place_where_nobody_listens_is_unavailable(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    settings = ArxivSettings(base_url=url, interval_s=0.0, attempts=2)

    with PoliteClient(settings, tmp_path) as client, pytest.raises(SourceUnavailableError, match="cannot be reached"):
        client.get(f"{url}/oai")


def test_an_address_that_is_none_is_a_permanent_error(tmp_path: Path) -> None:
    with (
        PoliteClient(ArxivSettings(), tmp_path) as client,
        pytest.raises(SourceError, match="is not an address that can be asked") as caught,
    ):
        client.get("gopher://arxiv.org/")

    assert caught.value.permanent
