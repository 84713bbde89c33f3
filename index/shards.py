"""The vectors on disk: immutable files of (chunk id, float16 vector) rows, from which every index is derived."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.blobs import write_atomically
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64, Shard


class FileShards:
    """Implements `pipeline.ports.VectorShards` in a folder.

    A file is one .npy array of records `id` (int64) and `vector` (float16), so it can be memory-mapped. Its name holds
    the contract's key, the first id, the number of rows and part of its SHA-256: no name ever means two contents.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._verified: set[tuple[str, str, int, int]] = set()

    def write(self, contract: EmbeddingContract, chunk_ids: Sequence[int], vectors: F32) -> Shard:
        """Stores a file durably. Raises IndexStateError where the rows do not fit the contract or each other."""
        content = _pack(contract, np.asarray(chunk_ids, np.int64), np.asarray(vectors))
        sha256 = hashlib.sha256(content).hexdigest()
        name = f"{contract.key}/{int(chunk_ids[0]):012d}-{len(chunk_ids)}-{sha256[:16]}.npy"
        write_atomically(self.folder / name, content)
        return Shard(id=0, contract_key=contract.key, path=name, rows=len(chunk_ids), sha256=sha256)

    def is_there(self, shard: Shard) -> bool:
        """Whether the file still exists; what it holds is `read`'s to judge."""
        return (self.folder / shard.path).is_file()

    def read(self, shard: Shard) -> tuple[I64, F32]:
        """Chunk ids and vectors (float32) of one file; its checksum is verified once per state of the file.

        Raises IndexStateError where it is gone or altered.
        """
        rows = self._mapped(shard)
        return rows["id"].astype(np.int64), rows["vector"].astype(np.float32)

    def read_ids(self, shard: Shard) -> I64:
        """The chunk ids alone. Raises as `read`."""
        ids: I64 = self._mapped(shard)["id"].astype(np.int64)
        return ids

    def _mapped(self, shard: Shard) -> np.ndarray[Any, Any]:  # Any: records of id and vector
        path = self.folder / shard.path
        try:
            self._verify(path, shard)
            rows: np.ndarray[Any, Any] = np.load(path, mmap_mode="r", allow_pickle=False)  # Any: as above
        except (OSError, ValueError) as error:
            raise IndexStateError(_damage(path, str(error))) from error
        if rows.dtype.names != ("id", "vector") or len(rows) != shard.rows:
            raise IndexStateError(_damage(path, f"it does not hold {shard.rows} rows of ids and vectors"))
        return rows

    def _verify(self, path: Path, shard: Shard) -> None:
        state = path.stat()
        seen = (shard.path, shard.sha256, state.st_size, state.st_mtime_ns)
        if seen in self._verified:
            return
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != shard.sha256:
            raise IndexStateError(_damage(path, "its checksum differs"))
        self._verified.add(seen)


def _damage(path: Path, reason: str) -> str:
    return f"the vectors in {path} cannot be used ({reason}); delete the file and run again to embed its papers anew"


def _pack(contract: EmbeddingContract, ids: I64, vectors: np.ndarray[Any, Any]) -> bytes:  # Any: of any shape and dtype
    expected = (len(ids), contract.dimension)
    if len(ids) == 0 or vectors.shape != expected:
        raise IndexStateError(f"a vector file needs rows and the shape {expected}, not {vectors.shape}")
    if np.any(np.diff(ids) <= 0):
        raise IndexStateError("chunk ids of a vector file must ascend")
    with np.errstate(over="ignore"):  # what overflows is infinite, and refused in the next line
        halves = vectors.astype(np.float16)
    if not np.isfinite(halves).all():
        raise IndexStateError("the encoder gave a vector that is not finite in float16")
    rows = np.empty(len(ids), np.dtype([("id", "<i8"), ("vector", "<f2", (contract.dimension,))]))
    rows["id"], rows["vector"] = ids, halves
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    return buffer.getvalue()
