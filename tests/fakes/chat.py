"""A model without a server: answers by a script, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from tests.fakes.model_answers import GOOD_PAGE

Heard = Callable[[ChatRequest], ChatAnswer]


def said(text: str = GOOD_PAGE, finish_reason: str = "stop", gpu_seconds: float = 2.0) -> ChatAnswer:
    """An answer of 1500 and 80 tokens."""
    return ChatAnswer(text, finish_reason, 1500, 80, gpu_seconds)


class ScriptedChat:
    """A `ChatTransport`. Errors in the script are raised; its last entry is repeated for ever."""

    def __init__(self, *script: ChatAnswer | Exception | Heard, takes_s: float = 0.0) -> None:
        self.asked: list[ChatRequest] = []
        self.most_at_once = 0
        self._script = script or (said(),)
        self._takes_s = takes_s
        self._open = 0
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """A name for messages."""
        return "a script"

    def chat(self, request: ChatRequest) -> ChatAnswer:
        """The next entry of the script."""
        with self._lock:
            entry = self._script[min(len(self.asked), len(self._script) - 1)]
            self.asked.append(request)
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            time.sleep(self._takes_s)
            if isinstance(entry, Exception):
                raise entry
            return entry if isinstance(entry, ChatAnswer) else entry(request)
        finally:
            with self._lock:
                self._open -= 1

    def check(self) -> str:
        """Always well."""
        return self.endpoint

    def close(self) -> None:
        """Nothing to give back."""
