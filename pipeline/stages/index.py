"""Build the search index from what the store holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.document import EmbeddingContract
from pipeline.ports import I64, Census, GenerationBuilder, IndexedChunk
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork


def build_index(
    context: StageContext, builder: GenerationBuilder, contract: EmbeddingContract, *, afresh: bool = False
) -> int | None:
    """Builds and activates a new generation; None where the live one already holds everything.

    Only what changed is added, unless `afresh` is asked for, which also builds where nothing changed.
    """
    with context.store.read() as work:
        fingerprint = work.vectors.fingerprint(contract.key)
        shards = work.vectors.shards(contract.key)
        total = work.reading.count_chunks()
        if total == 0 or (not afresh and builder.is_current(contract, shards, fingerprint)):
            return None
        context.progress("index", 0, total)
        generation = builder.build(contract, shards, _StoredChunks(work), fingerprint, afresh=afresh)
    context.progress("index", total, total)
    return generation


@dataclass(frozen=True, slots=True)
class _StoredChunks:
    """Implements `pipeline.ports.ChunkSource` on one transaction."""

    work: UnitOfWork

    def census(self) -> Census:
        return self.work.reading.census()

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        return self.work.reading.indexed_chunks(ids.tolist())
