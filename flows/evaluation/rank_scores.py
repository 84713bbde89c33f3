"""How good the order of some papers is, and how sure one can be of a mean over readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flows.evaluation.rank_sets import Judged
from flows.evaluation.search_scores import ndcg, recall

F64 = NDArray[np.float64]

LOSS = "Kendall loss"
POOLED_LOSS = "Kendall loss, all pairs"  # as it is published: whoever rated more, or more apart, weighs more
PAIRS = "weight of pairs"  # no figure of quality, but what pools the losses
LESS_IS_BETTER = frozenset({LOSS, POOLED_LOSS})
_RESAMPLED = 2000  # times: the bounds move by less than .002 from seed to seed
_BOUNDS = (2.5, 97.5)  # percentiles: 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `n` readers with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


def measures(judged: Judged, scores: Sequence[float]) -> dict[str, float]:
    """All figures of one ranking, by metric: `scores` are of `judged.candidates`, higher is better.

    Equal scores stand in the order of ids. Nothing where the labels tell no two papers apart.
    """
    if judged.is_rated:
        loss = kendall_loss(judged.grades, dict(zip(judged.candidates, scores, strict=True)))
        return {} if loss is None else {LOSS: loss, PAIRS: _all_pairs(judged.grades)}
    relevant = frozenset(one for one, grade in judged.grades.items() if grade > 0)
    if not relevant or len(relevant) == len(judged.candidates):
        return {}
    places = sorted(range(len(scores)), key=lambda at: (-scores[at], judged.candidates[at]))
    found = [judged.candidates[at] for at in places]
    worse = {"R@20, worse topic": min(recall(found, some, 20) for some in judged.topics)} if judged.topics else {}
    return {
        "nDCG@10": ndcg(found, relevant, 10),
        "R@10": recall(found, relevant, 10),
        "R@20": recall(found, relevant, 20),
        "AUC": auc(np.asarray([one in relevant for one in judged.candidates]), np.asarray(scores)),
        **worse,
    }


def auc(is_relevant: NDArray[np.bool_], scores: F64) -> float:
    """How often a relevant paper stands above another one; equal scores count half."""
    ordered = np.sort(scores[~is_relevant])
    below = np.searchsorted(ordered, scores[is_relevant], "left")
    not_above = np.searchsorted(ordered, scores[is_relevant], "right")
    return float((below + not_above).mean() / 2 / len(ordered))


def kendall_loss(ratings: Mapping[str, float], scores: Mapping[str, float]) -> float | None:
    """The weight of pairs in the wrong order over that of all pairs, a pair weighing the difference of its ratings.

    A pair of equal scores counts half. None where all ratings are equal. After Stelmakh, Wieting, Neubig and Shah,
    "A gold standard dataset for the reviewer assignment problem" (arXiv 2303.16750).
    """
    rated = list(ratings)
    rating = np.asarray([ratings[one] for one in rated], np.float64)
    score = np.asarray([scores[one] for one in rated], np.float64)
    wanted, given = rating[:, None] - rating, score[:, None] - score
    weights = np.abs(wanted)
    if not weights.any():
        return None
    wrong = np.where(given == 0, 0.5, (np.sign(given) != np.sign(wanted)).astype(np.float64))
    return float((weights * wrong).sum() / weights.sum())


def interval(values: Sequence[float], weights: Sequence[float] = (), seed: int = 0) -> Interval:
    """The mean of one value a reader, weighted where there are weights.

    The bounds are percentiles of the means of readers drawn with replacement.
    """
    listed = np.asarray(values, np.float64)
    shares = np.asarray(weights, np.float64) if weights else np.ones(len(listed))
    draws = np.random.default_rng(seed).integers(0, len(listed), (_RESAMPLED, len(listed)))
    means = (listed * shares)[draws].sum(axis=1) / shares[draws].sum(axis=1)
    low, high = np.percentile(means, _BOUNDS)
    return Interval(float(np.average(listed, weights=shares)), float(low), float(high), len(listed))


def _all_pairs(ratings: Mapping[str, float]) -> float:
    rating = np.asarray(list(ratings.values()), np.float64)
    return float(np.abs(rating[:, None] - rating).sum() / 2)
