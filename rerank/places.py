"""Which papers of a ranking a digest holds, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.digest import Ranked
from pipeline.ports import RankRequest


def place(ranking: Sequence[Ranked], request: RankRequest) -> list[Ranked]:
    """The same ranking with the places of those that reach the gate, as many as fit."""
    placed, taken = [], 0
    for ranked in ranking:
        is_taken = ranked.probability >= request.gate and taken < request.most
        taken += is_taken
        placed.append(replace(ranked, place=taken) if is_taken else ranked)
    return placed
