"""Any URL that speaks OpenAI's chat API: vLLM or llama-server at home, RunPod load balancing, Modal, a gateway."""

from __future__ import annotations

import itertools
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import httpx

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.transports.address import Address, read_address
from ocr.transports.completion import read_completion
from ocr.transports.gpu_meter import GpuMeter
from ocr.transports.statuses import error_of
from ocr.transports.wording import explain, hide, shorten
from pipeline.config import OcrSettings
from pipeline.errors import OcrError, OcrLostError, OcrRejectedError, OcrUnavailableError

logger = logging.getLogger(__name__)

_CONNECT_S = 10.0
_WRITE_S = 60.0  # a page is 0.4 to 1.7 MB
_CHECK_S = 20.0
_MOST_HOPS = 50  # a gateway that answers 303 every 150 s (Modal) needs four in ten minutes
_MOST_BYTES = 64 * 2**20  # with the probabilities of 12,000 tokens an answer has 2 MB
_SEE_OTHER = (301, 302, 303)  # after a POST all three are followed with GET, as browsers do (RFC 9110, 15.4)
_KEEP_METHOD = (307, 308)


def open_openai_http(settings: OcrSettings, clock: Callable[[], float] = time.monotonic) -> OpenAiHttp:
    """The transport to `ocr.surya_url`. Raises ConfigError for an address or a header that cannot be one."""
    return OpenAiHttp(read_address(settings), settings.surya_concurrency, clock)


class OpenAiHttp:
    """Implements `endpoints.chat.ChatTransport` by one POST a request, with as many connections as requests at once."""

    def __init__(self, address: Address, concurrency: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._meter = GpuMeter(clock)
        self._numbers = itertools.count()
        self._http = httpx.Client(
            limits=httpx.Limits(max_connections=concurrency + 1, max_keepalive_connections=concurrency),
            trust_env=not address.is_loopback,
        )

    def __repr__(self) -> str:
        return f"OpenAiHttp({self.endpoint!r})"

    @property
    def endpoint(self) -> str:
        """The base URL."""
        return str(self._address.base)

    def chat(self, request: ChatRequest) -> ChatAnswer:
        """One answer; `gpu_seconds` is this request's share of the time in which any was under way.

        Raises as ChatTransport, OcrError for what is no chat completion, and OcrLostError where the connection broke
        in the middle of an answer or no whole answer came within `timeout_s`.
        """
        job, began = str(next(self._numbers)), self._clock()
        self._meter.started(job)
        try:
            content = self._fetch("POST", "/chat/completions", request.timeout_s, request.body)
            answer = read_completion(_json(content))
        except BaseException:
            self._meter.wasted(job)
            raise
        return ChatAnswer(
            answer.text,
            answer.finish_reason,
            answer.prompt_tokens,
            answer.completion_tokens,
            self._meter.completed(job, self._clock() - began),
            answer.confidence,
        )

    def check(self) -> str:
        """Which model answers where. Raises as `chat`, and OcrRejectedError where it is another model."""
        models = _models(_json(self._fetch("GET", "/models", _CHECK_S)))
        if self._address.model not in models:
            raise OcrRejectedError(
                f"{self.endpoint} serves {', '.join(models) or 'no model'}, and setting 'ocr.surya_model' asks for "
                f"{self._address.model}"
            )
        return f"{self._address.model} at {self.endpoint}"

    def close(self) -> None:
        """Closes the connections; requests under way end as lost."""
        self._http.close()

    def _fetch(self, method: str, path: str, timeout_s: float, body: Mapping[str, Any] | None = None) -> bytes:
        """The body of a 200, redirects followed. Any: JSON."""
        request = self._http.build_request(
            method, f"{self._address.base}{path}", headers=self._address.headers, json=body and dict(body)
        )
        until = self._clock() + timeout_s
        for hops in range(_MOST_HOPS):
            found = self._send(request, until, is_result=hops > 0)
            if isinstance(found, bytes):
                return found
            request = self._address.without_secrets(found)
        raise OcrLostError(f"{self.endpoint} redirects more than {_MOST_HOPS} times")

    def _send(self, request: httpx.Request, until: float, *, is_result: bool) -> bytes | httpx.Request:
        left_s = max(until - self._clock(), 0.001)
        request.extensions["timeout"] = httpx.Timeout(left_s, connect=min(_CONNECT_S, left_s), write=_WRITE_S).as_dict()
        # Broken before a word was said, it is down or starting; broken in the middle of an answer, this one is lost.
        with self._translated(OcrUnavailableError):
            response = self._http.send(request, stream=True, follow_redirects=False)
        with closing(response), self._translated(OcrLostError):
            if (following := self._redirected(request, response)) is not None:
                return following
            content = self._read(response, until)
        if response.status_code != httpx.codes.OK:
            raise error_of(response, explain(content, self._address.secrets), is_result=is_result)
        return content

    def _read(self, response: httpx.Response, until: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > _MOST_BYTES:
                raise OcrError(f"{self.endpoint} answers with more than {_MOST_BYTES // 2**20} MB")
            if self._clock() > until:
                raise OcrLostError(f"{self.endpoint} did not answer in time")
        return bytes(content)

    def _redirected(self, request: httpx.Request, response: httpx.Response) -> httpx.Request | None:
        status, location = response.status_code, response.headers.get("location")
        if not location or status not in (*_SEE_OTHER, *_KEEP_METHOD):
            return None
        target = request.url.join(location)
        if status in _KEEP_METHOD:
            content = request.read()
            return self._http.build_request(request.method, target, headers=request.headers, content=content)
        headers = {name: value for name, value in request.headers.items() if not name.startswith("content-")}
        return self._http.build_request("GET", target, headers=headers)

    @contextmanager
    def _translated(self, broken: type[OcrError]) -> Iterator[None]:
        """Turns whatever httpx raises into an error of ours; a broken connection into `broken`."""
        try:
            yield
        except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise OcrUnavailableError(self._say("cannot be reached", error)) from error
        except httpx.TimeoutException as error:
            raise OcrLostError(f"{self.endpoint} did not answer in time") from error
        except httpx.DecodingError as error:
            raise OcrError(self._say("answered with a broken encoding", error)) from error
        except (httpx.TransportError, httpx.InvalidURL, httpx.StreamError, RuntimeError) as error:
            # InvalidURL: of a redirect. RuntimeError: the client was closed while the request was under way.
            words = "broke off" if broken is OcrLostError else "cannot be reached"
            raise broken(self._say(words, error)) from error

    def _say(self, what: str, error: Exception) -> str:
        words = hide(str(error), self._address.secrets) or type(error).__name__
        return f"{self.endpoint} {what}: {shorten(words)}"


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise OcrError("no chat completion, and no JSON either") from None


def _models(value: Any) -> list[str]:
    rows = value.get("data") if isinstance(value, dict) else None
    return [str(row["id"]) for row in rows or () if isinstance(row, dict) and "id" in row]
