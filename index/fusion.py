"""Making one ranking of two lists whose scores do not compare: min-max scaling, then a weighted sum.

On SciFact min-max half and half beats reciprocal ranks (.730 against .718 nDCG@10) and each list alone, and tuning the
weight gains nothing: docs/log.md has the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64


@dataclass(frozen=True, slots=True)
class Fused:
    """Rows by falling score. `by_meaning` and `by_words` are the two shares that add up to each score, 0 to 1."""

    rows: I64
    scores: F32
    by_meaning: F32
    by_words: F32


def min_max(scores: F32) -> F32:
    """Scores scaled to 0...1 over their list; all 1 where they do not differ."""
    if len(scores) == 0:
        return scores
    low, high = scores.min(), scores.max()
    return np.ones_like(scores) if low == high else (scores - low) / (high - low)


def fuse(dense: tuple[I64, F32], lexical: tuple[I64, F32], weight: float = 0.5) -> Fused:
    """Fuses (rows, scores) of both lists; a row missing from a list counts as that list's last.

    `weight` is the dense list's. Rows of equal score stand in ascending order, so that a result is repeatable.
    """
    rows = np.union1d(dense[0], lexical[0]).astype(np.int64)
    by_meaning, by_words = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    by_meaning[np.searchsorted(rows, dense[0])] = weight * min_max(dense[1])
    by_words[np.searchsorted(rows, lexical[0])] = (1 - weight) * min_max(lexical[1])
    scores = by_meaning + by_words
    order = np.argsort(-scores, kind="stable")
    return Fused(rows[order], scores[order], by_meaning[order], by_words[order])
