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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.loopback_http import FakeServer, Reply, Request

__all__ = ["MODEL", "Asked", "ModelServer", "Reply", "Script"]

MODEL = "datalab-to/surya-ocr-2"
Wants = Literal["page", "layout", "block", "nothing"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `body` is the JSON it brought, `number` counts from 0, `open_requests` includes itself."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Mapping[str, Any]  # Any: JSON
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


class ModelServer(FakeServer):
    """Answers by `script`, many requests at once."""

    def __init__(self, script: Script, *, key: str = "", model: str = MODEL) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.key = key
        self.model = model
        self.script = script

    @property
    def url(self) -> str:
        """The base URL, ending in /v1."""
        return f"{self.root}/v1"

    @property
    def posts(self) -> list[Asked]:
        """What a model was asked for, in order, refused or not."""
        return [asked for asked in self.asked if asked.method == "POST"]

    @property
    def most_at_once(self) -> int:
        """The most requests that were open at one moment."""
        return max((asked.open_requests for asked in self.asked), default=0)

    def answer(self, request: Request) -> Reply:
        """Notes a request and finds its answer."""
        with self._lock:
            body = json.loads(request.body) if request.body else {}
            asked = Asked(len(self.asked), request.method, request.path, request.headers, body, request.open_requests)
            self.asked.append(asked)
        if request.path == "/health":
            return Reply()
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return _json(401, {"error": {"message": "invalid api key"}})
        if request.path == "/v1/models":
            return _json(200, {"object": "list", "data": [{"id": self.model, "object": "model"}]})
        return self.script(asked)


def _json(status: int, value: object) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"content-type": "application/json"})
