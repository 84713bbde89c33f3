"""Vector search alone: how near to exact, how fast, how large, without and under conditions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.evaluation.index_bench.exact import WANTED, nearest, recall
from flows.evaluation.index_bench.timing import Times, folder_mb
from flows.evaluation.rows import Row
from index.approximate import ApproximateIndex
from index.columns import Mask
from index.shard_rows import ShardFile, ShardRows
from pipeline.ports import F32, I64, Shard

SHARES = (0.1, 0.01, 0.001, 0.000_001)
METHOD = "autoreader"


@dataclass(frozen=True, slots=True)
class VectorRun:
    """An index of cells over drawn shards, with queries and the truth of each condition ("": none)."""

    cells: ApproximateIndex
    queries: F32
    masks: Mapping[str, Mask]
    truth: Mapping[str, I64]
    build_cpu_s: float
    file_mb: float

    @classmethod
    def of(cls, folder: Path, shards: list[Shard], queries: F32, shares: tuple[float, ...] = SHARES) -> VectorRun:
        """Builds it over shards below a folder, saves it there and opens it again; takes one thread."""
        import faiss

        faiss.omp_set_num_threads(1)
        count = sum(shard.rows for shard in shards)
        files = [ShardFile(shard.path, shard.rows) for shard in shards]
        rows = ShardRows(folder, files, np.arange(count), queries.shape[1])
        path, started = folder / f"cells-{count}.faiss", time.process_time()
        ApproximateIndex.build(rows, count, queries.shape[1]).save(path)
        build_cpu_s = time.process_time() - started
        masks = conditions(count, shares)
        opened = ApproximateIndex.load(path, rows)
        return cls(opened, queries, masks, nearest(rows, queries, masks), build_cpu_s, folder_mb(path))

    def rows(self) -> Iterator[Row]:
        """Recall and times of each condition, with the build's figures."""
        data = f"{len(self.cells)} vectors"
        yield Row(data, METHOD, "build CPU-s", self.build_cpu_s, 1)
        yield Row(data, METHOD, "MB in memory", self.file_mb, 1)
        for name, truth in self.truth.items():
            found, times = self.search(self.masks.get(name))
            dataset = f"{data}, {name}" if name else data
            yield Row(dataset, METHOD, f"recall@{WANTED}", recall(found, truth), len(found))
            yield from times.rows(dataset, METHOD)

    def search(self, mask: Mask | None) -> tuple[I64, Times]:
        """The ten best rows of every query under a mask (-1 where there are fewer), and how long each took."""
        found = np.full((len(self.queries), WANTED), -1, np.int64)

        def ask(place: int) -> None:
            rows, _ = self.cells.search(self.queries[place], WANTED, mask)
            found[place, : len(rows)] = rows

        return found, Times.of(ask, range(len(self.queries)))


def conditions(count: int, shares: tuple[float, ...]) -> dict[str, Mask]:
    """For each share a range of days (rows in a row) and a category (rows anywhere) that leave it over."""
    rng = np.random.default_rng(5)
    masks: dict[str, Mask] = {}
    for share in shares:
        left = max(1, round(count * share))
        days, category = np.zeros(count, bool), np.zeros(count, bool)
        start = int(rng.integers(count - left + 1))
        days[start : start + left] = True
        category[rng.choice(count, left, replace=False)] = True
        masks |= {f"days leave {100 * share:g} %": days, f"category leaves {100 * share:g} %": category}
    return masks
