"""Building the next generation beside the live one, so that a crash at any moment leaves the old one serving."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.approximate import ApproximateIndex
from index.columns import Columns, ColumnsBuilder, Mask
from index.dense import DenseIndex
from index.generation import COLUMNS, VECTORS, WORDS, GenerationFolder
from index.lexical_writer import LexicalWriter
from index.manifest import FORMAT, Manifest, describe_files, source_key
from index.shard_rows import NOWHERE, ShardFile, ShardRows
from index.shards import FileShards
from pipeline.blobs import write_atomically
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError, StoreError
from pipeline.ports import I64, IndexedChunk, Shard

logger = logging.getLogger(__name__)
_TEMPORARY = ".building-"
_EXACT_UP_TO = 200_000  # vectors: so many are compared one by one in 12 ms


@dataclass(frozen=True, slots=True)
class _Placed:
    """The columns in the order of their vectors, where each vector lies, and which rows of each shard are wanted."""

    columns: Columns
    places: I64
    wanted: tuple[Mask, ...]
    without_vector: int

    @property
    def with_vector(self) -> int:
        return len(self.columns) - self.without_vector


@dataclass(frozen=True, slots=True)
class _Filled:
    """What was written into a scratch folder."""

    columns: Columns
    without_vector: int
    shards: tuple[ShardFile, ...] = ()
    shards_folder: str = ""


class GenerationIndexBuilder:
    """Implements `pipeline.ports.GenerationBuilder` over a folder of generations."""

    def __init__(self, root: Path, shards: FileShards, exact_up_to: int = _EXACT_UP_TO) -> None:
        self._folder = GenerationFolder(root)
        self._shards = shards
        self._exact_up_to = exact_up_to

    def is_current(self, contract: EmbeddingContract, shards: Sequence[Shard], fingerprint: str) -> bool:
        """Whether the live generation was built from exactly this and all its files are in place."""
        live = self._folder.live()
        if live is None:
            return False
        try:
            manifest = Manifest.read(live)
            manifest.check_sizes(live)
        except IndexStateError as error:
            logger.warning("the live index will be rebuilt: %s", error)
            return False
        return manifest.contract.key == contract.key and manifest.source == source_key(shards, fingerprint)

    def build(
        self,
        contract: EmbeddingContract,
        shards: Sequence[Shard],
        chunks: Iterable[IndexedChunk],
        fingerprint: str,
    ) -> int:
        """Builds and activates the next generation and returns its number.

        Chunks decide what is in it: vectors of other chunks are left out, and a chunk without a vector is found by its
        words alone. Raises IndexStateError for shards of another contract or while another build runs, StoreError
        where the folder cannot be written; the live generation is untouched then.
        """
        foreign = [shard.path for shard in shards if shard.contract_key != contract.key]
        if foreign:
            raise IndexStateError(f"{foreign[0]} holds vectors of another embedding contract than {contract.key}")
        with _exclusive(self._folder.root):
            previous = self._folder.live()
            self._sweep(previous)
            number = max(self._folder.all(), default=0) + 1
            with _scratch(self._folder.root) as scratch:
                filled = self._fill(scratch, contract, shards, chunks)
                manifest = Manifest(
                    format=FORMAT,
                    number=number,
                    contract=contract,
                    source=source_key(shards, fingerprint),
                    chunks=len(filled.columns),
                    papers=len(np.unique(filled.columns.papers)),
                    without_vector=filled.without_vector,
                    files=describe_files(scratch),
                    shards=filled.shards,
                    shards_folder=filled.shards_folder,
                )
                manifest.write(scratch)
                self._activate(scratch, number)
            self._remove_all_but(self._folder.numbered(number), previous)
        logger.info("generation %d is live: %d chunks of %d papers", number, manifest.chunks, manifest.papers)
        return number

    def _activate(self, scratch: Path, number: int) -> None:
        _sync_tree(scratch)
        final = self._folder.numbered(number)
        scratch.rename(final)
        write_atomically(self._folder.pointer, f"{final.name}\n".encode())  # syncs the folder: the rename is durable

    def _fill(
        self, scratch: Path, contract: EmbeddingContract, shards: Sequence[Shard], chunks: Iterable[IndexedChunk]
    ) -> _Filled:
        collected = ColumnsBuilder()
        with LexicalWriter(scratch / WORDS) as words:
            for chunk in chunks:
                words.add(chunk)
                collected.add(chunk)
        columns = collected.finish()
        placed = self._place(shards, columns)
        if placed.with_vector > self._exact_up_to:
            return self._approximate(scratch, contract, shards, placed)
        dense = DenseIndex.empty(contract.dimension)
        for shard, is_wanted in zip(shards, placed.wanted, strict=True):
            dense.add(self._shards.read(shard)[1][is_wanted])
        dense.add(np.zeros((placed.without_vector, contract.dimension), np.float32))
        dense.save(scratch / VECTORS)
        placed.columns.save(scratch / COLUMNS)
        return _Filled(placed.columns, placed.without_vector)

    def _approximate(
        self, scratch: Path, contract: EmbeddingContract, shards: Sequence[Shard], placed: _Placed
    ) -> _Filled:
        """An index of cells, which refers to the shards instead of copying them."""
        files = tuple(ShardFile(shard.path, shard.rows) for shard in shards)
        columns = replace(placed.columns, places=placed.places)
        rows = ShardRows(self._shards.folder, files, placed.places, contract.dimension)
        ApproximateIndex.build(rows, placed.with_vector, contract.dimension).save(scratch / VECTORS)
        columns.save(scratch / COLUMNS)
        folder = os.path.relpath(self._shards.folder, self._folder.root)
        return _Filled(columns, placed.without_vector, files, folder)

    def _place(self, shards: Sequence[Shard], columns: Columns) -> _Placed:
        """The rows in the order of their vectors, shard by shard; those without one come last."""
        is_waiting = np.ones(len(columns), bool)
        order: list[I64] = []
        places: list[I64] = []
        wanted: list[Mask] = []
        start = 0
        for shard in shards:
            ids = self._shards.read_ids(shard)
            rows = columns.rows_of(ids)
            is_wanted = rows >= 0
            is_wanted[is_wanted] &= is_waiting[rows[is_wanted]]
            is_waiting[rows[is_wanted]] = False
            order.append(rows[is_wanted])
            places.append(start + np.flatnonzero(is_wanted))
            wanted.append(is_wanted)
            start += shard.rows
        missing = np.flatnonzero(is_waiting)
        if len(missing):
            logger.info("%d chunks have no vector and will be found by their words alone", len(missing))
        return _Placed(
            columns.take(np.concatenate([*order, missing]).astype(np.int64)),
            np.concatenate([*places, np.full(len(missing), NOWHERE)]).astype(np.int64),
            tuple(wanted),
            len(missing),
        )

    def _sweep(self, live: Path | None) -> None:
        """Removes what killed builds left: scratch folders, and generations that never went live."""
        for scratch in self._folder.root.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(scratch)
        if live is not None:
            for path in self._folder.all().values():
                if path.name > live.name:
                    shutil.rmtree(path)

    def _remove_all_but(self, live: Path, previous: Path | None) -> None:
        for path in self._folder.all().values():
            if path not in (live, previous):
                shutil.rmtree(path)


@contextlib.contextmanager
def _exclusive(root: Path) -> Iterator[None]:
    """Holds the folder's build lock, which a killed process releases, and reports what the disk refuses."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexStateError("another process is building the index", permanent=False) from error
            yield
    except OSError as error:
        raise StoreError(f"the index in {root} cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=root))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)  # gone already where it was renamed


def _sync_tree(folder: Path) -> None:
    # A rename is durable only once the files and folders it carries are (man 2 fsync).
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
