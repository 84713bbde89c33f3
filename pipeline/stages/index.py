"""Build the search index from what the store holds."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import EmbeddingContract
from pipeline.ports import GenerationBuilder, IndexedChunk
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork


def build_index(context: StageContext, builder: GenerationBuilder, contract: EmbeddingContract) -> int | None:
    """Builds and activates a new generation; None where the live one already holds everything."""
    with context.store.read() as work:
        fingerprint = work.vectors.fingerprint(contract.key)
        shards = work.vectors.shards(contract.key)
        total = work.reading.count_chunks()
        if total == 0 or builder.is_current(contract, shards, fingerprint):
            return None
        context.progress("index", 0, total)
        generation = builder.build(contract, shards, _indexed(work), fingerprint)
    context.progress("index", total, total)
    return generation


def _indexed(work: UnitOfWork) -> Iterator[IndexedChunk]:
    for chunk, title, authors, categories, day in work.reading.all_chunks():
        yield IndexedChunk(chunk, title, tuple(authors), tuple(categories), day)
