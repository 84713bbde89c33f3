"""Ranking: which of a day's papers are worth a reader's time, and why.

    ranker = open_ranker(encoder)                # pipeline.ports.Ranker
    rankings = ranker.rank(requests, candidates)
    scorer = open_scorer(settings.rerank, closing)   # pipeline.ports.PairScorer, or None where none is set up
    quick = in_time(scorer, settings.rerank)         # the same for a search that does not wait

A day's ranker is a chain. `hybrid` judges: `evidence` says what a similarity to an interest is worth, `likings` what
likes tell beside the archive's `background`, `fusion` puts the two together, `verdict` weighs them against negatives,
`calibration` hears the reader's answers; `reader` makes one reader's list, `quotes` finds its passages, `reason` and
`parts` say why. `second_look` reads the head again, `places` decides what a digest holds, `interleaving` lets two such
chains draft one digest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from pipeline.config import RerankSettings, Rival
from pipeline.ports import Encoder, PairMemory, PairScorer, Ranker
from rerank.adapter import Adapter
from rerank.forgetful import Forgetful
from rerank.hybrid import HybridRanker
from rerank.in_time import InTime, Patience
from rerank.interleaving import TeamDraftRanker
from rerank.likings import FEATURES, NEAREST
from rerank.places import PlacingRanker
from rerank.second_look import Look, SecondLookRanker

__all__ = ["SecondStage", "in_time", "open_ablated", "open_draft", "open_ranker", "open_scorer"]

_REQUESTS_AT_ONCE = 8  # at an endpoint; a model of this process reads one list at a time


@dataclass(frozen=True, slots=True)
class SecondStage:
    """Who reads the head of a day again, what is remembered of it, and how much it counts."""

    scorer: PairScorer
    memory: PairMemory
    look: Look


def open_ranker(encoder: Encoder, adapter: Adapter | None = None, second: SecondStage | None = None) -> Ranker:
    """The ranker that compares passages with the vectors of this encoder; candidates must bring vectors of the same.

    Likes are compared through the adapter where one serves, and the head is read again where there is a second stage.
    """
    first: Ranker = HybridRanker(encoder, adapter.apply if adapter else np.asarray)
    if second:
        first = SecondLookRanker(first, second.scorer, second.memory, second.look)
    return PlacingRanker(first)


def open_ablated(encoder: Encoder) -> dict[str, Ranker]:
    """The rankers that lack one part each, by that part's name."""
    rankers: dict[str, Ranker] = {name: HybridRanker(encoder, without=[name]) for name in (*FEATURES, NEAREST)}
    return rankers | {"the archive": HybridRanker(encoder, learns=False)}


def open_draft(ranker: Ranker, rival: Rival, encoder: Encoder) -> Ranker:
    """A team draft of a ranker with one that does without something, to see whose papers a reader likes better.

    The rival `words` knows no likes at all, `simple` likes by the three nearest alone, as on the first days of an
    archive; `first` is the ranker without its second look and without an adapter.
    """
    others: dict[Rival, Callable[[], Ranker]] = {
        "words": lambda: Forgetful(HybridRanker(encoder)),
        "simple": lambda: HybridRanker(encoder, learns=False),
        "first": lambda: HybridRanker(encoder),
    }
    return TeamDraftRanker(("full", ranker), (rival, PlacingRanker(others[rival]())))


def open_scorer(settings: RerankSettings, closing: ExitStack) -> PairScorer | None:
    """The reranker that is set up: the endpoint where there is an address, else the model, else None.

    Raises ConfigError for settings that cannot be, and for a model that cannot be loaded; no endpoint is asked.
    """
    if settings.url:
        from rerank.endpoint import open_endpoint

        endpoint = open_endpoint(settings)
        closing.callback(endpoint.close)
        return endpoint
    if settings.model:
        from rerank.cross_encoder import open_cross_encoder

        model = open_cross_encoder(settings.model)
        closing.callback(model.close)
        return model
    return None


def in_time(scorer: PairScorer, settings: RerankSettings) -> PairScorer:
    """The same scorer, which gives up after `rerank.budget_ms` and while it is known to be down."""
    at_once = _REQUESTS_AT_ONCE if settings.url else 1
    return InTime(scorer, Patience(settings.budget_ms / 1000, at_once))
