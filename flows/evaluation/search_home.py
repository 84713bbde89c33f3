"""Where `eval search` keeps what takes long to make: the vectors of all texts it ever saw, by their content.

HOME/vectors-KEY.npz    vectors by the digest of their text (`flows.evaluation.text_vectors`)
HOME/NAME/              an index of this run, made anew each time: it is to show the present code
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.evaluation.text_vectors import TextVectors
from index import open_builder, open_shards
from index.generation import Generation, GenerationFolder
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64, Census, Encoder, IndexedChunk
from pipeline.stages import Progress


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
        self._vectors = TextVectors(folder, encoder, progress)

    def index(self, name: str, chunks: Sequence[IndexedChunk]) -> OpenedIndex:
        """A new index of these chunks. Raises StoreError where the folder cannot be written."""
        vectors = self._vectors.of([f"{chunk.title}. {chunk.chunk.text}" for chunk in chunks])
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
