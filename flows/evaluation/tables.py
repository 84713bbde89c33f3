"""Rows as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flows.evaluation.rows import Row

_TEXTS = 2  # columns of words stand to the left
_FEW = 10.0  # from here on decimals say nothing


def pivot(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Column names and lines: one for each data set and metric, with a column for each method."""
    methods = list(dict.fromkeys(row.method for row in rows))
    values = {(row.dataset, row.metric, row.method): row.value for row in rows}
    counts = {(row.dataset, row.metric): row.n for row in rows}
    lines = [
        [dataset, metric, str(n), *(_shown(values.get((dataset, metric, method))) for method in methods)]
        for (dataset, metric), n in counts.items()
    ]
    return ["data", "metric", "n", *methods], lines


def as_text(rows: Sequence[Row]) -> str:
    """The table in columns of their own width: wider than 80 characters, for it must stay a table in a file as well."""
    columns, lines = pivot(rows)
    widths = [max(map(len, cells)) for cells in zip(columns, *lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) if place < _TEXTS else cell.rjust(width) for place, cell, width in cells).rstrip()
        for cells in (zip(range(len(widths)), line, widths, strict=True) for line in [columns, *lines])
    )


def rows_json(rows: Sequence[Row]) -> dict[str, Any]:  # Any: JSON
    """One JSON document of all rows; values with five decimals."""
    return {"rows": [asdict(row) | {"value": round(row.value, 5)} for row in rows]}


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value == int(value) and value > 1 else f"{value:.1f}" if value >= _FEW else f"{value:.4f}"
