"""What has changed since a generation was built: chunks that came, went, or got another vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.columns import Columns
from index.shard_rows import NOWHERE, ShardFile
from index.shards import FileShards
from pipeline.ports import I64, U64, Census, Shard


@dataclass(frozen=True, slots=True)
class PlacedVectors:
    """Where the vectors of chunks lie: `files` put end to end, those of the generation before first.

    `ids` ascending with their `places`, of the files that are new; `lost` are ranges of places that no longer count.
    """

    files: tuple[ShardFile, ...]
    ids: I64
    places: I64
    lost: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, before: Sequence[ShardFile], shards: Sequence[Shard], store: FileShards) -> PlacedVectors:
        """Reads the ids of the shards that are not among the files before. Raises IndexStateError as `read_ids`."""
        wanted = {shard.path for shard in shards}
        kept = tuple(file if file.path in wanted else ShardFile("", file.rows) for file in before)
        known = {file.path for file in kept}
        new = list({shard.path: shard for shard in shards if shard.path not in known}.values())
        files = (*kept, *(ShardFile(shard.path, shard.rows) for shard in new))
        starts = np.cumsum([0, *(file.rows for file in files)]).tolist()
        ids = [store.read_ids(shard) for shard in new]
        first = starts[len(before)]
        every = np.concatenate([*ids, np.empty(0, np.int64)])
        unique, spots = np.unique(every, return_index=True)
        lost = tuple((starts[number], starts[number + 1]) for number, file in enumerate(kept) if not file.path)
        return cls(files, unique, first + spots.astype(np.int64), lost)

    def find(self, ids: I64) -> I64:
        """Places of these chunks' vectors in the new files, `NOWHERE` where there is none."""
        if not len(self.ids):
            return np.full(len(ids), NOWHERE, np.int64)
        spots = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[spots] == ids, self.places[spots], NOWHERE)

    def still(self, places: I64) -> I64:
        """The same places, `NOWHERE` for those in files that no longer count."""
        kept = places.copy()
        for start, end in self.lost:
            kept[(kept >= start) & (kept < end)] = NOWHERE
        return kept


@dataclass(frozen=True, slots=True)
class Changes:
    """Arrays of like length belong together: `added` with `marks` and `places`, `moved` with `moved_to`.

    `gone` and `moved` are rows of the columns before; `added` are chunk ids, ascending. A chunk whose paper's metadata
    changed is gone and added; one that only got its vector is moved.
    """

    gone: I64
    added: I64
    marks: U64
    places: I64
    moved: I64
    moved_to: I64

    @classmethod
    def between(cls, before: Columns, census: Census, vectors: PlacedVectors) -> Changes:
        """What makes the columns before hold exactly what the census counts."""
        rows = before.rows_of(census.ids)
        stays = rows >= 0
        stays[stays] = before.marks[rows[stays]] == census.marks[stays]
        places = vectors.find(census.ids)
        had = np.full(len(rows), NOWHERE, np.int64)
        had[rows >= 0] = vectors.still(before.places[rows[rows >= 0]])
        # A vector in a new file counts only where there was none: the same chunk may have been embedded twice.
        places = np.where(had != NOWHERE, had, places)
        moves = stays.copy()
        moves[stays] = before.places[rows[stays]] != places[stays]
        is_kept = np.zeros(len(before), bool)
        is_kept[rows[stays]] = True
        return cls(
            gone=before.live[~is_kept[before.live]],
            added=census.ids[~stays],
            marks=census.marks[~stays],
            places=places[~stays],
            moved=rows[moves],
            moved_to=places[moves],
        )

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(len(self.gone) or len(self.added) or len(self.moved))
