"""Which chunk has a vector in which shard. The vectors themselves are files, see `ports.VectorShards`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select

from pipeline.batches import batched
from pipeline.ports import Shard
from pipeline.tables import chunks, events, papers, shards, vectors

_BATCH = 500


class VectorRows:
    """Reads and writes the register of vectors on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def to_embed(self, contract_key: str, limit: int, *, is_announced: bool = False) -> list[tuple[int, str]]:
        """Chunks without a vector of this contract, oldest first, to be embedded as `title. text`.

        With `is_announced` only those of papers that came by an announcement: the others can wait.
        """
        columns = (chunks.c.id, papers.c.title, chunks.c.text)
        query = _without_vector(select(*columns), contract_key, is_announced=is_announced)
        query = query.join(papers, papers.c.id == chunks.c.paper_id).order_by(chunks.c.id).limit(limit)
        return [(row.id, f"{row.title}. {row.text}") for row in self._connection.execute(query)]

    def count_to_embed(self, contract_key: str, *, is_announced: bool = False) -> int:
        """How many chunks `to_embed` would go through."""
        query = _without_vector(select(func.count(chunks.c.id)), contract_key, is_announced=is_announced)
        count: int = self._connection.execute(query).scalar_one()
        return count

    def add_shard(self, shard: Shard, chunk_ids: Sequence[int]) -> None:
        """Registers a file that is already durable; before this row its vectors do not exist."""
        shard_id = self._connection.execute(
            insert(shards)
            .values(contract_key=shard.contract_key, path=shard.path, rows=shard.rows, sha256=shard.sha256)
            .returning(shards.c.id)
        ).scalar_one()
        self._connection.execute(
            insert(vectors),
            [
                {"contract_key": shard.contract_key, "chunk_id": chunk_id, "shard_id": shard_id}
                for chunk_id in chunk_ids
            ],
        )

    def forget(self, shard_id: int) -> None:
        """Drops a file that is gone: its chunks are without a vector again."""
        self._connection.execute(delete(vectors).where(vectors.c.shard_id == shard_id))
        self._connection.execute(delete(shards).where(shards.c.id == shard_id))

    def shards(self, contract_key: str) -> list[Shard]:
        """All files of a contract that still hold a live vector, oldest first."""
        query = (
            select(shards)
            .where(shards.c.contract_key == contract_key, shards.c.id.in_(select(vectors.c.shard_id)))
            .order_by(shards.c.id)
        )
        return [_shard(row) for row in self._connection.execute(query)]

    def all_shards(self) -> list[Shard]:
        """All files there are, of any contract, whether or not they hold a live vector; oldest first."""
        return [_shard(row) for row in self._connection.execute(select(shards).order_by(shards.c.id))]

    def shards_of(self, contract_key: str, chunk_ids: Collection[int]) -> dict[int, list[int]]:
        """Shard id -> the chunk ids of these that it holds, ascending."""
        found: dict[int, list[int]] = {}
        for some in batched(sorted(set(chunk_ids)), _BATCH):
            query = (
                select(vectors.c.shard_id, vectors.c.chunk_id)
                .where(vectors.c.contract_key == contract_key, vectors.c.chunk_id.in_(some))
                .order_by(vectors.c.chunk_id)
            )
            for row in self._connection.execute(query):
                found.setdefault(row.shard_id, []).append(row.chunk_id)
        return found

    def fingerprint(self, contract_key: str) -> str:
        """Changes whenever an index built from the store would: chunks, vectors, papers or their metadata."""
        query = select(
            select(func.count()).select_from(chunks).scalar_subquery(),
            select(func.coalesce(func.max(chunks.c.id), 0)).scalar_subquery(),
            select(func.count()).where(vectors.c.contract_key == contract_key).scalar_subquery(),
            select(func.count()).select_from(papers).scalar_subquery(),
            select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery(),
        )
        return ":".join(str(value) for value in self._connection.execute(query).one())


def _shard(row: Row[Any]) -> Shard:  # Any: a row of `shards`
    return Shard(row.id, row.contract_key, row.path, row.rows, row.sha256)


def _without_vector(query: Select[Any], contract_key: str, *, is_announced: bool) -> Select[Any]:  # Any: any columns
    has_vector = and_(vectors.c.chunk_id == chunks.c.id, vectors.c.contract_key == contract_key)
    query = query.outerjoin_from(chunks, vectors, has_vector).where(vectors.c.chunk_id.is_(None))
    return query.where(chunks.c.paper_id.in_(select(events.c.paper_id))) if is_announced else query
