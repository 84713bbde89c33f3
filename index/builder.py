"""Building the next generation beside the live one, so that a crash at any moment leaves the old one serving."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.columns import Columns, ColumnsBuilder
from index.dense import DenseIndex
from index.generation import COLUMNS, VECTORS, WORDS, GenerationFolder
from index.lexical import LexicalWriter
from index.manifest import FORMAT, Manifest, describe_files, source_key
from pipeline.blobs import write_atomically
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError, StoreError
from pipeline.ports import I64, IndexedChunk, Shard, VectorShards

logger = logging.getLogger(__name__)
_TEMPORARY = ".building-"


class GenerationIndexBuilder:
    """Implements `pipeline.ports.GenerationBuilder` over a folder of generations."""

    def __init__(self, root: Path, shards: VectorShards) -> None:
        self._folder = GenerationFolder(root)
        self._shards = shards

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
                columns, without_vector = self._fill(scratch, contract, shards, chunks)
                manifest = Manifest(
                    format=FORMAT,
                    number=number,
                    contract=contract,
                    source=source_key(shards, fingerprint),
                    chunks=len(columns),
                    papers=len(np.unique(columns.papers)),
                    without_vector=without_vector,
                    files=describe_files(scratch),
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
    ) -> tuple[Columns, int]:
        collected = ColumnsBuilder()
        with LexicalWriter(scratch / WORDS) as words:
            for chunk in chunks:
                words.add(chunk)
                collected.add(chunk)
        dense, order, without_vector = self._vectors(contract, shards, collected.finish())
        order.save(scratch / COLUMNS)
        dense.save(scratch / VECTORS)
        return order, without_vector

    def _vectors(
        self, contract: EmbeddingContract, shards: Sequence[Shard], columns: Columns
    ) -> tuple[DenseIndex, Columns, int]:
        """The dense index, filled shard by shard, and the columns in its order: no second copy of the vectors."""
        dense = DenseIndex.empty(contract.dimension)
        is_waiting = np.ones(len(columns), bool)
        order: list[I64] = []
        for shard in shards:
            ids, vectors = self._shards.read(shard)
            rows = columns.rows_of(ids)
            is_wanted = rows >= 0
            is_wanted[is_wanted] &= is_waiting[rows[is_wanted]]
            dense.add(vectors[is_wanted])
            order.append(rows[is_wanted])
            is_waiting[rows[is_wanted]] = False
        missing = np.flatnonzero(is_waiting)
        if len(missing):
            logger.info("%d chunks have no vector and will be found by their words alone", len(missing))
            dense.add(np.zeros((len(missing), contract.dimension), np.float32))
        return dense, columns.take(np.concatenate([*order, missing]).astype(np.int64)), len(missing)

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
