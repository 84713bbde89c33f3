"""The first stage as training sees it: what a reader's likes and words say by vectors alone, plain or adapted.

z(logistic regression) + .5 z(mean of the five nearest likes), and z(interest) where there is one in words: on the daily
lists the best that vectors alone gave (docs/log.md). tf-idf, authors and categories are left out: an adapter does not
change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import F32
from rerank.adapter import Adapter
from rerank.train_measure import ndcg
from rerank.train_set import Occasion, Texts

_NEAREST = 5
_FEW = 5
_STRENGTH = 3.0  # C of the logistic regression, as measured best on the daily lists
_LEAST = 1e-9
Scores = NDArray[np.float64]


class FirstStage:
    """Scores the papers of an occasion, through an adapter where there is one."""

    def __init__(self, texts: Texts, background: Sequence[str], adapter: Adapter | None = None) -> None:
        self._texts = texts
        self._adapter = adapter
        self._background = self._adapted(texts.stacked(background))

    def scores(self, occasion: Occasion) -> Scores:
        """One score for each of `occasion.papers`; they compare within the occasion."""
        papers = self._adapted(self._texts.stacked(occasion.papers))
        known = self._adapted(self._texts.stacked([one for one in occasion.known if one in self._texts.vectors]))
        total = np.zeros(len(papers))
        if len(known):
            nearest = np.sort(known @ papers.T, axis=0)[-_NEAREST:].mean(axis=0)
            total += 0.5 * standard(nearest) + standard(self._regression(known, papers))
        if occasion.topic in self._texts.topics:
            # An interest is compared with the vectors as they are: nothing was learnt about words alone.
            plain = self._texts.stacked(occasion.papers)
            total += standard(plain @ self._texts.topics[occasion.topic])
        return total

    def measure(self, occasions: Sequence[Occasion]) -> list[float]:
        """nDCG@10 of each, the mean of two readers: as it was, and one who has told no more than the five newest likes.

        Maps that help readers of a hundred likes can harm those of five (whitening: .477 to .570 and .463 to .419 by
        centroid on the daily lists), and both are served by the same map.
        """
        return [(self._ndcg(one) + self._ndcg(replace(one, known=one.known[-_FEW:]))) / 2 for one in occasions]

    def _ndcg(self, occasion: Occasion) -> float:
        return ndcg(best_first(occasion, self.scores(occasion)), occasion.taken)

    def _adapted(self, vectors: F32) -> F32:
        return self._adapter.apply(vectors) if self._adapter and len(vectors) else vectors

    def _regression(self, known: F32, papers: F32) -> Scores:
        from sklearn.linear_model import LogisticRegression

        if not len(self._background):
            return np.asarray((known @ papers.T).mean(axis=0), np.float64)
        rows = np.vstack([known, self._background])
        labels = np.repeat([1, 0], [len(known), len(self._background)])
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=300).fit(rows, labels)
        return np.asarray(model.decision_function(papers), np.float64)


def standard(values: Sequence[float] | F32 | Scores) -> Scores:
    """The values with mean 0 and spread 1; all 0 where they are equal."""
    array = np.asarray(values, np.float64)
    spread = array.std()
    return (array - array.mean()) / spread if spread > _LEAST else np.zeros(len(array))


def best_first(occasion: Occasion, scores: Scores) -> list[str]:
    """The occasion's papers by score, equal ones by id."""
    return [occasion.papers[at] for at in np.argsort(-scores.round(9), kind="stable").tolist()]
