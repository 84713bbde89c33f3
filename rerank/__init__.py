"""Ranking: which of a day's papers are worth a reader's time, and why.

    ranker = open_ranker(encoder)                # pipeline.ports.Ranker
    rankings = ranker.rank(requests, candidates)

`hybrid` compares all readers' interests with a day, `evidence` says what a similarity is worth, `verdict` weighs
interests, tastes and negatives against each other, `reader` makes one reader's list, `quotes` finds its passages,
`reason` says why.
"""

from __future__ import annotations

from pipeline.ports import Encoder, Ranker
from rerank.hybrid import HybridRanker

__all__ = ["open_ranker"]


def open_ranker(encoder: Encoder) -> Ranker:
    """The ranker that compares passages with the vectors of this encoder; candidates must bring vectors of the same."""
    return HybridRanker(encoder)
