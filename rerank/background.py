"""What papers are usually like: the measure of what a reader's likes have in particular."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.ports import F32, Candidate
from rerank.terms import TermWeights, count_terms

Adapt = Callable[[F32], F32]

FEWEST = 60  # papers; of fewer no covariance is worth its name
_READ = 1500  # papers whose words are compared; the others count for the weights of words only
_RULER = 500  # of these, to measure on; the rest say how near a paper is to any by chance


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one field: their weights, and the rows of the papers read, chance and ruler below each other."""

    weights: TermWeights
    rows: Any  # scipy.sparse.csr_matrix: scipy ships no types

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Terms:
        """Counts a field of all papers, and keeps the rows of the first ones."""
        counts = count_terms(texts)
        weights = TermWeights.learn(counts)
        return cls(weights, weights.apply(counts[:_READ]))

    def weigh(self, texts: Sequence[str]) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
        """The weighted terms of other texts."""
        return self.weights.apply(count_terms(texts))


@dataclass(frozen=True, slots=True)
class Background:
    """A random sample of papers, float32 where nothing else is said.

    `mean` is of shape (dimension,); `spread` holds the variances of the abstracts' vectors along `axes`, of shape
    (dimension,) and (dimension, dimension). `ruler` are the vectors of shape (papers, dimension) on which features are
    measured, `plain_ruler` the same before they were adapted; the terms' rows are those of `chance` papers followed by
    those of the ruler. `authors` counts the papers of each author's name in lower case.
    """

    mean: F32
    spread: F32
    axes: F32
    ruler: F32
    plain_ruler: F32
    texts: Terms
    titles: Terms
    chance: int
    authors: Counter[str]
    adapt: Adapt


def learn_background(sample: Sequence[Candidate], adapt: Adapt = np.asarray) -> Background | None:
    """What these papers are like; None where they are too few to say.

    `adapt` is what vectors of shape (n, dimension) go through before they are compared (`rerank.adapter`).
    """
    known = [paper for paper in sample if len(paper.vectors)]
    if len(known) < FEWEST:
        return None
    plain = np.stack([paper.vectors[0] for paper in known]).astype(np.float32)
    vectors = adapt(plain)
    spread, axes = np.linalg.eigh(np.cov(vectors.T.astype(np.float64)))
    read = min(len(known), _READ)
    chance = read - min(_RULER, read // 2)
    return Background(
        mean=vectors.mean(axis=0),
        spread=np.maximum(spread, 0).astype(np.float32),
        axes=axes.astype(np.float32),
        ruler=vectors[chance:read],
        plain_ruler=plain[chance:read],
        texts=Terms.learn([text_of(paper) for paper in known]),
        titles=Terms.learn([paper.paper.title for paper in known]),
        chance=chance,
        authors=Counter(name for paper in known for name in set(names_of(paper))),
        adapt=adapt,
    )


def text_of(paper: Candidate) -> str:
    """What is compared of a paper: its own words for itself, which is all that is at hand of most liked ones."""
    return f"{paper.paper.title}. {paper.paper.abstract}"


def names_of(paper: Candidate) -> tuple[str, ...]:
    """Its authors as they are printed, in lower case."""
    return tuple(" ".join(name.lower().split()) for name in paper.paper.authors)
