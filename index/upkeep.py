"""Looking after an index: what it holds, whether it is whole, and which vector files nobody needs."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.changes import Changes, PlacedVectors
from index.generation import Generation, GenerationFolder
from index.manifest import Manifest
from index.shards import FileShards
from pipeline.errors import IndexStateError
from pipeline.ports import Census, Shard

_NONE_YET = "there is no search index yet; `autoreader run` builds it"


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What the live generation holds. Sizes in bytes; `tail` counts rows appended since the cells were made."""

    generation: int
    model: str
    dimension: int
    papers: int
    chunks: int
    without_vector: int
    dead: int
    vectors: str  # "exact" or "cells"
    tail: int
    size: int
    shards: int
    shards_size: int
    seconds_to_open: float


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of everything found. `problems` name a file and a remedy each; without any the index is whole.

    `waiting` counts the chunks that came, went or changed since the index was built: no damage, the next run adds them.
    """

    problems: tuple[str, ...]
    checked: int  # bytes
    waiting: int


def index_stats(index_folder: Path, shards_folder: Path) -> IndexStats:
    """Opens the live generation and tells what it holds. Raises IndexStateError where there is none or a broken one."""
    live = _live(index_folder)
    started = time.perf_counter()
    opened = Generation.open(live)
    seconds = time.perf_counter() - started
    manifest = opened.manifest
    files = [shards_folder / shard.path for shard in manifest.shards if shard.path]
    return IndexStats(
        generation=manifest.number,
        model=manifest.contract.model,
        dimension=manifest.contract.dimension,
        papers=manifest.papers,
        chunks=manifest.chunks,
        without_vector=manifest.without_vector,
        dead=manifest.rows - manifest.chunks,
        vectors="cells" if manifest.indexed_rows else "exact",
        tail=manifest.rows - manifest.indexed_rows if manifest.indexed_rows else 0,
        size=manifest.size,
        shards=len(files),
        shards_size=sum(path.stat().st_size for path in files),
        seconds_to_open=seconds,
    )


def verify_index(index_folder: Path, shards_folder: Path, shards: Sequence[Shard], census: Census) -> Verification:
    """Reads every file of the live generation and of the shards, and compares both with what the store holds.

    Raises IndexStateError where there is no index.
    """
    live = _live(index_folder)
    store = FileShards(shards_folder)
    problems = [problem for shard in shards if (problem := _problem_of(store, shard))]
    checked = sum(path.stat().st_size for shard in shards if (path := shards_folder / shard.path).is_file())
    try:
        manifest = Manifest.read(live)
        manifest.check_contents(live)
        columns = Generation.open(live).columns
        checked += manifest.size
    except IndexStateError as error:
        problems.append(str(error))
    if problems:
        return Verification(tuple(problems), checked, 0)
    embedded = [shard for shard in shards if shard.contract_key == manifest.contract.key]
    changes = Changes.between(columns, census, PlacedVectors.of(manifest.shards, embedded, store))
    waiting = np.concatenate([changes.added, columns.ids[changes.gone], columns.ids[changes.moved]])
    return Verification((), checked, len(np.unique(waiting)))


def sweep_shards(index_folder: Path, shards_folder: Path, named: Collection[str]) -> int:
    """Removes vector files that neither the store (`named`, of every contract) nor a generation refers to.

    A run that was killed between writing a file and its row leaves one. Returns how many there were. Only for whoever
    holds the run's lock: another run may be about to name what it wrote.
    """
    needed = set(named)
    for folder in GenerationFolder(index_folder).all().values():
        try:
            needed |= {shard.path for shard in Manifest.read(folder).shards}
        except IndexStateError:
            continue  # one that cannot be read refers to nothing that could be searched
    found = [*shards_folder.glob("*/*.npy"), *shards_folder.glob("*/.tmp-*")]
    orphans = [path for path in found if path.relative_to(shards_folder).as_posix() not in needed]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _live(index_folder: Path) -> Path:
    live = GenerationFolder(index_folder).live()
    if live is None:
        raise IndexStateError(_NONE_YET)
    return live


def _problem_of(store: FileShards, shard: Shard) -> str:
    try:
        store.read_ids(shard)
    except IndexStateError as error:
        return str(error)
    return ""
