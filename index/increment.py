"""The content of the next generation: that of the one before with what changed since, or all of it anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.changes import Changes, PlacedVectors
from index.columns import Columns
from index.columns_growth import ColumnsGrowth
from index.generation import COLUMNS, VECTORS, WORDS, open_columns
from index.lexical_writer import LexicalWriter
from index.manifest import Files, Manifest
from index.shard_rows import NOWHERE, ShardFile
from index.shards import FileShards
from index.vector_files import Cells, VectorFiles
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import ChunkSource, Shard

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """What is gone on from: a generation's folder, or nothing."""

    folder: Path | None = None
    columns: Columns | None = None
    shards: tuple[ShardFile, ...] = ()
    cells: Cells | None = None
    files: Files | None = None

    @classmethod
    def of(cls, folder: Path | None, contract: EmbeddingContract, shards: Sequence[Shard], store: FileShards) -> Start:
        """A generation as a start; nothing where there is none, or one that cannot be gone on from."""
        if folder is None:
            return cls()
        try:
            manifest = Manifest.read(folder)
            manifest.check_quickly(folder)
            columns = open_columns(folder, manifest)
            manifest.check_shards(store.folder, {shard.path for shard in shards})
        except IndexStateError as error:
            logger.warning("the index is built anew: %s", error)
            return cls()
        if manifest.contract.key != contract.key:
            logger.info("the index is built anew, for %s instead of %s", contract.model, manifest.contract.model)
            return cls()
        cells = None
        if manifest.indexed_rows:
            cells = Cells(folder / VECTORS, manifest.indexed_rows, manifest.learned_from)
        return cls(folder, columns, manifest.shards, cells, manifest.files)


@dataclass(frozen=True, slots=True)
class Content:
    """What was written into a folder."""

    columns: Columns
    shards: tuple[ShardFile, ...]
    indexed_rows: int
    learned_from: int

    @property
    def chunks(self) -> int:
        """Those that can be found."""
        return len(self.columns.live)

    @property
    def papers(self) -> int:
        """Papers of those chunks."""
        return self.columns.living_papers

    @property
    def without_vector(self) -> int:
        """Those of the chunks that are found by their words alone."""
        return int(np.count_nonzero(self.columns.places[self.columns.live] == NOWHERE))


def write_content(
    folder: Path, start: Start, shards: Sequence[Shard], source: ChunkSource, layout: ContentLayout
) -> Content:
    """Writes words, vectors and columns into an empty folder.

    Chunks decide what is in it: vectors of other chunks are left out, and a chunk without a vector is found by its
    words alone. Raises IndexStateError for a damaged shard, OSError where the folder cannot be written.
    """
    before = start.columns or Columns.empty()
    vectors = PlacedVectors.of(start.shards, shards, layout.store)
    changes = Changes.between(before, source.census(), vectors)
    columns = _write_words(folder / WORDS, start, before, changes, source)
    files = VectorFiles(folder, layout.store.folder, vectors.files, layout.dimension)
    laid_out = files.write(columns, layout.exact_up_to, start.cells)
    laid_out.columns.save(folder / COLUMNS)
    return Content(laid_out.columns, vectors.files, laid_out.indexed_rows, laid_out.learned_from)


@dataclass(frozen=True, slots=True)
class ContentLayout:
    """Where vectors come from, how long they are, and up to how many are compared one by one."""

    store: FileShards
    dimension: int
    exact_up_to: int


def _write_words(folder: Path, start: Start, before: Columns, changes: Changes, source: ChunkSource) -> Columns:
    """Writes the words of what came and takes out what went; returns the columns of both."""
    growth = ColumnsGrowth(before)
    growth.bury(changes.gone)
    for row, place in zip(changes.moved.tolist(), changes.moved_to.tolist(), strict=True):
        growth.move(row, place)
    facts = zip(changes.marks.tolist(), changes.places.tolist(), strict=True)
    with LexicalWriter(folder, start.folder and start.folder / WORDS) as words:
        words.remove(before.ids[changes.gone].tolist())
        for chunk, (mark, place) in zip(source.chunks(changes.added), facts, strict=True):
            words.add(chunk)
            growth.add(chunk, mark, place)
    logger.info(
        "%d chunks added, %d taken out, %d got a vector", len(changes.added), len(changes.gone), len(changes.moved)
    )
    return growth.finish()
