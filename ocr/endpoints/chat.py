"""What a model server is asked and answers, whatever carries it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


def _nobody(remote_id: str) -> None:
    del remote_id


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A body for `/v1/chat/completions`.

    `remote_id` names a job submitted earlier that may have the answer; `on_submitted` hears the id of a new one
    before it is polled.
    """

    body: Mapping[str, Any]  # Any: JSON
    timeout_s: float
    remote_id: str = ""
    on_submitted: Callable[[str], None] = field(default=_nobody)


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """The first choice's text. `gpu_seconds` is what the endpoint bills, or this request's share of its time.

    `confidence` is the mean probability of the tokens where the endpoint tells them, else None.
    """

    text: str
    finish_reason: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    gpu_seconds: float = 0.0
    confidence: float | None = None


class ChatTransport(Protocol):
    """Carries requests to an endpoint. Safe to call from many threads."""

    @property
    def endpoint(self) -> str:
        """What to call it in messages; never holds a secret."""
        ...

    def chat(self, request: ChatRequest) -> ChatAnswer:
        """One answer, after one try: whoever calls decides about another.

        Raises OcrAuthError (401, 403), OcrUnavailableError (cannot connect, 408, 425, 429, 5xx; `retry_after_s` where
        the endpoint names it), OcrRejectedError (400, 413, 422), OcrLostError (the job vanished or failed
        without a word).
        """
        ...

    def check(self) -> str:
        """One line for `doctor`: what answers there. Raises as `chat`."""
        ...

    def close(self) -> None:
        """Gives the connections back."""
        ...
