"""Papers with their chunks and vectors, gathered from the store for ranking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pipeline.document import Chunk
from pipeline.ports import F32, Candidate, VectorShards
from pipeline.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of one embedding contract."""

    shards: VectorShards
    contract_key: str


def load_candidates(work: UnitOfWork, vectors: Vectors, ids: Collection[str]) -> dict[str, Candidate]:
    """The stored papers of these ids that have at least one embedded chunk, by id."""
    return _load(work, vectors, ids, abstracts_only=False)


def load_abstracts(work: UnitOfWork, vectors: Vectors, ids: Collection[str]) -> dict[str, Candidate]:
    """The same by their abstracts alone, for papers that others are compared with."""
    return _load(work, vectors, ids, abstracts_only=True)


def _load(work: UnitOfWork, vectors: Vectors, ids: Collection[str], *, abstracts_only: bool) -> dict[str, Candidate]:
    papers = work.papers.get(ids)
    chunks: dict[str, list[Chunk]] = {}
    for chunk in work.reading.chunks_of(papers, abstracts_only=abstracts_only):
        chunks.setdefault(chunk.paper_id, []).append(chunk)
    by_id = _load_vectors(work, vectors, [chunk.id for some in chunks.values() for chunk in some])
    found: dict[str, Candidate] = {}
    for paper_id, some in chunks.items():
        if embedded := [chunk for chunk in some if chunk.id in by_id]:
            stacked = np.stack([by_id[chunk.id] for chunk in embedded])
            found[paper_id] = Candidate(papers[paper_id], tuple(embedded), stacked)
    return found


def _load_vectors(work: UnitOfWork, vectors: Vectors, chunk_ids: Collection[int]) -> dict[int, F32]:
    """Vectors by chunk id; each needed file is read once."""
    wanted = work.vectors.shards_of(vectors.contract_key, chunk_ids)
    found: dict[int, F32] = {}
    for shard in work.vectors.shards(vectors.contract_key):
        if not (ids := wanted.get(shard.id)):
            continue
        held, rows = vectors.shards.read(shard)
        positions = np.searchsorted(held, np.asarray(ids, dtype=np.int64))
        found.update(zip(ids, rows[positions], strict=True))
    return found
