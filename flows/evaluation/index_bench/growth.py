"""How search grows with the archive: measured sizes, and the line from them to the whole of arXiv."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.evaluation.index_bench.vectors import VectorRun
from flows.evaluation.rows import Row
from pipeline.blobs import write_atomically

FAR = (30_000_000, 90_000_000)  # chunks: a third, and the whole, of arXiv in full text
_POWERS = {"CPU-ms p50": 0.5, "MB in memory": 1.0, "build CPU-s": 1.5}  # of the number of rows
_LARGE = 1_000_000
MEASURED, EXTRAPOLATED = "measured", "extrapolated"


def grown(run: VectorRun) -> dict[str, float]:
    """One size's figures, by metric, with its `rows`."""
    told = {row.metric: row.value for row in run.rows() if row.dataset == f"{len(run.cells)} vectors"}
    return {"rows": float(len(run.cells))} | {name: told[name] for name in (*_POWERS, "recall@10")}


def extrapolated(sizes: Sequence[dict[str, float]], far: Sequence[int] = FAR) -> list[dict[str, float]]:
    """What the largest measured size says of larger ones, by the way the index is built; nothing where it is small.

    Codes are as many as rows. Cells are the square root of the rows, each with that many: a query looks into 64 of
    them, and a build compares every row with all of them. Below a million rows, cells are a fixed number.
    """
    last = max(sizes, key=lambda one: one["rows"])
    if last["rows"] < _LARGE:
        return []
    return [
        {"rows": float(rows)} | {name: last[name] * (rows / last["rows"]) ** power for name, power in _POWERS.items()}
        for rows in far
    ]


def write(path: Path, sizes: Sequence[dict[str, float]]) -> list[dict[str, float]]:
    """Stores both as JSON for the picture (`tests/bench/growth_plot.py`) and returns what is measured by now.

    Sizes of earlier runs stay.
    """
    known = json.loads(path.read_text(encoding="utf-8"))[MEASURED] if path.is_file() else []
    every = sorted(({one["rows"]: one for one in [*known, *sizes]}).values(), key=lambda one: one["rows"])
    told = {MEASURED: every, EXTRAPOLATED: extrapolated(every)}
    write_atomically(path, json.dumps(told, indent=1).encode())
    return every


def rows_of(sizes: Sequence[dict[str, float]]) -> Iterator[Row]:
    """The line's figures as rows of the table, marked as not measured."""
    for one in extrapolated(sizes):
        for name in _POWERS:
            yield Row(f"{one['rows']:.0f} vectors, extrapolated", "autoreader", name, one[name], 1)
