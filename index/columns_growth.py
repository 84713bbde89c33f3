"""Columns that grow: rows are appended to those there are, and buried where their chunk is gone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.columns import U8, Columns, Mask
from index.features import features_of
from index.shard_rows import NOWHERE
from pipeline.ports import I64, IndexedChunk


class ColumnsGrowth:
    """Collects what changes, chunk by chunk, holding numbers only; `finish` makes the next columns of it."""

    def __init__(self, before: Columns | None = None) -> None:
        self._before = before or Columns.empty()
        self._is_dead: Mask = self._before.is_dead.copy()
        self._moved: list[tuple[int, int]] = []  # row before, place of its vector
        self._ids: list[int] = []
        self._papers: list[int] = []
        self._days: list[int] = []
        self._categories: list[int] = []  # a place in _sets
        self._says: list[int] = []
        self._places: list[int] = []
        self._marks: list[int] = []
        self._is_withdrawn: list[bool] = []
        self._codes = {str(paper_id): code for code, paper_id in enumerate(self._before.paper_ids)}
        self._sets: dict[tuple[str, ...], int] = {}

    def add(self, chunk: IndexedChunk, mark: int = 0, place: int = NOWHERE) -> None:
        """Appends a row."""
        self._ids.append(chunk.chunk.id)
        self._papers.append(self._codes.setdefault(chunk.chunk.paper_id, len(self._codes)))
        self._days.append(chunk.day.toordinal())
        self._categories.append(self._sets.setdefault(chunk.categories, len(self._sets)))
        self._says.append(features_of(chunk.chunk.text))
        self._places.append(place)
        self._marks.append(mark)
        self._is_withdrawn.append(chunk.is_withdrawn)

    def bury(self, rows: I64) -> None:
        """These rows' chunks are gone."""
        self._is_dead[rows] = True

    def move(self, row: int, place: int) -> None:
        """A chunk's vector lies elsewhere now: its row is buried, a like one appended."""
        self._is_dead[row] = True
        self._moved.append((row, place))

    def finish(self) -> Columns:
        """The rows before, then the moved ones, then the added ones."""
        before = self._before
        moved = np.array(self._moved, np.int64).reshape(-1, 2)
        again = before.take(moved[:, 0])
        new_names = {name for categories in self._sets for name in categories} - set(before.category_names)
        names = (*before.category_names, *sorted(new_names))
        width = max(1, -(-len(names) // 8))
        added = _bits(list(self._sets), names)[np.array(self._categories, np.int64)]
        is_new = np.zeros(len(moved) + len(self._ids), bool)
        return Columns(
            ids=np.concatenate([before.ids, again.ids, np.array(self._ids, np.int64)]),
            papers=np.concatenate([before.papers, again.papers, np.array(self._papers, np.int32)]),
            days=np.concatenate([before.days, again.days, np.array(self._days, np.int32)]),
            categories=np.concatenate([_wider(before.categories, width), _wider(again.categories, width), added]),
            says=np.concatenate([before.says, again.says, np.array(self._says, np.uint8)]),
            places=np.concatenate([before.places, moved[:, 1], np.array(self._places, np.int64)]),
            marks=np.concatenate([before.marks, again.marks, np.array(self._marks, np.uint64)]),
            is_withdrawn=np.concatenate([before.is_withdrawn, again.is_withdrawn, np.array(self._is_withdrawn, bool)]),
            is_dead=np.concatenate([self._is_dead, is_new]),
            paper_ids=np.array(list(self._codes), np.str_),
            category_names=names,
        )


def _bits(sets: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> NDArray[np.uint8]:
    """One packed row per set of categories; at least one row and one byte wide, so that indexing never fails."""
    table = np.zeros((max(len(sets), 1), max(len(names), 1)), bool)
    for row, categories in enumerate(sets):
        table[row, [names.index(name) for name in categories]] = True
    return np.packbits(table, axis=1)


def _wider(categories: U8, width: int) -> U8:
    # New categories get the next bits: the bits there are stay where they are.
    return np.pad(categories, ((0, 0), (0, width - categories.shape[1])))
