"""The HTTP side of the fake servers: threads on 127.0.0.1, and answers that are slow, cut off or never heard."""

from __future__ import annotations

import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """What came, whole; header names are in lower case, `open_requests` includes itself."""

    method: str
    path: str  # with its query
    headers: Mapping[str, str]
    body: bytes
    open_requests: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `cut_after` breaks the connection after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    delay_s: float = 0.0


class FakeServer(ABC):
    """Answers at a free port while its `with` statement lasts, each connection in a thread of its own."""

    def __init__(self) -> None:
        self.connections = 0
        self._open_requests = 0
        self._lock = threading.RLock()
        self._http = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def root(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """The answer to one request; called in the thread of its connection."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _count_request(self, change: int) -> int:
        with self._lock:
            self._open_requests += change
            return self._open_requests

    def _count_connection(self) -> None:
        with self._lock:
            self.connections += 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, fake: FakeServer, *arguments: Any) -> None:  # Any: as the base class has them
        self._fake = fake
        super().__init__(*arguments)

    def setup(self) -> None:
        super().setup()
        self._fake._count_connection()

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        raw = self.rfile.read(length)
        if len(raw) < length:  # the asker died in the middle: that was no request
            self.close_connection = True
            return
        self._answer(raw)

    def _answer(self, raw: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, raw, self._fake._count_request(+1))
        try:
            reply = self._fake.answer(request)
            time.sleep(reply.delay_s)
            self._send(reply)
        except ConnectionError:  # the client gave up, as some tests want it to
            self.close_connection = True
        finally:
            self._fake._count_request(-1)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        length = len(reply.body) + (1 if reply.cut_after is not None else 0)  # a promise that is not kept
        for name, value in ({"content-length": str(length)} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut_after])
        self.close_connection = self.close_connection or reply.cut_after is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
        """Says nothing: test output is for failures."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow answer must not hold up the end of a test
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:  # Any: as the base class has it
        if not isinstance(sys.exception(), ConnectionError):  # the asker was killed, as some tests want it to be
            super().handle_error(request, client_address)
