"""Where `eval search` keeps what takes long to make: the vectors of all texts it ever saw, by their content.

HOME/vectors-KEY.npz    digests and float16 vectors, of one embedding contract
HOME/NAME/              an index of this run, made anew each time: it is to show the present code
"""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import open_builder, open_shards
from index.generation import Generation, GenerationFolder
from pipeline.blobs import write_atomically
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64, Census, Encoder, IndexedChunk
from pipeline.stages import Progress

logger = logging.getLogger(__name__)
_STEP = 512  # texts embedded between two writes of the file: what an interrupted run loses


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """An index on disk and the same opened."""

    folder: Path
    generation: Generation


class SearchHome:
    """Makes indexes below a folder and remembers every vector there."""

    def __init__(self, folder: Path, encoder: Encoder, progress: Progress) -> None:
        self._folder = folder
        self._encoder = encoder
        self._progress = progress

    def index(self, name: str, chunks: Sequence[IndexedChunk]) -> OpenedIndex:
        """A new index of these chunks. Raises StoreError where the folder cannot be written."""
        vectors = self._embedded([f"{chunk.title}. {chunk.chunk.text}" for chunk in chunks])
        home = self._folder / name
        shutil.rmtree(home, ignore_errors=True)
        ids = [chunk.chunk.id for chunk in chunks]
        shard = open_shards(home / "vectors").write(self._encoder.contract, ids, vectors)
        builder = open_builder(home / "index", home / "vectors")
        builder.build(self._encoder.contract, [shard], _Listed(chunks), str(len(chunks)))
        live = GenerationFolder(home / "index").live()
        if live is None:
            raise IndexStateError(f"{home / 'index'} was built but is not live")
        return OpenedIndex(home / "index", Generation.open(live))

    def _embedded(self, texts: Sequence[str]) -> F32:
        """Vectors of texts, from the file as far as it has them."""
        path = self._folder / f"vectors-{self._encoder.contract.key}.npz"
        known = _load(path)
        digests = [hashlib.sha256(text.encode(errors="replace")).digest() for text in texts]
        missing = list(
            {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}.items()
        )
        for start in range(0, len(missing), _STEP):
            self._progress("embed", start, len(missing))
            step = missing[start : start + _STEP]
            vectors = self._encoder.encode_passages([text for _, text in step]).astype(np.float16)
            known.update(zip((digest for digest, _ in step), vectors, strict=True))
            _save(path, known)
        if missing:
            self._progress("embed", len(missing), len(missing))
        found: F32 = np.stack([known[digest] for digest in digests]).astype(np.float32)
        return found


class RememberedQueries:
    """Implements `pipeline.ports.Encoder`: the same as another, with the vectors of some queries computed beforehand.

    So every method is asked with the same vectors, and its time is that of its search.
    """

    def __init__(self, encoder: Encoder, queries: Sequence[str]) -> None:
        self._encoder = encoder
        self._known = dict(zip(queries, encoder.encode_queries(queries), strict=True))

    @property
    def contract(self) -> EmbeddingContract:
        """The other encoder's."""
        return self._encoder.contract

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """The other encoder's."""
        return self._encoder.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """What is remembered, else the other encoder's."""
        if all(text in self._known for text in texts):
            return np.stack([self._known[text] for text in texts])
        return self._encoder.encode_queries(texts)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Implements `pipeline.ports.ChunkSource` on a list in the order of its ids."""

    listed: Sequence[IndexedChunk]

    def census(self) -> Census:
        ids = np.array([one.chunk.id for one in self.listed], np.int64)
        return Census(ids, np.zeros(len(ids), np.uint64))

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        wanted = frozenset(ids.tolist())
        return (one for one in self.listed if one.chunk.id in wanted)


def _load(path: Path) -> dict[bytes, NDArray[np.float16]]:
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        digests = stored["digests"].tobytes()
        return {digests[32 * row : 32 * row + 32]: vector for row, vector in enumerate(stored["vectors"])}


def _save(path: Path, known: dict[bytes, NDArray[np.float16]]) -> None:
    buffer = io.BytesIO()
    digests = np.frombuffer(b"".join(known), np.uint8).reshape(-1, 32)
    np.savez(buffer, digests=digests, vectors=np.stack(list(known.values())))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue())
