"""An archive of drawn chunks: their vectors in shards, their words as the index asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.evaluation.index_bench.law import VectorLaw
from flows.evaluation.index_bench.texts import CHUNKS_A_PAPER, TextLaw
from index import open_shards
from pipeline.document import EmbeddingContract
from pipeline.ports import I64, Census, IndexedChunk, Shard

A_DAY = 40_000  # chunks: 2,000 papers' full text
_VECTOR_SEED = 1000


@dataclass(frozen=True, slots=True)
class DrawnVectors:
    """Writes shards of a day's chunks each below a folder; the same law gives the same files."""

    folder: Path
    contract: EmbeddingContract
    law: VectorLaw

    def shards(self, start: int, count: int) -> list[Shard]:
        """Shards of the chunks with the ids start + 1 ... start + count; `start` is a whole number of days."""
        store = open_shards(self.folder)
        written = []
        for first in range(start, start + count, A_DAY):
            rows = min(A_DAY, start + count - first)
            vectors = self.law.draw(rows, _VECTOR_SEED + first // A_DAY)
            written.append(store.write(self.contract, range(first + 1, first + rows + 1), vectors))
        return written


@dataclass(frozen=True, slots=True)
class DrawnChunks:
    """Implements `pipeline.ports.ChunkSource` for the first `count` chunks of an archive that holds `of` in the end."""

    law: TextLaw
    count: int
    of: int

    def census(self) -> Census:
        """The ids 1...count; nothing is ever told anew of a paper."""
        ids = np.arange(1, self.count + 1, dtype=np.int64)
        return Census(ids, np.zeros(self.count, np.uint64))

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        """Those that are asked for; a chunk depends on its id and on `of` alone."""
        papers = -(-self.of // CHUNKS_A_PAPER)
        return (self.law.chunk(number - 1, papers) for number in ids.tolist())
