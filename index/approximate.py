"""Nearest neighbours in a large archive: coarse cells and one bit a dimension in memory, rescored from the shards.

FAISS's IVF with RaBitQ codes finds candidates, their exact inner products come from the memory-mapped vectors. 1M
vectors of 384 numbers so take 70 MB of memory instead of 770. What a condition leaves over is searched exactly where it
is little, else with the more cells the less it leaves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from index.columns import Mask
from index.shard_rows import ShardRows
from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64

_CELLS = 1000  # and more from a million rows on: their square root. Four times as many find no more and cost five times
_TRAINED_ON = 40  # vectors a cell
_PROBES = 64  # cells looked into without a condition; with one, more by the cube root of what it leaves
_CANDIDATES = 2  # times as many are rescored as are asked for ...
_FEWEST_CANDIDATES = 400  # ... but at least so many
_EXACTLY = 5000  # rows that are compared one by one: 4 ms, as long as the cells would take
_AT_ONCE = 1024  # rows whose vectors fit into a core's cache
_BLOCK = 65_536


class ApproximateIndex:
    """Vectors by row number, found by cells; safe to ask from many threads at once."""

    def __init__(self, cells: Any, rows: ShardRows) -> None:  # Any: faiss ships no types
        self._cells = cells
        self._rows = rows

    @classmethod
    def build(cls, rows: ShardRows, count: int, dimension: int) -> ApproximateIndex:
        """Learns the cells from a sample and sorts the first `count` rows into them; the rest have no vector."""
        import faiss

        number = max(min(max(_CELLS, int(count**0.5)), count // _TRAINED_ON), 1)
        cells = faiss.index_factory(dimension, f"IVF{number},RaBitQfs", faiss.METRIC_INNER_PRODUCT)
        # The same rows always give the same cells.
        sample = np.random.default_rng(0).choice(count, min(count, _TRAINED_ON * number), replace=False)
        cells.train(rows.take(np.sort(sample)))
        made = cls(cells, rows)
        made.extend(count)
        return made

    def extend(self, count: int) -> None:
        """Sorts further rows into the cells there are, up to so many in all."""
        for start in range(int(self._cells.ntotal), count, _BLOCK):
            self._cells.add(self._rows.take(np.arange(start, min(start + _BLOCK, count))))

    @classmethod
    def load(cls, path: Path, rows: ShardRows) -> ApproximateIndex:
        """Reads what `save` wrote. Raises IndexStateError where the file is no such index."""
        import faiss

        try:
            cells = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexStateError(f"{path} is not a FAISS index: {error}") from error
        if not hasattr(cells, "nlist"):
            raise IndexStateError(f"{path} is not an index of cells")
        return cls(cells, rows)

    def save(self, path: Path) -> None:
        """Writes one file; the caller syncs it. Raises OSError where it cannot be written."""
        import faiss

        try:
            faiss.write_index(self._cells, str(path))
        except RuntimeError as error:  # FAISS reports a full disk this way
            raise OSError(None, f"FAISS cannot write it: {error}", str(path)) from error

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._cells.d)

    def search(self, vector: F32, limit: int, mask: Mask | None = None) -> tuple[I64, F32]:
        """Row numbers and exact inner products of the best rows found, best first, out of those the mask admits."""
        admitted = len(self) if mask is None else int(np.count_nonzero(mask))
        if mask is not None and admitted <= _EXACTLY:
            rows = np.flatnonzero(mask)
        else:
            rows = self._candidates(vector, limit, mask, admitted)
        scores = self.scores(vector, rows)
        best = np.argsort(-scores, kind="stable")[:limit]
        return rows[best], scores[best]

    def vectors(self, rows: I64) -> F32:
        """The vectors of given rows, float32 of shape (n, dimension)."""
        return self._rows.take(rows)

    def scores(self, vector: F32, rows: I64) -> F32:
        """Inner products with given rows, in their order."""
        query = vector.astype(np.float32)
        found = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            found[start : start + _AT_ONCE] = self.vectors(rows[start : start + _AT_ONCE]) @ query
        return found

    def _candidates(self, vector: F32, limit: int, mask: Mask | None, admitted: int) -> I64:
        import faiss

        share = max(admitted, 1) / max(len(self), 1)
        probes = min(int(_PROBES * share ** (-1 / 3)), self._cells.nlist)
        parameters: Any = faiss.SearchParametersIVF
        selector: Any = faiss.IDSelectorBitmap
        options = {} if mask is None else {"sel": selector(np.packbits(mask, bitorder="little"))}
        count = min(max(_CANDIDATES * limit, _FEWEST_CANDIDATES), len(self))
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        _, found = self._cells.search(query, count, params=parameters(nprobe=probes, **options))
        rows: I64 = np.sort(found[0][found[0] >= 0]).astype(np.int64)
        return rows
