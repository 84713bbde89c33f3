"""What must be known of every chunk while it is only a row number: its id, paper, day, categories... as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import I64, U64

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """One row per chunk, in the order of the vectors; rows are appended and buried, never changed or moved.

    `ids` int64, unique among the rows that are not dead; `papers` int32, a place in `paper_ids`; `days` int32,
    proleptic ordinals (`date.toordinal`); `categories` uint8, one bit a category of `category_names`, highest bit
    first; `says` uint8, the bits of `index.features` for the chunk's own text; `places` int64, where the vector lies
    in the shards put end to end, `NOWHERE` for none; `marks` uint64, by which a change of the paper's metadata is
    noticed.
    """

    ids: I64
    papers: I32
    days: I32
    categories: U8
    says: U8
    places: I64
    marks: U64
    is_withdrawn: Mask
    is_dead: Mask
    paper_ids: NDArray[np.str_]
    category_names: tuple[str, ...]
    live: I64 = field(init=False, repr=False)  # the rows that are not dead, ascending
    features: U8 = field(init=False, repr=False)  # of the whole paper, from its living rows
    living_papers: int = field(init=False, repr=False)  # how many papers have a living row
    newest_day: int | None = field(init=False, repr=False)  # of the living rows, an ordinal; None where there are none
    _by_id: I64 = field(init=False, repr=False)
    _sorted_ids: I64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        live = np.flatnonzero(~self.is_dead)
        papers = np.count_nonzero(np.bincount(self.papers[live]))  # every search tells how many it looked at
        object.__setattr__(self, "living_papers", int(papers))
        object.__setattr__(self, "newest_day", int(self.days[live].max()) if len(live) else None)
        by_paper = np.zeros(max(len(self.paper_ids), 1), np.uint8)
        np.bitwise_or.at(by_paper, self.papers[live], self.says[live])
        object.__setattr__(self, "live", live)
        object.__setattr__(self, "features", by_paper[self.papers])
        by_id = live[np.argsort(self.ids[live], kind="stable")]
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_sorted_ids", self.ids[by_id])

    def __len__(self) -> int:
        """All rows, dead ones too."""
        return len(self.ids)

    @property
    def has_dead(self) -> bool:
        """Whether any row is dead."""
        return len(self.live) < len(self)

    def rows_of(self, chunk_ids: I64) -> I64:
        """Row numbers of chunk ids, -1 for those that have no living row."""
        if len(self._by_id) == 0:
            return np.full(len(chunk_ids), -1, np.int64)
        spots = np.minimum(np.searchsorted(self._sorted_ids, chunk_ids), len(self._by_id) - 1)
        return np.where(self._sorted_ids[spots] == chunk_ids, self._by_id[spots], -1)

    def in_categories(self, wanted: Sequence[str]) -> Mask:
        """Rows of papers in any of these categories; `cs.*` is a whole archive, `*` any category."""
        accepted = [_is_among(name, wanted) for name in self.category_names]
        bits = np.packbits(np.array(accepted, bool))
        found = np.zeros(len(self), bool)
        for place in np.flatnonzero(bits).tolist():  # all places at once take 32 ms at a million rows, one takes 1.5
            found |= (self.categories[:, place] & bits[place]) != 0
        return found

    def names_among(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The categories there are that these ask for, as `in_categories` understands them."""
        return tuple(name for name in self.category_names if _is_among(name, wanted))

    def of_papers(self, ids: Sequence[str]) -> Mask:
        """Rows of these papers, dead ones too."""
        return self.of_places(np.flatnonzero(np.isin(self.paper_ids, np.array(ids, np.str_))))

    def of_places(self, places: NDArray[np.integer[Any]]) -> Mask:
        """Rows of the papers at these places of `paper_ids`, dead ones too."""
        is_wanted = np.zeros(max(len(self.paper_ids), 1), bool)
        is_wanted[places] = True
        return is_wanted[self.papers]  # a million look-ups take 2 ms, `np.isin` 30

    def take(self, rows: I64) -> Columns:
        """The same columns in another order, or fewer rows of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _PER_ROW})

    def save(self, path: Path) -> None:
        """Writes one .npz file; the caller syncs it."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in (*_PER_ROW, "paper_ids")}  # Any: numpy's stub
        np.savez(path, **columns, category_names=np.array(self.category_names, np.str_))

    @classmethod
    def load(cls, path: Path) -> Columns:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            columns = {name: stored[name] for name in (*_PER_ROW, "paper_ids")}
            return cls(**columns, category_names=tuple(str(name) for name in stored["category_names"]))

    @classmethod
    def empty(cls) -> Columns:
        """No rows."""
        return cls(
            ids=np.empty(0, np.int64),
            papers=np.empty(0, np.int32),
            days=np.empty(0, np.int32),
            categories=np.empty((0, 1), np.uint8),
            says=np.empty(0, np.uint8),
            places=np.empty(0, np.int64),
            marks=np.empty(0, np.uint64),
            is_withdrawn=np.empty(0, bool),
            is_dead=np.empty(0, bool),
            paper_ids=np.empty(0, np.str_),
            category_names=(),
        )


_PER_ROW = tuple(one.name for one in fields(Columns) if one.init and one.name not in ("paper_ids", "category_names"))


def _is_among(category: str, wanted: Sequence[str]) -> bool:
    return category in wanted or f"{category.partition('.')[0]}.*" in wanted or "*" in wanted
