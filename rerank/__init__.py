"""Ranking: which of a day's papers are worth a reader's time, and why.

    ranker = open_ranker(encoder)                # pipeline.ports.Ranker
    rankings = ranker.rank(requests, candidates)
    scorer = open_scorer(settings.rerank, closing)   # pipeline.ports.PairScorer, or None where none is set up
    quick = in_time(scorer, settings.rerank)         # the same for a search that does not wait

`hybrid` compares all readers' interests with a day, `evidence` says what a similarity is worth, `verdict` weighs
interests, tastes and negatives against each other, `reader` makes one reader's list, `quotes` finds its passages,
`reason` says why.
"""

from __future__ import annotations

from contextlib import ExitStack

from pipeline.config import RerankSettings
from pipeline.ports import Encoder, PairScorer, Ranker
from rerank.hybrid import HybridRanker
from rerank.in_time import InTime, Patience

__all__ = ["in_time", "open_ranker", "open_scorer"]

_REQUESTS_AT_ONCE = 8  # at an endpoint; a model of this process reads one list at a time


def open_ranker(encoder: Encoder) -> Ranker:
    """The ranker that compares passages with the vectors of this encoder; candidates must bring vectors of the same."""
    return HybridRanker(encoder)


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
