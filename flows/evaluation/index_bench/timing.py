"""Times of single calls, on the wall and of the processor: on a busy machine only the latter repeats."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from flows.evaluation.rows import Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each of several calls, in their order."""

    wall: tuple[float, ...]
    processor: tuple[float, ...]

    @classmethod
    def of(cls, call: Callable[[T], object], arguments: Iterable[T]) -> Times:
        """Calls with one argument after the other; processor time is that of all threads of this process."""
        wall, processor = [], []
        for argument in arguments:
            started, used = time.perf_counter(), time.process_time()
            call(argument)
            wall.append(1000 * (time.perf_counter() - started))
            processor.append(1000 * (time.process_time() - used))
        return cls(tuple(wall), tuple(processor))

    def as_json(self) -> dict[str, list[float]]:
        """For another process."""
        return {"wall": list(self.wall), "processor": list(self.processor)}

    def rows(self, dataset: str, method: str) -> Iterator[Row]:
        """The middle and the slowest in a hundred of both."""
        for kind, values in (("ms", self.wall), ("CPU-ms", self.processor)):
            for share, name in ((0.5, "p50"), (0.99, "p99")):
                yield Row(dataset, method, f"{kind} {name}", float(np.quantile(values, share)), len(values))


def memory_mb() -> dict[str, float]:
    """What this process holds in memory, in MB: `VmRSS` all of it, `RssAnon` without what is mapped from files.

    Linux tells it; elsewhere the dictionary is empty. https://docs.kernel.org/filesystems/proc.html, Table 1-2
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return {}
    fields = (line.split() for line in status.read_text(encoding="ascii", errors="replace").splitlines())
    return {name.rstrip(":"): int(kb[0]) / 1000 for name, *kb in fields if name in {"VmRSS:", "RssAnon:"}}


def folder_mb(folder: Path) -> float:
    """What a file, or all files below a folder, take on disk, in MB."""
    files = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 1e6
