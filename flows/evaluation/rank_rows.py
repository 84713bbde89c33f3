"""Figures with their intervals, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.evaluation.rank_scores import Interval

_TEXTS = 2  # columns of words stand to the left


@dataclass(frozen=True, slots=True)
class RankRow:
    """What a method reached: the mean `value` over `n` readers, and the bounds of its 95 % interval."""

    dataset: str
    method: str
    metric: str
    value: float
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, dataset: str, method: str, metric: str, found: Interval) -> RankRow:
        """A row of an interval."""
        return cls(dataset, method, metric, found.value, found.n, found.low, found.high)

    @classmethod
    def plain(cls, dataset: str, method: str, metric: str, value: float, n: int) -> RankRow:
        """A row without an interval."""
        return cls(dataset, method, metric, value, n, value, value)


def as_text(rows: Sequence[RankRow]) -> str:
    """A line for each data set and method, a column for each metric with its interval, in columns of their own width.

    A new block begins where the metrics are others.
    """
    blocks: dict[tuple[str, ...], list[list[str]]] = {}
    lines: dict[tuple[str, str], dict[str, RankRow]] = {}
    for row in rows:
        lines.setdefault((row.dataset, row.method), {})[row.metric] = row
    for (dataset, method), cells in lines.items():
        shown = [_shown(cell) for cell in cells.values()]
        blocks.setdefault(tuple(cells), []).append([dataset, method, str(next(iter(cells.values())).n), *shown])
    return "\n\n".join(_block([["data", "method", "n", *metrics], *block]) for metrics, block in blocks.items())


def rows_json(rows: Sequence[RankRow]) -> dict[str, Any]:  # Any: JSON
    """One JSON document of all rows; figures with five decimals."""
    rounded = ("value", "low", "high")
    return {"rows": [asdict(row) | {name: round(getattr(row, name), 5) for name in rounded} for row in rows]}


def _block(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < _TEXTS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _shown(row: RankRow) -> str:
    if row.low == row.high == row.value:
        return f"{row.value:.0f}" if row.value == int(row.value) and row.value > 1 else f"{row.value:.3f}"
    return f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]"
