"""A small searchable library on disk, built as a day's run builds it, with the fake encoder."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index import SearchService, open_builder, open_search, open_shards
from index.builder import GenerationIndexBuilder
from index.shards import FileShards
from pipeline.document import Chunk
from pipeline.ports import I64, Census, Encoder, IndexedChunk, Shard
from tests.fakes.encoder import HashedEncoder

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def passage(number: int, paper_id: str, text: str, *, title: str = "", day: date = MONDAY) -> IndexedChunk:
    """A chunk with the id `number`; a paper's categories follow from the day."""
    categories = ("cs.IR", "stat.ML") if day == MONDAY else ("math.CO",)
    chunk = Chunk(paper_id, 1, 0, "Abstract", 0, text, id=number)
    return IndexedChunk(chunk, title or f"On {paper_id}", ("Ada Lovelace",), categories, day)


@dataclass(frozen=True)
class ListedChunks:
    """Implements `pipeline.ports.ChunkSource` on a list; a mark is a digest of all but the text."""

    listed: Sequence[IndexedChunk]

    def census(self) -> Census:
        ordered = sorted(self.listed, key=lambda chunk: chunk.chunk.id)
        marks = [zlib.crc32(repr((one.title, one.authors, one.categories, one.day)).encode()) for one in ordered]
        return Census(np.array([one.chunk.id for one in ordered], np.int64), np.array(marks, np.uint64))

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        by_id = {one.chunk.id: one for one in self.listed}
        return (by_id[chunk_id] for chunk_id in ids.tolist())


@dataclass
class Library:
    """Folders and an encoder; `add` embeds, `build` makes the next generation of all that was added."""

    home: Path
    encoder: Encoder
    chunks: list[IndexedChunk]
    shards: list[Shard]

    @classmethod
    def empty(cls, home: Path, encoder: Encoder | None = None) -> Library:
        return cls(home, encoder or HashedEncoder(), [], [])

    def add(self, *chunks: IndexedChunk) -> None:
        vectors = self.encoder.encode_passages([f"{chunk.title} {chunk.chunk.text}" for chunk in chunks])
        ids = [chunk.chunk.id for chunk in chunks]
        self.shards.append(open_shards(self.home / "vectors").write(self.encoder.contract, ids, vectors))
        self.chunks.extend(chunks)

    def build(self, shards: Sequence[Shard] | None = None, exact_up_to: int = 200_000, *, afresh: bool = False) -> int:
        builder = GenerationIndexBuilder(self.index, FileShards(self.home / "vectors"), exact_up_to)
        chosen = self.shards if shards is None else shards
        source = ListedChunks(self.chunks)
        return builder.build(self.encoder.contract, chosen, source, self.fingerprint, afresh=afresh)

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def fingerprint(self) -> str:
        return f"{len(self.chunks)} chunks"

    def is_current(self) -> bool:
        builder = open_builder(self.index, self.home / "vectors")
        return builder.is_current(self.encoder.contract, self.shards, self.fingerprint)

    def search(self) -> SearchService:
        return open_search(self.index, self.encoder)
