"""The program that measures one other vector store: `python store_process.py STORE`, one JSON job on stdin.

It runs in the environment of the stores, so it imports nothing but the standard library, numpy and that store. The job
names .npy files (`vectors` and `queries` float32 of unit length, `truth` the ten best rows of each query) and an empty
`folder`; the answer is one JSON document: what the build took, and recall and milliseconds of each setting tried.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any  # of arrays and of stores that ship no types

import numpy as np

_WANTED = 10
_BATCH = 5000
Ask = Callable[[Any], list[int]]
Store = Iterator[tuple[str, Ask]]  # builds before the first setting; then one way of asking a setting


def main(name: str) -> None:
    """Answers one job."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints goes to stderr
    job = json.load(sys.stdin)
    vectors, queries, truth = (np.load(job[part]) for part in ("vectors", "queries", "truth"))
    started, used = time.perf_counter(), time.process_time()
    store = _OPENERS[name](vectors, Path(job["folder"]))
    setting, ask = next(store)
    built = {"build_s": time.perf_counter() - started, "build_cpu_s": time.process_time() - used}
    trials = [_trial(setting, ask, queries, truth), *(_trial(*one, queries, truth) for one in store)]
    answers.write(json.dumps(built | {"trials": trials}) + "\n")
    answers.close()


def _trial(setting: str, ask: Ask, queries: Any, truth: Any) -> dict[str, Any]:
    ask(queries[0])
    milliseconds, processor, hits = [], [], 0
    for query, best in zip(queries, truth, strict=True):
        started, used = time.perf_counter(), time.process_time()
        found = ask(query)
        milliseconds.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - used))
        hits += len(set(found) & set(best.tolist()))
    return {
        "setting": setting,
        "recall": hits / truth.size,
        "ms": statistics.median(milliseconds),
        "cpu_ms": statistics.median(processor),
    }


def _lancedb(vectors: Any, folder: Path) -> Store:
    # All of these are in the stores' environment only.
    import lancedb  # type: ignore[import-not-found]
    import pyarrow as pa  # type: ignore[import-not-found]

    flat = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
    rows = pa.table({"id": pa.array(np.arange(len(vectors))), "vector": flat})
    table = lancedb.connect(folder).create_table("chunks", rows)
    # Its IVF_RQ, the same kind of codes as ours, was not done with 40,000 rows after 140 CPU-seconds.
    table.create_index(metric="dot", index_type="IVF_PQ", num_partitions=int(len(vectors) ** 0.5), num_sub_vectors=96)

    def asking(probes: int, refine: int) -> tuple[str, Ask]:
        def ask(query: Any) -> list[int]:  # Any: an array
            search = table.search(query).distance_type("dot").nprobes(probes).refine_factor(refine)
            found: list[int] = search.limit(_WANTED).select(["id", "_distance"]).to_arrow()["id"].to_pylist()
            return found

        return f"IVF_PQ, {probes} probes, refined {refine} times", ask

    yield from (asking(*setting) for setting in ((16, 5), (16, 10), (32, 20), (64, 40)))


def _chroma(vectors: Any, folder: Path) -> Store:
    import chromadb  # type: ignore[import-not-found]

    client = chromadb.PersistentClient(path=str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
    collection = client.create_collection("chunks", configuration={"hnsw": {"space": "ip"}}, embedding_function=None)
    for start in range(0, len(vectors), _BATCH):
        some = vectors[start : start + _BATCH]
        collection.add(ids=[str(start + place) for place in range(len(some))], embeddings=some)

    def ask(query: Any) -> list[int]:
        found = collection.query(query_embeddings=[query], n_results=_WANTED, include=[])
        return [int(row) for row in found["ids"][0]]

    for ef in (50, 100, 200, 400):
        collection.modify(configuration={"hnsw": {"ef_search": ef}})
        yield f"HNSW, ef {ef}", ask


def _sqlite_vec(vectors: Any, folder: Path) -> Store:
    import apsw  # type: ignore[import-not-found]
    import sqlite_vec  # type: ignore[import-not-found]

    connection = apsw.Connection(str(folder / "chunks.db"))
    connection.enable_load_extension(True)  # noqa: FBT003 (its signature)
    connection.load_extension(sqlite_vec.loadable_path())
    width = vectors.shape[1]
    connection.execute(f"CREATE VIRTUAL TABLE chunks USING vec0(v float[{width}] distance_metric=cosine)")
    with connection:
        insert = "INSERT INTO chunks(rowid, v) VALUES (?, ?)"
        connection.executemany(insert, ((row, one.tobytes()) for row, one in enumerate(vectors)))

    def exactly(query: Any) -> list[int]:
        nearest = "SELECT rowid FROM chunks WHERE v MATCH ? AND k = ?"
        return [row for (row,) in connection.execute(nearest, (query.tobytes(), _WANTED))]

    yield "exact", exactly


_OPENERS: dict[str, Callable[[Any, Path], Store]] = {"LanceDB": _lancedb, "Chroma": _chroma, "sqlite-vec": _sqlite_vec}

if __name__ == "__main__":
    main(sys.argv[1])
