"""Whether a new model ranks better than what serves, on days that neither has learnt from."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

TOP = 10
MARGIN = 0.005  # nDCG@10: less is not worth another model, even if it were certain
FEWEST = 20  # occasions; with fewer the interval says nothing
_DRAWS = 4000
_TAIL = 5  # per cent: the lower end of a one-sided interval of 95 %


def ndcg(ranking: Sequence[str], taken: Collection[str]) -> float:
    """nDCG@10 of a day where what was taken gains 1 and the rest nothing (Järvelin and Kekäläinen 2002)."""
    gain = math.fsum(1 / math.log2(place + 2) for place, one in enumerate(ranking[:TOP]) if one in taken)
    ideal = math.fsum(1 / math.log2(place + 2) for place in range(min(TOP, len(taken))))
    return gain / ideal if ideal else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mean nDCG@10 of both, and the range of the mean difference (5th and 95th per cent of the draws)."""

    challenger: float
    champion: float
    low: float
    high: float
    occasions: int

    @property
    def is_won(self) -> bool:
        """Whether the challenger is better by the margin, and certainly better at all."""
        return self.occasions >= FEWEST and self.challenger - self.champion >= MARGIN and self.low > 0

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        figures = (
            f"nDCG@10 {self.challenger:.3f} against {self.champion:.3f} on {self.occasions} held-out days "
            f"(difference {self.challenger - self.champion:+.3f}, 90 % of draws {self.low:+.3f} to {self.high:+.3f})"
        )
        if self.is_won:
            return f"better: {figures}"
        if self.occasions < FEWEST:
            return f"not decided, at least {FEWEST} held-out days are needed: {figures}"
        return f"not better by {MARGIN} for certain: {figures}"


def compare(challenger: Sequence[float], champion: Sequence[float], seed: int) -> Comparison:
    """A paired bootstrap over occasions (Efron 1979): both are drawn together, so a hard day is hard for both."""
    new, old = np.asarray(challenger, np.float64), np.asarray(champion, np.float64)
    if not len(new):
        return Comparison(0.0, 0.0, 0.0, 0.0, 0)
    drawn = np.random.default_rng(seed).integers(0, len(new), (_DRAWS, len(new)))
    means = (new - old)[drawn].mean(axis=1)
    low, high = np.percentile(means, [_TAIL, 100 - _TAIL])
    return Comparison(float(new.mean()), float(old.mean()), float(low), float(high), len(new))
