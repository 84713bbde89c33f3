"""What a reader's likes and dislikes say about a paper, by the abstracts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64, Candidate

NEAREST = 3
# Three quarters of the papers that a curated list saved are nearer than this to its earlier saves (mean of the three
# nearest), four fifths of the day's others are farther away.
NEUTRAL = 0.42
LIFT = 12.0  # log-odds a unit of cosine, the same as an interest's
# Likes alone: a balanced logistic fit's slope for 2 to 5 likes, and its border (.42) moved to the prior that
# `rerank.evidence` assumes, one paper in five.
ALONE = 18.0
BORDER = 0.5
REPELLED = 0.55  # how near to a disliked paper a paper must be before it suffers; chosen, not fitted


@dataclass(frozen=True, slots=True)
class Taste:
    """One reader's taste in a day, float32 of shape (papers,) each, in log-odds.

    `alone` judges without any interest, `lift` (>= 0) adds to one, `penalty` (>= 0) is subtracted from either.
    `nearest` is the position of the most similar liked paper, `similarity` its cosine.
    """

    alone: F32
    lift: F32
    penalty: F32
    nearest: I64
    similarity: F32


def taste(
    liked: Sequence[Candidate], disliked: Sequence[Candidate], abstracts: F32, nearness: F32 | None = None
) -> Taste:
    """Compares a day's abstracts, of shape (papers, dimension), with what was liked and disliked.

    `nearness` are the cosines with the liked papers, of shape (liked, papers), where they are known already.

    For a young archive: where there are papers to compare with, `rerank.likings` learns more from the same likes.

    A paper's likeness is the mean cosine to the three nearest liked papers: several tastes of one reader stay apart,
    where a centroid would mix them (researchers' ratings, weighted Kendall loss .207 against .230). It only ever lifts:
    a paper does not suffer from being unlike what was liked.
    """
    to_liked = _cosines(liked, abstracts) if nearness is None else nearness
    if to_liked.shape[0]:
        likeness = np.sort(to_liked, axis=0)[-NEAREST:].mean(axis=0)
        nearest, similarity = to_liked.argmax(axis=0), to_liked.max(axis=0)
        alone, lift = ALONE * (likeness - BORDER), LIFT * np.maximum(likeness - NEUTRAL, 0)
    else:
        nearest, similarity = np.zeros(len(abstracts), np.int64), np.full(len(abstracts), -1, np.float32)
        alone, lift = np.full(len(abstracts), -np.inf, np.float32), np.zeros(len(abstracts), np.float32)
    return Taste(_f32(alone), _f32(lift), _penalty(_cosines(disliked, abstracts), similarity), nearest, similarity)


def _penalty(to_disliked: F32, to_liked: F32) -> F32:
    """Grows with the nearness to a disliked paper, unless a liked one is nearer."""
    if not to_disliked.shape[0]:
        return np.zeros_like(to_liked)
    nearness = to_disliked.max(axis=0)
    return _f32(np.where(nearness > to_liked, LIFT * np.maximum(nearness - REPELLED, 0), 0))


def _cosines(papers: Sequence[Candidate], abstracts: F32) -> F32:
    vectors = [paper.vectors[0] for paper in papers if len(paper.vectors)]
    stacked = np.stack(vectors) if vectors else np.zeros((0, abstracts.shape[1]), np.float32)
    return _f32(stacked @ abstracts.T)


def _f32(values: object) -> F32:
    return np.asarray(values, dtype=np.float32)
