"""Making one ranking of two kinds of scores that do not compare, on a scale that every query shares.

By meaning a passage has the share of the way its inner product goes from what a passage taken at random has to 1. By
words it has its BM25, in units of what the rarest word possible could weigh. So a claim of ten rare words leans on its
words and a topic of three common ones on its meaning, a condition or a larger archive changes no score but those words'
rarity, and it does not matter how many candidates there are. Linear in both, as Bruch, Gai and Ingber (ACM TOIS 42,
2023) recommend over ranks; they scale each query's scores by their extremes.

nDCG@10 on SciFact's 809 training queries and on 85 reading lists, with the standard error of the differences:
scaled by extremes .738 and .474; so .742 (+.0046, .0021) and .493 (+.019, .008); with feedback .742 and .500 (+.007,
.003), before rewordings. `autoreader eval search` measures the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64

_LEAST_ROOM = 0.05  # between a passage taken at random and the nearest possible: for models that put all texts close


@dataclass(frozen=True, slots=True)
class Blend:
    """How scores are added. `words`: the weight of BM25; .15 to .25 are within a standard error of each other.

    `feedback`: how far the query is moved towards its first passages (Rocchio 1971), in its own length; 0 is not at
    all, .4 costs SciFact .003. `first_passages` are so many. `rewords`: abbreviations and other spellings count too.
    `all_words`: what a passage with every word of the query gains, as a share of the weights of these words: nothing on
    SciFact (+.0004, .0004) and the reading lists (-.003, .002), for queries of words somebody remembers.
    """

    words: float = 0.2
    feedback: float = 0.2
    first_passages: int = 3
    rewords: bool = True
    all_words: float = 0.5


SHIPPED = Blend()


@dataclass(frozen=True, slots=True)
class Fused:
    """Rows by falling score. `by_meaning` and `by_words` are the two shares that add up to each score, 0 to 1."""

    rows: I64
    scores: F32
    by_meaning: F32
    by_words: F32


def min_max(scores: F32) -> F32:
    """Scores scaled to 0...1; where they do not differ, all 1 if they are positive, else all 0."""
    if len(scores) == 0:
        return scores
    low, high = scores.min(), scores.max()
    if low == high:
        return np.full_like(scores, 1.0 if high > 0 else 0.0)
    scaled: F32 = (scores - low) / (high - low)
    return scaled


def nearness(products: F32, by_chance: float) -> F32:
    """Inner products with unit vectors as shares of the way from what chance gives (0) to the nearest possible (1)."""
    shares: F32 = (products - by_chance) / max(1 - by_chance, _LEAST_ROOM)
    return shares


def wordiness(bm25: F32, documents: int) -> F32:
    """BM25 in units of the weight of a word that one of so many documents has."""
    weights: F32 = (bm25 / np.log(documents + 2)).astype(np.float32)
    return weights


def moved(vector: F32, first: F32, scores: F32, distance: float) -> F32:
    """A query's vector moved towards the first passages' (one a row), each as far as its score weighs."""
    weights = np.maximum(scores, 0)
    total = weights.sum()
    if total == 0:
        return vector
    towards: F32 = (vector + distance * (weights / total) @ first).astype(np.float32)
    return towards


def fuse(rows: I64, meaning: F32, words: F32) -> Fused:
    """Adds two shares and ranks by the sum; where the best exceeds 1, all are divided by it.

    Rows of equal score keep the order in which they were given, so that a result is repeatable. What is farther than
    chance counts as 0 once it is ranked.
    """
    scores = (meaning + words).astype(np.float32)
    order = np.argsort(-scores, kind="stable")
    shown = np.maximum(np.stack([scores, meaning, words]).astype(np.float32), 0)[:, order]
    shown /= max(1.0, shown[0].max(initial=0.0))
    return Fused(rows[order], shown[0], shown[1], shown[2])
