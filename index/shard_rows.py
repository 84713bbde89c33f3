"""The vectors of an index's rows where they lie: in the shards, memory-mapped, in whatever order the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64

NOWHERE = -1  # the place of a row that has no vector


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file of vectors an index refers to; `path` relative to the folder of shards.

    Without a path it is one that no longer counts, whose places stay taken.
    """

    path: str
    rows: int


class ShardRows:
    """Rows by number. `places` are positions in all shards put end to end; safe to ask from many threads."""

    def __init__(self, folder: Path, files: Sequence[ShardFile], places: I64, dimension: int) -> None:
        import faiss

        self._maps = [_mapped(folder / file.path, file.rows) if file.path else None for file in files]
        self._starts = np.cumsum([0, *(file.rows for file in files)])[:-1]
        self._places = places
        self._dimension = dimension
        # Decodes float16 by the processor's own instruction, four times as fast as numpy.
        self._halves: Any = faiss.ScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16)  # Any: faiss has no types

    def __len__(self) -> int:
        return len(self._places)

    def take(self, rows: I64) -> F32:
        """The vectors of these rows, float32 of shape (n, dimension); zero where there is none."""
        order = np.argsort(self._places[rows], kind="stable")
        places = self._places[rows][order]
        found = np.zeros((len(rows), self._dimension), np.uint16)
        first = int(np.searchsorted(places, NOWHERE, side="right"))
        shards = np.searchsorted(self._starts, places[first:], side="right") - 1
        for run in np.split(np.arange(first, len(rows)), np.flatnonzero(np.diff(shards)) + 1):
            if len(run) and (vectors := self._maps[shard := int(shards[run[0] - first])]) is not None:
                found[order[run]] = vectors[places[run] - self._starts[shard]]
        decoded: F32 = self._halves.decode(found.view(np.uint8))
        return decoded


def _mapped(path: Path, rows: int) -> NDArray[np.uint16]:
    """The bits of the vectors alone, without numpy's slow subclass for mapped files."""
    try:
        mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)  # Any: records of id and vector
    except (OSError, ValueError) as error:
        raise IndexStateError(f"the vectors in {path} cannot be used ({error}). {_REMEDY}") from error
    if mapped.dtype.names != ("id", "vector") or len(mapped) != rows:
        raise IndexStateError(f"{path} does not hold the {rows} vectors the index was built from. {_REMEDY}")
    bits: NDArray[np.uint16] = np.asarray(mapped)["vector"].view(np.uint16)
    return bits


_REMEDY = "Delete it and run `autoreader run`: its papers are embedded anew and the index is rebuilt."
