"""Two rankers in one digest: which of them does the reader like better?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.digest import Ranked
from pipeline.interleaving import drafted_by
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Ranker, RankRequest
from rerank.chance import tosses
from rerank.diversity import Works

_NOBODY = -1


class TeamDraftRanker:
    """Implements `pipeline.ports.Ranker` over two that give places: a team draft of their digests.

    In every round a toss decides who picks first; each then takes the best of its own digest that is still there, and
    nothing that nearly repeats what is taken (Radlinski, Kurup and Joachims 2008, doi:10.1145/1458082.1458092).
    `Ranked.ranker` names the team that drafted a paper and its rival (`pipeline.interleaving`). What only one of them
    has left in the end is in the digest too, and credited to nobody: else the one that shows more would win by it. So
    is an exploration. All other papers stand as the first ranker has them.
    """

    def __init__(self, one: tuple[str, Ranker], other: tuple[str, Ranker], seed: str = "") -> None:
        """`one` and `other` are rankers with their names; with another seed all tosses fall anew."""
        self._rankers = (one[1], other[1])
        self._labels = (drafted_by(one[0], other[0]), drafted_by(other[0], one[0]))
        self._salt = f"draft {seed}"

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, with the places of the draft."""
        ours, theirs = (ranker.rank(requests, candidates, archive) for ranker in self._rankers)
        works = Works(candidates)
        return [
            self._drafted((one, other), request, works)
            for one, other, request in zip(ours, theirs, requests, strict=True)
        ]

    def _drafted(self, rankings: _Rankings, request: RankRequest, works: Works) -> list[Ranked]:
        digests = (_digest(rankings[0]), _digest(rankings[1]))
        named = dict.fromkeys(one.paper_id for one in (*digests[0], *digests[1], *_touched(rankings)))
        work_of = _work_of(list(named), works)
        coin = tosses(request, self._salt)
        picks = list(islice(draft(digests, work_of, coin), request.most))
        if picks and len(picks) < request.most:
            picks += _exploration(rankings, {work_of[one.ranked.paper_id] for one in picks}, work_of, coin)
        return self._put_together(rankings, picks, work_of)

    def _put_together(self, rankings: _Rankings, picks: Sequence[Pick], work_of: Mapping[str, str]) -> list[Ranked]:
        """All papers, each once: a drafted one as its team has it, the others as the first ranker has them."""
        rows = {one.paper_id: one for ranking in reversed(rankings) for one in ranking}
        shown = {work_of[one.ranked.paper_id]: one.ranked.paper_id for one in picks}
        for paper_id, work in work_of.items():
            rows[paper_id] = replace(
                rows[paper_id], place=0, is_exploration=False, same_as=shown.get(work, ""), ranker=""
            )
        for place, pick in enumerate(picks, start=1):
            label = "" if pick.team == _NOBODY else self._labels[pick.team]
            rows[pick.ranked.paper_id] = replace(pick.ranked, place=place, ranker=label)
        return sorted(rows.values(), key=lambda one: (-one.score, one.paper_id))


_Rankings = tuple[Sequence[Ranked], Sequence[Ranked]]


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper and the team that drafted it: 0, 1, or -1 where it is credited to nobody."""

    ranked: Ranked
    team: int


def draft(digests: _Rankings, work_of: Mapping[str, str], coin: Iterator[bool]) -> Iterator[Pick]:
    """Picks from two digests, each in its order, until both are used up.

    `work_of` tells which papers are one work; of a work one paper is picked.
    """
    taken: set[str] = set()
    while True:
        left = [[one for one in digest if work_of[one.paper_id] not in taken] for digest in digests]
        if not all(left):
            break
        first = int(next(coin))
        for team in (first, 1 - first):
            if mine := next((one for one in left[team] if work_of[one.paper_id] not in taken), None):
                taken.add(work_of[mine.paper_id])
                yield Pick(mine, team)
    for one in (*left[0], *left[1]):
        if work_of[one.paper_id] not in taken:
            taken.add(work_of[one.paper_id])
            yield Pick(one, _NOBODY)


def _digest(ranking: Sequence[Ranked]) -> list[Ranked]:
    placed = (one for one in ranking if one.place and not one.is_exploration)
    return sorted(placed, key=lambda one: one.place)


def _touched(rankings: _Rankings) -> list[Ranked]:
    """Papers that are in no digest though a ranker decided on them."""
    return [one for ranking in rankings for one in ranking if one.same_as or one.is_exploration]


def _work_of(ids: Sequence[str], works: Works) -> dict[str, str]:
    """For each paper the name of its work: the first of the papers that it nearly repeats."""
    vectors = works.abstracts(ids)
    repeats = works.repeats(ids, vectors @ vectors.T)
    return {one: repeats.get(one, one) for one in ids}


def _exploration(rankings: _Rankings, taken: set[str], work_of: Mapping[str, str], coin: Iterator[bool]) -> list[Pick]:
    """One exploration where any of the two has one that is not in the digest anyway, last."""
    first = int(next(coin))
    for ranking in (rankings[first], rankings[1 - first]):
        for one in ranking:
            if one.is_exploration and work_of[one.paper_id] not in taken:
                return [Pick(one, _NOBODY)]
    return []
