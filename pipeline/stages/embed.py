"""Give every chunk its vector, and tell when those of a new model may take the old one's place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.document import EmbeddingContract
from pipeline.ports import Encoder, VectorShards
from pipeline.stages.context import StageContext

logger = logging.getLogger(__name__)

# What of a chunk is embedded: the paper's title says what a passage is about that does not repeat it. Part of the
# embedding contract, like the chunker.
EMBEDDED_AS = "title. text"
_BATCH = 2048  # chunks a shard file: what a killed run loses at most


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the stored chunks have a vector of a contract."""

    embedded: int
    chunks: int


def coverage_of(context: StageContext, contract_key: str) -> Coverage:
    """How far the store's chunks are embedded under a contract."""
    with context.store.read() as work:
        chunks = work.reading.count_chunks()
        return Coverage(chunks - work.vectors.count_to_embed(contract_key), chunks)


def contract_to_serve(
    wanted: EmbeddingContract, live: EmbeddingContract | None, coverage: Callable[[str], Coverage]
) -> EmbeddingContract:
    """The contract of which the next generation is built: the wanted one once it covers as much as the live one.

    Until then the live one goes on: an index of the day alone must not take the place of one of the whole archive.
    """
    if live is None or live.key == wanted.key:
        return wanted
    return wanted if coverage(wanted.key).embedded >= coverage(live.key).embedded else live


def _always() -> bool:
    return True


def embed_chunks(
    context: StageContext,
    encoder: Encoder,
    shards: VectorShards,
    *,
    is_announced: bool = False,
    goes_on: Callable[[], bool] = _always,
) -> int:
    """Embeds the chunks that have no vector of this encoder's contract; returns how many got one.

    The file is durable before its row is written: a crash between the two leaves a file that nobody names,
    and the same chunks are embedded again. With `is_announced` only the papers of the listings get theirs: a
    day must not wait for an archive that was loaded from a file. `goes_on` is asked before each file.
    """
    contract = encoder.contract
    _forget_lost(context, shards, contract.key)
    with context.store.read() as work:
        total = work.vectors.count_to_embed(contract.key, is_announced=is_announced)
    done = 0
    context.progress("embed", done, total)
    while goes_on():
        with context.store.read() as work:
            chunks = work.vectors.to_embed(contract.key, _BATCH, is_announced=is_announced)
        if not chunks:
            break
        ids = [chunk_id for chunk_id, _ in chunks]
        shard = shards.write(contract, ids, encoder.encode_passages([text for _, text in chunks]))
        with context.store.begin() as work:
            work.vectors.add_shard(shard, ids)
        done += len(chunks)
        context.progress("embed", done, total)
    return done


def _forget_lost(context: StageContext, shards: VectorShards, contract_key: str) -> None:
    """Files that somebody deleted (a damaged one, say) are made anew, as the error about them promises."""
    with context.store.read() as work:
        lost = [shard for shard in work.vectors.shards(contract_key) if not shards.is_there(shard)]
    if lost:
        logger.warning("%d vector files are gone; their passages are embedded again", len(lost))
        with context.store.begin() as work:
            for shard in lost:
                work.vectors.forget(shard.id)
