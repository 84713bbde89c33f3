"""How good one ranking is: papers in the order found, beside those that are relevant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev


def ndcg(found: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Jaervelin and Kekaelaeinen 2002)."""
    gain = sum(1 / math.log2(place + 2) for place, paper in enumerate(found[:depth]) if paper in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(relevant), depth)))


def recall(found: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """The share of the relevant papers among the first `depth`."""
    return len(relevant.intersection(found[:depth])) / len(relevant)


def reciprocal_rank(found: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """One over the place of the first relevant paper; 0 where none is among the first `depth`."""
    return next((1 / place for place, paper in enumerate(found[:depth], start=1) if paper in relevant), 0.0)


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and its standard error (0 for a single value)."""
    return fmean(values), stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
