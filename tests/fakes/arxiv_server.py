"""A loopback HTTP server that answers as a test tells it, and remembers who asked for what, and when."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.loopback_http import FakeServer, Reply, Request

__all__ = ["ArxivServer", "Asked", "Reply"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the path with its query, when it came, by whom, and how many were open at that moment."""

    path: str
    at: float
    user_agent: str
    open_requests: int


class ArxivServer(FakeServer):
    """Serves `answer(path)`; a list of replies is given in turn, its last one for ever."""

    def __init__(self, answer: Callable[[str], Reply] | list[Reply]) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self._script = answer

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.root

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    @property
    def gaps_s(self) -> list[float]:
        """Seconds between one request and the next."""
        moments = [asked.at for asked in self.asked]
        return [later - earlier for earlier, later in itertools.pairwise(moments)]

    def answer(self, request: Request) -> Reply:
        """Notes a request and finds its answer."""
        with self._lock:
            number = len(self.asked)
            asked = Asked(request.path, time.monotonic(), request.headers["user-agent"], request.open_requests)
            self.asked.append(asked)
        if isinstance(self._script, list):
            return self._script[min(number, len(self._script) - 1)]
        return self._script(request.path)
