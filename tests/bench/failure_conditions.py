"""What can go wrong at an endpoint, each condition with a server that shows it.

Whoever has another kind of endpoint adds rows by giving `failure_matrix.main` more conditions: a name and a function
that opens a `Rig` for a `Scale`.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from ocr.endpoints.chat import ChatTransport
from ocr.transports.openai_http import open_openai_http
from pipeline.config import OcrSettings
from tests.fakes.model_answers import (
    GOOD_PAGE,
    LOOPING,
    NO_JSON,
    WITHOUT_DIVS,
    always,
    answering,
    cold,
    completion,
    first,
    redirecting,
    refusal,
    slow,
)
from tests.fakes.model_server import ModelServer, Reply, Script

_KEY = "the-right-key"
_START_S = 20.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How long things take, in seconds: a cold start, the run's patience, a page. Times `speed` they pass faster."""

    cold_s: float = 60.0
    patience_s: float = 120.0
    page_s: float = 30.0
    speed: float = 1.0
    dpi: int = 96

    def clock(self) -> float:
        """Seconds at that speed."""
        return time.monotonic() * self.speed

    def settings(self, url: str, key: str = _KEY) -> OcrSettings:
        """What a run is configured with."""
        return OcrSettings.model_validate(
            {
                "surya_url": url,
                "surya_key": key,
                "cold_start_s": self.patience_s,
                "page_timeout_s": self.page_s / self.speed,
                "surya_concurrency": 8,
                "surya_dpi": self.dpi,
            }
        )


@dataclass(frozen=True, slots=True)
class Rig:
    """An endpoint that fails, the way to it, and how many requests for answers it has had."""

    settings: OcrSettings
    transport: ChatTransport
    requests: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Condition:
    """A row of the matrix."""

    name: str
    open: Callable[[Scale], AbstractContextManager[Rig]]
    pages: int = 12  # half of them scans


def http_conditions() -> list[Condition]:
    """What our own server can show, over HTTP."""
    broken = Reply(completion(GOOD_PAGE).body, cut_after=40)
    scripts: dict[str, Callable[[Scale], Script]] = {
        "well": lambda _: answering(),
        "cold": lambda scale: cold(scale.cold_s, answering(), scale.clock),
        "429 ten times, Retry-After 5 s": lambda _: first(10, refusal(429, "busy", retry_after="5"), answering()),
        "429 for ever, Retry-After 1 h": lambda _: always(refusal(429, "quota", retry_after="3600")),
        "500 three times": lambda _: first(3, refusal(500, "boom"), answering()),
        "500 for ever": lambda _: always(refusal(500, "boom")),
        "loop on whole pages": lambda _: answering(page=LOOPING),
        "loop everywhere": lambda _: always(completion(LOOPING)),
        "HTML without divs": lambda _: answering(page=WITHOUT_DIVS),
        "HTML without divs, layout no JSON": lambda _: answering(page=WITHOUT_DIVS, layout=NO_JSON),
        "empty": lambda _: always(completion("")),
        "cut off": lambda _: always(completion(GOOD_PAGE, finish_reason="length")),
        "no chat completion": lambda _: always(Reply(b"<html>Welcome to nginx</html>")),
        "connection breaks once": lambda _: first(1, broken, answering()),
        "connection breaks always": lambda _: always(broken),
        "303 to the result, three times": lambda _: redirecting(answering(), hops=3),
        "refused as too large (413)": lambda _: always(refusal(413, "too large")),
        "no such model (404)": lambda _: always(refusal(404, "no such model")),
        "slower than a page may take": lambda scale: slow(2 * scale.page_s / scale.speed, answering()),
    }
    rows = [Condition(name, partial(_loopback, script)) for name, script in scripts.items()]
    return [*rows, Condition("wrong key (401)", partial(_loopback, scripts["well"], key="a-wrong-key"))]


def standin_conditions(program: Path) -> list[Condition]:
    """The same against another program: `PROGRAM PORT [--cold S] [--key K] [--fail-first N] [--mode M] [--log F]`."""
    options: dict[str, Callable[[Scale], list[str]]] = {
        "stand-in: well": lambda _: [],
        "stand-in: cold": lambda scale: ["--cold", str(scale.cold_s / scale.speed)],
        "stand-in: 500 three times": lambda _: ["--fail-first", "3"],
        "stand-in: 500 for ever": lambda _: ["--fail-first", "1000000"],
        "stand-in: wrong key (401)": lambda _: ["--key", "another"],
        "stand-in: loop": lambda _: ["--mode", "loop"],
        "stand-in: bad HTML": lambda _: ["--mode", "badhtml"],
        "stand-in: bad JSON": lambda _: ["--mode", "badjson"],
        "stand-in: empty": lambda _: ["--mode", "empty"],
    }
    return [Condition(name, partial(_program, program, option)) for name, option in options.items()]


@contextmanager
def _loopback(script: Callable[[Scale], Script], scale: Scale, key: str = _KEY) -> Iterator[Rig]:
    with ModelServer(script(scale), key=_KEY) as server, _over(scale.settings(server.url, key)) as transport:
        yield Rig(transport[0], transport[1], lambda: len(server.posts))


@contextmanager
def _program(program: Path, options: Callable[[Scale], list[str]], scale: Scale) -> Iterator[Rig]:
    with TemporaryDirectory() as folder:
        log, port = Path(folder, "log.jsonl"), _free_port()
        log.touch()
        command = [sys.executable, str(program), str(port), "--log", str(log), *options(scale)]
        process = subprocess.Popen(command)
        try:
            _await(f"http://127.0.0.1:{port}/")
            with _over(scale.settings(f"http://127.0.0.1:{port}")) as transport:
                yield Rig(transport[0], transport[1], lambda: log.read_text().count('"method": "POST"'))
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _over(settings: OcrSettings) -> Iterator[tuple[OcrSettings, ChatTransport]]:
    transport = open_openai_http(settings)
    try:
        yield settings, transport
    finally:
        transport.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _await(url: str) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)
