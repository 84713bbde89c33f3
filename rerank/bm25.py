"""BM25 over a day's passages: how many of an interest's informative words a passage holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.ports import F32, I64
from rerank.words import WordCounts, stems

K1 = 1.2
B = 0.75


class Bm25:
    """Scores passages for queries by BM25 (Robertson and Zaragoza, doi:10.1561/1500000019; k1 1.2, b 0.75).

    A score is divided by the sum of the query's word weights, known to the day or not, so it is evidence on an
    absolute scale: near 1 where a passage of average length holds every word once, 0 where it holds none, at most
    k1 + 1. Weights are ln(1 + (n - df + .5) / (df + .5)) over the passages.
    """

    def __init__(self, counts: WordCounts) -> None:
        self._columns = counts.columns
        passages = counts.matrix.shape[0]
        frequency = np.bincount(counts.matrix.indices, minlength=len(counts.columns)).astype(np.float64)
        self._idf = np.log1p((passages - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._unknown_idf = float(np.log1p((passages + 0.5) / 0.5))
        self._by_passage = _saturate(counts.matrix)
        self._by_stem = self._by_passage.T.tocsr()

    def weight(self, stem: str) -> float:
        """How informative a stem is today; the highest for one that nobody used."""
        column = self._columns.get(stem)
        return self._unknown_idf if column is None else float(self._idf[column])

    def scores(self, queries: Sequence[str], passages: I64 | None = None) -> F32:
        """Each passage's score for each query, of shape (queries, passages); for some passages in the order given."""
        weights = self._by_stem if passages is None else self._by_passage[passages].T
        return np.asarray((self._weigh(queries) @ weights).toarray(), dtype=np.float32)

    def add_to(self, totals: F32, queries: Sequence[str], factor: float) -> None:
        """Adds `factor` times each passage's score to `totals`, of shape (queries, passages), in place.

        Few passages hold a query's words: touching only those takes a fiftieth of adding all scores.
        """
        ends, held, values = self._by_stem.indptr, self._by_stem.indices, self._by_stem.data
        weights = self._weigh(queries)
        for row in range(len(queries)):
            total = totals[row]
            for at in range(weights.indptr[row], weights.indptr[row + 1]):
                stem = weights.indices[at]
                some = slice(ends[stem], ends[stem + 1])
                total[held[some]] += factor * weights.data[at] * values[some]

    def _weigh(self, queries: Sequence[str]) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
        from scipy.sparse import csr_matrix

        rows, columns, values = [], [], []
        for row, query in enumerate(queries):
            wanted = sorted(stems(query))
            total = sum(self.weight(stem) for stem in wanted)
            known = [self._columns[stem] for stem in wanted if stem in self._columns]
            rows += [row] * len(known)
            columns += known
            values += [float(self._idf[column]) / total for column in known]
        shape = (len(queries), len(self._columns))
        return csr_matrix((np.asarray(values, dtype=np.float32), (rows, columns)), shape=shape)


def _saturate(counts: Any) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
    """Counts become tf (k1 + 1) / (tf + k1 (1 - b + b length / average length))."""
    weights = counts.copy()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    average = float(lengths.mean()) if lengths.size and lengths.any() else 1.0
    damping = K1 * (1 - B + B * lengths / average)
    weights.data = weights.data * (K1 + 1) / (weights.data + np.repeat(damping, np.diff(weights.indptr)))
    return weights.astype(np.float32)
