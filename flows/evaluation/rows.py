"""One figure of a comparison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What a method reached: `value` of a metric on a data set, over `n` papers, pages, references..."""

    dataset: str
    method: str
    metric: str
    value: float
    n: int
