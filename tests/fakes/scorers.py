"""Scorers without a model, and an endpoint's answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.ports import F32
from tests.fakes.model_server import Asked, Reply


class Seconds:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class ListedScorer:
    """Implements `pipeline.ports.PairScorer`: a passage's score is that of the first word of `scores` it holds.

    `error` is raised where one is given; `asked` records every call.
    """

    scores: dict[str, float] = field(default_factory=dict)
    error: Exception | None = None
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def score(self, query: str, passages: Sequence[str]) -> F32:
        self.asked.append((query, tuple(passages)))
        if self.error is not None:
            raise self.error
        found = [next((value for word, value in self.scores.items() if word in passage), 0.0) for passage in passages]
        return np.array(found, np.float32)


@dataclass
class HeldScorer:
    """Answers only when let go: `begun` tells that a call is under way, `go` lets it end."""

    answer: F32 = field(default_factory=lambda: np.array([1.0], np.float32))
    error: Exception | None = None
    begun: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    calls: int = 0

    def score(self, query: str, passages: Sequence[str]) -> F32:
        del query, passages
        self.calls += 1
        self.begun.set()
        assert self.go.wait(30), "nobody let it go"
        if self.error is not None:
            raise self.error
        return self.answer


def by_length(asked: Asked) -> Reply:
    """A server's script: longer documents are better; answers in the style it was asked in, best first."""
    documents = asked.body.get("documents", asked.body.get("texts", []))
    ranked = sorted(enumerate(documents), key=lambda one: -len(one[1]))
    if "texts" in asked.body:
        return answering([{"index": place, "score": len(text) / 100} for place, text in ranked])
    return answering({"results": [{"index": place, "relevance_score": len(text) / 100} for place, text in ranked]})


def answering(value: Any) -> Reply:  # Any: JSON
    """200 with this JSON; NaN is written as Python and many servers write it."""
    return Reply(json.dumps(value).encode(), headers={"content-type": "application/json"})


def saying(reply: Reply) -> Callable[[Asked], Reply]:
    """A server's script: always the same."""
    return lambda _: reply
