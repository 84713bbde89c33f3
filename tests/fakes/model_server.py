"""A loopback server that speaks as vLLM or llama-server do, answers as a test tells it, and remembers every request.

    with ModelServer(answering(page="<div ...>...</div>"), key="secret") as server:
        settings = OcrSettings(surya_url=server.url, surya_key="secret")

What it answers is a script: a function from `Asked` to `Reply`. `tests.fakes.model_answers` holds scripts for a
model that reads well and for every way to fail; they wrap each other:

    cold(60, answering())                         503 for a minute, then well
    first(2, refusal(500), answering())           two times 500, then well
    always(refusal(429, retry_after="1"))         busy for ever
    answering(page=LOOPING)                       the same text over and over
    always(completion("<div", finish_reason="length"))    cut off
    always(Reply(cut_after=20))                   the connection breaks in the middle
    redirecting(answering(), hops=2)              303 to a result, as Modal answers
    reading(pdfs)                                 knows the pages of these files by their looks, reads their text layer

`/health` is open, `/v1/models` and everything else want the key where there is one. The script hears only requests
that passed; `asked` holds all of them.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

MODEL = "datalab-to/surya-ocr-2"
Wants = Literal["page", "layout", "block", "nothing"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `cut_after` breaks the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    cut_after: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `body` is the JSON it brought, `number` counts from 0, `open_requests` includes itself."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Mapping[str, Any]  # Any: JSON
    at: float
    open_requests: int

    @property
    def prompt(self) -> str:
        """The words beside the picture."""
        return next((part["text"] for part in self._parts if part["type"] == "text"), "")

    @property
    def picture(self) -> bytes:
        """The image file it brought; empty where there is none."""
        urls = [part["image_url"]["url"] for part in self._parts if part["type"] == "image_url"]
        return base64.b64decode(urls[0].partition(",")[2]) if urls else b""

    @property
    def wants(self) -> Wants:
        """What the prompt asks for: a whole page, its layout, or one block."""
        if not self.prompt:
            return "nothing"
        if "layout" in self.prompt:
            return "layout"
        return "block" if "block image" in self.prompt else "page"

    @property
    def _parts(self) -> list[Any]:  # Any: JSON
        content = self.body.get("messages", [{}])[0].get("content", [])
        return content if isinstance(content, list) else []


Script = Callable[[Asked], Reply]


class ModelServer:
    """Answers by `script` on 127.0.0.1 at a free port, many requests at once."""

    def __init__(self, script: Script, *, key: str = "", model: str = MODEL) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.key = key
        self.model = model
        self.script = script
        self._open = 0
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL, ending in /v1."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def posts(self) -> list[Asked]:
        """What a model was asked for, in order, refused or not."""
        return [asked for asked in self.asked if asked.method == "POST"]

    @property
    def most_at_once(self) -> int:
        """The most requests that were open at one moment."""
        return max((asked.open_requests for asked in self.asked), default=0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def reply(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        """Notes a request and finds its answer."""
        with self._lock:
            self._open += 1
            body = json.loads(raw) if raw else {}
            asked = Asked(len(self.asked), method, path, headers, body, time.monotonic(), self._open)
            self.asked.append(asked)
        if path == "/health":
            return Reply()
        if self.key and headers.get("authorization") != f"Bearer {self.key}":
            return _json(401, {"error": {"message": "invalid api key"}})
        if path == "/v1/models":
            return _json(200, {"object": "list", "data": [{"id": self.model, "object": "model"}]})
        return self.script(asked)

    def connected(self) -> None:
        """Counts a connection, which may bring many requests."""
        with self._lock:
            self.connections += 1

    def done(self) -> None:
        """Notes that a request has its answer."""
        with self._lock:
            self._open -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                server.connected()

            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

            def _answer(self, raw: bytes) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    reply = server.reply(self.command, self.path, headers, raw)
                    time.sleep(reply.delay_s)
                    _send(self, reply)
                except ConnectionError:  # the client gave up, as some tests want it to
                    self.close_connection = True
                finally:
                    server.done()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
                """Says nothing: test output is for failures."""

        return Handler


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    length = len(reply.body) + (1 if reply.cut_after is not None else 0)  # a promise that is not kept
    for name, value in ({"content-length": str(length)} | dict(reply.headers)).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(reply.body[: reply.cut_after])
    handler.close_connection = handler.close_connection or reply.cut_after is not None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow answer must not hold up the end of a test
    request_queue_size = 512


def _json(status: int, value: object) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json"})
