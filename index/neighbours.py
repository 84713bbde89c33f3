"""The vectors of a generation: what was indexed at once, what was appended since, without what is gone."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from index.approximate import ApproximateIndex
from index.columns import Mask
from index.dense import DenseIndex
from pipeline.ports import F32, I64

_AT_RANDOM = 256


class Neighbours:
    """Vectors by row number: the `main` index holds the first rows, `tail` (exact) those after them.

    Safe to ask from many threads at once.
    """

    def __init__(
        self, main: DenseIndex | ApproximateIndex, tail: DenseIndex | None = None, alive: Mask | None = None
    ) -> None:
        self._main = main
        self._tail = tail
        self._alive = alive
        self._main_rows = len(main)

    def __len__(self) -> int:
        """All rows, dead ones too."""
        return self._main_rows + (0 if self._tail is None else len(self._tail))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._main.dimension

    def search(self, vector: F32, limit: int, mask: Mask | None = None) -> tuple[I64, F32]:
        """Row numbers and inner products of the best living rows, best first, out of those the mask admits.

        A mask admits living rows only.
        """
        admitted = self._alive if mask is None else mask
        if self._tail is None:
            return self._main.search(vector, limit, admitted)
        head, rest = (None, None) if admitted is None else (admitted[: self._main_rows], admitted[self._main_rows :])
        rows, scores = self._main.search(vector, limit, head)
        more, their_scores = self._tail.search(vector, limit, rest)
        rows, scores = np.concatenate([rows, more + self._main_rows]), np.concatenate([scores, their_scores])
        best = np.argsort(-scores, kind="stable")[:limit]
        return rows[best], scores[best]

    @cached_property
    def at_random(self) -> F32:
        """A few hundred vectors from all over: how near a passage is to something by chance."""
        return self.vectors(np.unique(np.linspace(0, len(self) - 1, _AT_RANDOM, dtype=np.int64)))

    def vectors(self, rows: I64) -> F32:
        """The vectors of given rows, float32 of shape (n, dimension)."""
        if self._tail is None:
            return self._main.vectors(rows)
        found = np.empty((len(rows), self.dimension), np.float32)
        is_new = rows >= self._main_rows
        found[~is_new] = self._main.vectors(rows[~is_new])
        found[is_new] = self._tail.vectors(rows[is_new] - self._main_rows)
        return found

    def scores(self, vector: F32, rows: I64) -> F32:
        """Inner products with given rows, in their order."""
        if len(rows) == 0:
            return np.empty(0, np.float32)
        found: F32 = self.vectors(rows) @ vector.astype(np.float32)
        return found
