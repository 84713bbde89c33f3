"""A loopback HTTP server that answers as a test tells it, and remembers who asked for what, and when."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `cut_after` breaks the connection after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the path with its query, when it came, by whom, and how many were open at that moment."""

    path: str
    at: float
    user_agent: str
    open_requests: int


class ArxivServer:
    """Serves `answer(path)` on 127.0.0.1; a list of replies is given in turn, its last one for ever."""

    def __init__(self, answer: Callable[[str], Reply] | list[Reply]) -> None:
        self.asked: list[Asked] = []
        self._script = answer
        self._open = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    @property
    def gaps_s(self) -> list[float]:
        """Seconds between one request and the next."""
        moments = [asked.at for asked in self.asked]
        return [later - earlier for earlier, later in itertools.pairwise(moments)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _reply(self, path: str, user_agent: str) -> Reply:
        with self._lock:
            self._open += 1
            number = len(self.asked)
            self.asked.append(Asked(path, time.monotonic(), user_agent, self._open))
        if isinstance(self._script, list):
            return self._script[min(number, len(self._script) - 1)]
        return self._script(path)

    def _done(self) -> None:
        with self._lock:
            self._open -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                reply = server._reply(self.path, self.headers["user-agent"])
                try:
                    time.sleep(reply.delay_s)
                    self.send_response(reply.status)
                    for name, value in ({"content-length": str(len(reply.body))} | reply.headers).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body[: reply.cut_after])
                except ConnectionError:  # the client has heard enough, as some tests want it to
                    self.close_connection = True
                finally:
                    server._done()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
                """Says nothing: test output is for failures."""

        return Handler
