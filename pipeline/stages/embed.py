"""Give every chunk its vector."""

from __future__ import annotations

import logging

from pipeline.ports import Encoder, VectorShards
from pipeline.stages.context import StageContext

logger = logging.getLogger(__name__)

# What of a chunk is embedded: the paper's title says what a passage is about that does not repeat it. Part of the
# embedding contract, like the chunker.
EMBEDDED_AS = "title. text"
_BATCH = 2048  # chunks a shard file: what a killed run loses at most


def embed_chunks(
    context: StageContext, encoder: Encoder, shards: VectorShards, *, is_announced: bool = False, batch: int = _BATCH
) -> int:
    """Embeds the chunks that have no vector of this encoder's contract; returns how many got one.

    The file is durable before its row is written: a crash between the two leaves a file that nobody names,
    and the same chunks are embedded again. With `is_announced` only the papers of the listings get theirs: a
    day must not wait for an archive that was loaded from a file.
    """
    contract = encoder.contract
    _forget_lost(context, shards, contract.key)
    with context.store.read() as work:
        total = work.vectors.count_to_embed(contract.key, is_announced=is_announced)
    done = 0
    while True:
        context.progress("embed", done, total)
        with context.store.read() as work:
            chunks = work.vectors.to_embed(contract.key, batch, is_announced=is_announced)
        if not chunks:
            return done
        ids = [chunk_id for chunk_id, _ in chunks]
        shard = shards.write(contract, ids, encoder.encode_passages([text for _, text in chunks]))
        with context.store.begin() as work:
            work.vectors.add_shard(shard, ids)
        done += len(chunks)


def _forget_lost(context: StageContext, shards: VectorShards, contract_key: str) -> None:
    """Files that somebody deleted (a damaged one, say) are made anew, as the error about them promises."""
    with context.store.read() as work:
        lost = [shard for shard in work.vectors.shards(contract_key) if not shards.is_there(shard)]
    if lost:
        logger.warning("%d vector files are gone; their passages are embedded again", len(lost))
        with context.store.begin() as work:
            for shard in lost:
                work.vectors.forget(shard.id)
