"""The vectors of the next generation: exact while they are few, else in cells, with a tail folded in at times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.approximate import ApproximateIndex
from index.columns import Columns
from index.dense import DenseIndex
from index.files import link
from index.generation import TAIL, VECTORS
from index.shard_rows import NOWHERE, ShardFile, ShardRows

_MOST_DEAD = 0.2  # of the rows; above, all is laid out anew
_LONGEST_TAIL = 0.05  # of the rows in cells: 50,000 at a million are compared one by one in 3 ms
_SHORTEST_TAIL = 20_000  # rows are not worth folding in earlier
_OUTGROWN = 4  # times as many rows as the cells were learned from the archive of: they are too few and too large
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Cells:
    """The index of cells that a generation has: its file, how many rows are in it, of how many it was learned."""

    path: Path
    rows: int
    learned_from: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns as the vectors were written for them, and what of them is in cells (0 rows: everything is exact)."""

    columns: Columns
    indexed_rows: int = 0
    learned_from: int = 0


class VectorFiles:
    """Writes the vector files of one generation into its folder; vectors come from the shards."""

    def __init__(self, folder: Path, shards_folder: Path, files: Sequence[ShardFile], dimension: int) -> None:
        self._folder = folder
        self._shards_folder = shards_folder
        self._files = files
        self._dimension = dimension

    def write(self, columns: Columns, exact_up_to: int, cells: Cells | None) -> Layout:
        """Writes what these columns need; `cells` are what the generation before has, of its first rows.

        Raises OSError where a file cannot be written.
        """
        if int(np.count_nonzero(columns.places[columns.live] != NOWHERE)) <= exact_up_to:
            return self._exactly(columns)
        if cells is None or _must_start_over(columns, cells):
            return self._in_new_cells(columns)
        appended = len(columns) - cells.rows
        if appended <= max(_SHORTEST_TAIL, int(_LONGEST_TAIL * cells.rows)):
            return self._with_tail(columns, cells)
        return self._folded(columns, cells)

    def _exactly(self, columns: Columns) -> Layout:
        compact = columns.take(columns.live) if columns.has_dead else columns
        self._save_exact(compact, 0, VECTORS)
        return Layout(compact)

    def _in_new_cells(self, columns: Columns) -> Layout:
        # The cells are learned from rows that have a vector: these come first, in their order.
        has_none = columns.places[columns.live] == NOWHERE
        compact = columns.take(columns.live[np.argsort(has_none, kind="stable")])
        count = int(np.count_nonzero(~has_none))
        made = ApproximateIndex.build(self._rows(compact), count, self._dimension)
        made.extend(len(compact))
        made.save(self._folder / VECTORS)
        return Layout(compact, len(compact), count)

    def _with_tail(self, columns: Columns, cells: Cells) -> Layout:
        link(cells.path, self._folder / VECTORS)
        if len(columns) > cells.rows:
            self._save_exact(columns, cells.rows, TAIL)
        return Layout(columns, cells.rows, cells.learned_from)

    def _folded(self, columns: Columns, cells: Cells) -> Layout:
        grown = ApproximateIndex.load(cells.path, self._rows(columns))
        grown.extend(len(columns))
        grown.save(self._folder / VECTORS)
        return Layout(columns, len(columns), cells.learned_from)

    def _rows(self, columns: Columns) -> ShardRows:
        return ShardRows(self._shards_folder, self._files, columns.places, self._dimension)

    def _save_exact(self, columns: Columns, start: int, name: str) -> None:
        rows, dense = self._rows(columns), DenseIndex.empty(self._dimension)
        for first in range(start, len(columns), _BLOCK):
            dense.add(rows.take(np.arange(first, min(first + _BLOCK, len(columns)))))
        dense.save(self._folder / name)


def _must_start_over(columns: Columns, cells: Cells) -> bool:
    dead = len(columns) - len(columns.live)
    return dead > _MOST_DEAD * len(columns) or len(columns) > _OUTGROWN * max(cells.learned_from, 1)
