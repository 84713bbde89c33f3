"""What a scorer made of pairs, kept in a dictionary; and a first stage that says what it was told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.digest import Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Pair, RankRequest


@dataclass
class DictMemory:
    """Implements `pipeline.ports.PairMemory`."""

    scores: dict[Pair, float] = field(default_factory=dict)

    def recall(self, pairs: Collection[Pair]) -> dict[Pair, float]:
        return {pair: self.scores[pair] for pair in pairs if pair in self.scores}

    def keep(self, scores: Mapping[Pair, float]) -> None:
        self.scores.update(scores)


@dataclass
class SaidRanker:
    """Implements `pipeline.ports.Ranker`: answers with these rankings, in the order of the requests."""

    rankings: list[list[Ranked]]

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        del candidates, archive
        assert len(requests) == len(self.rankings)
        return self.rankings
