"""What must be known of every chunk while it is only a row number: its id, paper, day, categories... as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.features import features_of
from pipeline.ports import I64, IndexedChunk

I32 = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """One row per chunk, in the order of the vectors.

    `ids` int64; `papers` int32, a place in `paper_ids`; `days` int32, proleptic ordinals (`date.toordinal`);
    `categories` uint8, one bit a category of `category_names`, highest bit first; `features` uint8, the bits of
    `index.features` for the whole paper; `places` int64, where an approximate index finds the vector in the shards.
    """

    ids: I64
    papers: I32
    days: I32
    categories: NDArray[np.uint8]
    features: NDArray[np.uint8]
    paper_ids: NDArray[np.str_]
    category_names: tuple[str, ...]
    places: I64 | None = None
    _by_id: I64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", np.argsort(self.ids, kind="stable"))

    def __len__(self) -> int:
        return len(self.ids)

    def rows_of(self, chunk_ids: I64) -> I64:
        """Row numbers of chunk ids, -1 for those that have no row."""
        if len(self) == 0:
            return np.full(len(chunk_ids), -1, np.int64)
        places = self._by_id[np.minimum(np.searchsorted(self.ids, chunk_ids, sorter=self._by_id), len(self) - 1)]
        return np.where(self.ids[places] == chunk_ids, places, -1)

    def in_categories(self, wanted: Sequence[str]) -> Mask:
        """Rows of papers in any of these categories; `cs.*` is a whole archive, `*` any category."""
        accepted = [_is_among(name, wanted) for name in self.category_names]
        found: Mask = np.any(self.categories & np.packbits(np.array(accepted, bool)), axis=1)
        return found

    def of_papers(self, ids: Sequence[str]) -> Mask:
        """Rows of these papers."""
        return np.isin(self.papers, np.flatnonzero(np.isin(self.paper_ids, np.array(ids, np.str_))))

    @property
    def newest_day(self) -> int | None:
        """The ordinal of the newest day; None where there are no rows."""
        return int(self.days.max()) if len(self) else None

    def take(self, rows: I64) -> Columns:
        """The same columns in another order, or fewer rows of them."""
        return Columns(
            self.ids[rows],
            self.papers[rows],
            self.days[rows],
            self.categories[rows],
            self.features[rows],
            self.paper_ids,
            self.category_names,
            None if self.places is None else self.places[rows],
        )

    def save(self, path: Path) -> None:
        """Writes one .npz file; the caller syncs it."""
        columns: dict[str, Any] = {  # Any: numpy's stub takes every keyword for its option
            "ids": self.ids,
            "papers": self.papers,
            "days": self.days,
            "categories": self.categories,
            "features": self.features,
            "paper_ids": self.paper_ids,
            "category_names": np.array(self.category_names, np.str_),
        }
        np.savez(path, **(columns if self.places is None else columns | {"places": self.places}))

    @classmethod
    def load(cls, path: Path) -> Columns:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                stored["ids"],
                stored["papers"],
                stored["days"],
                stored["categories"],
                stored["features"],
                stored["paper_ids"],
                tuple(str(name) for name in stored["category_names"]),
                stored["places"] if "places" in stored.files else None,
            )


class ColumnsBuilder:
    """Collects columns chunk by chunk, holding numbers only."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._papers: list[int] = []
        self._days: list[int] = []
        self._categories: list[int] = []  # a place in _sets
        self._features: list[int] = []
        self._codes: dict[str, int] = {}
        self._sets: dict[tuple[str, ...], int] = {}

    def add(self, chunk: IndexedChunk) -> None:
        """Appends one row."""
        self._ids.append(chunk.chunk.id)
        self._papers.append(self._codes.setdefault(chunk.chunk.paper_id, len(self._codes)))
        self._days.append(chunk.day.toordinal())
        self._categories.append(self._sets.setdefault(chunk.categories, len(self._sets)))
        self._features.append(features_of(chunk.chunk.text))

    def finish(self) -> Columns:
        """The columns, in the order the chunks came."""
        names = tuple(sorted({name for categories in self._sets for name in categories}))
        papers = np.array(self._papers, np.int32)
        by_paper = np.zeros(max(len(self._codes), 1), np.uint8)
        np.bitwise_or.at(by_paper, papers, np.array(self._features, np.uint8))
        return Columns(
            np.array(self._ids, np.int64),
            papers,
            np.array(self._days, np.int32),
            _bits(list(self._sets), names)[np.array(self._categories, np.int64)],
            by_paper[papers],
            np.array(list(self._codes) or [""], np.str_),
            names,
        )


def _is_among(category: str, wanted: Sequence[str]) -> bool:
    return category in wanted or f"{category.partition('.')[0]}.*" in wanted or "*" in wanted


def _bits(sets: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> NDArray[np.uint8]:
    """One packed row per set of categories; at least one row and one byte wide, so that indexing never fails."""
    table = np.zeros((max(len(sets), 1), max(len(names), 1)), bool)
    for row, categories in enumerate(sets):
        table[row, [names.index(name) for name in categories]] = True
    return np.packbits(table, axis=1)
