"""The same vectors and queries in other vector stores, each at the fastest setting that finds as much."""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from flows.evaluation.index_bench.exact import WANTED, recall
from flows.evaluation.index_bench.timing import Times
from flows.evaluation.index_bench.vectors import METHOD, VectorRun
from flows.evaluation.peers import Peers
from flows.evaluation.rows import Row
from index.dense import DenseIndex
from pipeline.errors import AutoreaderError, UsageError
from pipeline.ports import F32, I64

logger = logging.getLogger(__name__)

DEFAULT_PYTHON = Path(".venv-search-peers") / "bin" / "python"
ENOUGH = 0.99
_PROGRAM = Path(__file__).with_name("store_process.py")
_BLOCK = 65_536


class Store(StrEnum):
    """Who else keeps vectors."""

    LANCEDB = "LanceDB"
    CHROMA = "Chroma"
    SQLITE_VEC = "sqlite-vec"


_MODULES = {Store.LANCEDB: "lancedb", Store.CHROMA: "chromadb", Store.SQLITE_VEC: "sqlite_vec"}


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting of a store: what it found, and milliseconds a query in the middle, on the wall and of processors."""

    setting: str
    recall: float
    ms: float
    cpu_ms: float


def find_stores(python: Path | None) -> Peers:
    """The interpreter named, or the one that `make search-peers` makes. Raises UsageError where it does not exist."""
    if python is not None and not python.is_file():
        raise UsageError(f"--peers: no Python interpreter {python}")
    return Peers(python or (DEFAULT_PYTHON if DEFAULT_PYTHON.is_file() else None))


def beside_stores(run: VectorRun, peers: Peers) -> Iterator[Row]:
    """Ours and each store's figures for the run's queries without conditions, and how many times as fast ours is.

    Every store is built and asked in a process of its own, ours again before each, so that both see the same machine.
    """
    data = f"{len(run.cells)} vectors beside others"
    with tempfile.TemporaryDirectory() as folder:
        job = _write_job(run, Path(folder))
        for store in Store:
            if not peers.has(_MODULES[store]):
                logger.warning("%s: not installed; `make search-peers` installs it", store)
                continue
            ours = _ours(run)
            told = _measured(store, job, Path(folder) / store, peers)
            best = fastest_enough([Trial(**trial) for trial in told["trials"]])
            logger.info("%s was at its best with %s", store, best.setting)
            if store is next(iter(Store)):
                yield from _rows(data, METHOD, ours, run.build_cpu_s)
            yield from _rows(data, store, best, told["build_cpu_s"])
            yield Row(data, store, "ours is times as fast (ms)", best.ms / ours.ms, len(run.queries))
            yield Row(data, store, "ours is times as fast (CPU-ms)", best.cpu_ms / ours.cpu_ms, len(run.queries))
    yield from _rows(data, f"{METHOD}, exact", *_exactly(run))


def fastest_enough(trials: list[Trial]) -> Trial:
    """The fastest setting that finds enough; where none does, the one that finds most."""
    enough = [trial for trial in trials if trial.recall >= ENOUGH]
    return min(enough, key=lambda trial: trial.ms) if enough else max(trials, key=lambda trial: trial.recall)


def _ours(run: VectorRun) -> Trial:
    found, times = run.search(None)
    return Trial("", recall(found, run.truth[""]), float(np.median(times.wall)), float(np.median(times.processor)))


def _rows(data: str, method: str, trial: Trial, build_cpu_s: float) -> Iterator[Row]:
    yield Row(data, method, f"recall@{WANTED}", trial.recall, 1)
    yield Row(data, method, "ms p50", trial.ms, 1)
    yield Row(data, method, "CPU-ms p50", trial.cpu_ms, 1)
    yield Row(data, method, "build CPU-s", build_cpu_s, 1)


def _exactly(run: VectorRun) -> tuple[Trial, float]:
    """The index that serves up to 200,000 vectors, which compares with every one."""
    used = time.process_time()
    dense = DenseIndex.empty(run.queries.shape[1])
    for start in range(0, len(run.cells), _BLOCK):
        dense.add(run.cells.vectors(np.arange(start, min(start + _BLOCK, len(run.cells)))))
    build_cpu_s = time.process_time() - used
    times = Times.of(lambda query: dense.search(query, WANTED), run.queries)
    return Trial("", 1.0, float(np.median(times.wall)), float(np.median(times.processor))), build_cpu_s


def _write_job(run: VectorRun, folder: Path) -> dict[str, str]:
    arrays: dict[str, F32 | I64] = {
        "vectors": run.cells.vectors(np.arange(len(run.cells))),
        "queries": run.queries,
        "truth": run.truth[""],
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return {name: str(folder / f"{name}.npy") for name in arrays}


def _measured(store: Store, job: dict[str, str], folder: Path, peers: Peers) -> dict[str, Any]:  # Any: JSON
    folder.mkdir()
    answer = subprocess.run(  # noqa: S603 (our program, the interpreter the user named)
        [str(peers.python), "-I", str(_PROGRAM), store.value],
        input=json.dumps(job | {"folder": str(folder)}),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        said = answer.stderr.strip().rpartition("\n")[2]
        raise AutoreaderError(f"{store} ended with exit code {answer.returncode}: {said or 'no message'}")
    told: dict[str, Any] = json.loads(answer.stdout)  # Any: JSON
    return told
