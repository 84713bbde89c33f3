"""Any URL that reranks as Cohere, Jina, vLLM or text-embeddings-inference (TEI) do.

POST {model, query, documents, top_n} -> {"results": [{"index": 0, "relevance_score": 0.9}, ...]}   (cohere)
POST {query, texts, truncate} -> [{"index": 0, "score": 0.9}, ...]                                  (tei)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import httpx
import numpy as np

from pipeline.config import RerankSettings
from pipeline.errors import RerankAuthError, RerankError, RerankUnavailableError
from pipeline.ports import F32
from rerank.address import Address, read_address
from rerank.answers import read_scores

_MOST_CHARS = 4000  # of one passage: twice what a model of 512 tokens reads; none of ours is longer than a page
_MOST_BYTES = 4 * 2**20  # 200 results with their documents have a quarter of it
_CONNECT_S = 2.0
_LONGEST_QUOTE = 200
_SETTINGS = frozenset({401, 402, 403, 404, 405, 407, 410})
_BUSY = frozenset({408, 409, 423, 425, 429})
_SERVER = 500


def open_endpoint(settings: RerankSettings, clock: Callable[[], float] = time.monotonic) -> RerankEndpoint:
    """The scorer at `rerank.url`. Raises ConfigError for an address or a header that cannot be one."""
    return RerankEndpoint(settings, read_address(settings), clock)


class RerankEndpoint:
    """Implements `pipeline.ports.PairScorer` by one POST a call; many threads may call at once.

    Raises RerankAuthError where only other settings help, RerankUnavailableError where it is down, busy or slower than
    `rerank.timeout_s`, RerankError for an answer that is none.
    """

    def __init__(self, settings: RerankSettings, address: Address, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._address = address
        self._clock = clock
        # A proxy set for the world must not be asked for this machine's own addresses.
        self._http = httpx.Client(trust_env=not address.is_loopback)

    def __repr__(self) -> str:
        return f"{self._settings.model or 'the model'} at {self._address.url}"

    def score(self, query: str, passages: Sequence[str]) -> F32:
        """One score a passage; those that the answer leaves out count as its last."""
        if not passages:
            return np.empty(0, np.float32)
        body = self._asking(query, [passage[:_MOST_CHARS] for passage in passages])
        return read_scores(_json(self._post(body)), len(passages))

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _asking(self, query: str, passages: list[str]) -> dict[str, Any]:  # Any: JSON
        if self._settings.style == "tei":
            return {"query": query, "texts": passages, "truncate": True}
        named = {"model": self._settings.model} if self._settings.model else {}
        return named | {"query": query, "documents": passages, "top_n": len(passages)}

    def _post(self, body: dict[str, Any]) -> bytes:  # Any: JSON
        until = self._clock() + self._settings.timeout_s
        timeout = httpx.Timeout(self._settings.timeout_s, connect=min(_CONNECT_S, self._settings.timeout_s))
        request = self._http.build_request(
            "POST", self._address.url, json=body, headers=self._address.headers, timeout=timeout
        )
        with self._translated():
            response = self._http.send(request, stream=True)
            with closing(response):
                content = self._read(response, until)
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response, content)
        return content

    def _read(self, response: httpx.Response, until: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > _MOST_BYTES:
                raise RerankError(f"{self._address.url} answers with more than {_MOST_BYTES // 2**20} MB")
            if self._clock() > until:
                raise RerankUnavailableError(f"{self._address.url} did not answer in {self._settings.timeout_s:g} s")
        return bytes(content)

    def _refusal(self, response: httpx.Response, content: bytes) -> RerankError:
        said = " ".join(self._address.hide(content.decode(errors="replace")).split())[:_LONGEST_QUOTE]
        status = response.status_code
        what = f"{self._address.url} answered {status}" + (f": {said}" if said else "")
        if status in _SETTINGS:
            return RerankAuthError(f"{what}; look at 'rerank.url', 'rerank.key' and 'rerank.headers'")
        if status in _BUSY or status >= _SERVER:
            return RerankUnavailableError(what)
        return RerankError(f"{what}; look at 'rerank.model' and 'rerank.style'")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns whatever httpx raises into an error of ours."""
        try:
            yield
        except httpx.TimeoutException as error:
            raise RerankUnavailableError(
                f"{self._address.url} did not answer in {self._settings.timeout_s:g} s"
            ) from error
        except httpx.DecodingError as error:
            raise RerankError(f"{self._address.url} answered with a broken encoding") from error
        except (httpx.TransportError, httpx.StreamError, RuntimeError) as error:
            # RuntimeError: the client was closed while the request was under way.
            words = self._address.hide(str(error)) or type(error).__name__
            raise RerankUnavailableError(f"{self._address.url} cannot be reached: {words}") from error


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise RerankError("the reranker's answer is no JSON") from None
