"""The nearest rows by comparing with every one of them, for many queries and conditions at once: the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from index.columns import Mask
from index.shard_rows import ShardRows
from pipeline.ports import F32, I64

WANTED = 10
_BLOCK = 65_536


@dataclass(slots=True)
class _Best:
    rows: I64
    scores: F32

    def add(self, rows: I64, scores: F32) -> None:
        """Keeps the best of what there is and of further rows, given with their scores for each query."""
        count = min(WANTED, len(rows))
        if count == 0:
            return
        places = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        every = np.concatenate([self.scores, np.take_along_axis(scores, places, 1)], axis=1)
        known = np.concatenate([self.rows, rows[places]], axis=1)
        best = np.argsort(-every, axis=1, kind="stable")[:, :WANTED]
        self.rows, self.scores = np.take_along_axis(known, best, 1), np.take_along_axis(every, best, 1)


def nearest(rows: ShardRows, queries: F32, masks: Mapping[str, Mask]) -> dict[str, I64]:
    """For each mask, and under "" without one, the ten best rows of each query; -1 where a mask leaves fewer."""
    shape = (len(queries), WANTED)
    found = {name: _Best(np.full(shape, -1, np.int64), np.full(shape, -np.inf, np.float32)) for name in ("", *masks)}
    for start, scores in _scores(rows, queries):
        for name, best in found.items():
            block = slice(start, start + scores.shape[1])
            admitted = np.flatnonzero(masks[name][block]) if name else np.arange(scores.shape[1])
            best.add(start + admitted, scores[:, admitted])
    return {name: best.rows for name, best in found.items()}


def recall(found: I64, wanted: I64) -> float:
    """Which share of the wanted rows (-1: none) was found, over all queries."""
    hits = sum(len(np.intersect1d(ours[ours >= 0], best[best >= 0])) for ours, best in zip(found, wanted, strict=True))
    return hits / max(int(np.count_nonzero(wanted >= 0)), 1)


def _scores(rows: ShardRows, queries: F32) -> Iterator[tuple[int, F32]]:
    for start in range(0, len(rows), _BLOCK):
        vectors = rows.take(np.arange(start, min(start + _BLOCK, len(rows))))
        yield start, queries @ vectors.T
