"""Which papers of a ranking a digest holds, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.digest import Ranked
from pipeline.ports import F32, NOTHING_OLDER, Archive, Candidate, Ranker, RankRequest
from rerank.authors import Bylines
from rerank.diversity import Field, Works, spread
from rerank.exploration import border, pick

_CONSIDERED = 5  # papers for each place: what stands further down adds too little, however different it is
_HOPELESS = 0.2  # of the gate's probability; explored is from a fifth of its odds on, which is more
_HOPELESS_ROW = 50
_UNSURE = 1e-9  # nothing is entirely certain: log-odds stay finite
_LIGHTEST = 0.05  # an interest of less weight gets no fewer places, or it would never get a second


class PlacingRanker:
    """Implements `pipeline.ports.Ranker` over another one, whose order, scores and probabilities it keeps.

    A digest holds what reaches the gate, `request.most` at most. Of near repetitions the best stands, the others name
    it in `same_as`. Followed authors come first, then what adds most to the papers above it (`rerank.diversity`); with
    room left, one paper from below the gate may come last (`rerank.exploration`). A day on which nothing reaches the
    gate stays empty. Only the head of a ranking is looked at: its length hardly matters.
    """

    def __init__(self, first: Ranker) -> None:
        self._first = first

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, with the places of the digest."""
        rankings = self._first.rank(requests, candidates, archive)
        day = _Day.of(candidates)
        return [day.placed(ranking, request) for ranking, request in zip(rankings, requests, strict=True)]


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's papers as all its readers share them."""

    works: Works
    bylines: Bylines
    ids: tuple[str, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> _Day:
        papers = [candidate.paper for candidate in candidates]
        return cls(Works(candidates), Bylines([paper.authors for paper in papers]), tuple(one.id for one in papers))

    def placed(self, ranking: Sequence[Ranked], request: RankRequest) -> list[Ranked]:
        """The ranking of one reader with its digest decided."""
        top = _top(ranking, request.gate)
        good = {one.paper_id: at for at, one in enumerate(top) if one.probability >= request.gate}
        digest = self._digest(_head([ranking[at] for at in good.values()], request), request)
        shown = [one for one, decision in digest.items() if decision.place]
        placed = list(ranking)
        for paper_id, at in good.items():
            placed[at] = digest.get(paper_id, _LEFT_OUT).upon(ranking[at])
        if 0 < len(shown) < request.most and (learned := self._explored(top, request, shown)):
            at = next(at for at, one in enumerate(top) if one is learned)
            placed[at] = _Decision(len(shown) + 1, is_exploration=True).upon(learned)
        return placed

    def _digest(self, head: Sequence[Ranked], request: RankRequest) -> dict[str, _Decision]:
        """What is decided on the papers at the head."""
        ids = [one.paper_id for one in head]
        vectors = self.works.abstracts(ids)
        cosines: F32 = vectors @ vectors.T
        repeats = self.works.repeats(ids, cosines)
        stay = [at for at, paper_id in enumerate(ids) if paper_id not in repeats]
        followed = self._by(request.profile.authors) | set(request.authored)
        pinned = [number for number, at in enumerate(stay) if ids[at] in followed]
        field = _field([head[at] for at in stay], cosines[np.ix_(stay, stay)], request)
        places = {ids[stay[at]]: place for place, at in enumerate(spread(field, pinned, request.most), start=1)}
        same = {one: best for one, best in repeats.items() if best in places}
        return {one: _Decision(place=place) for one, place in places.items()} | {
            one: _Decision(same_as=best) for one, best in same.items()
        }

    def _explored(self, ranking: Sequence[Ranked], request: RankRequest, shown: Sequence[str]) -> Ranked | None:
        avoided = self._by(request.profile.avoided_authors)
        found = border((one for one in ranking if one.paper_id not in avoided), request)
        if not found.papers:
            return None
        near = [one.paper_id for one in found.papers]
        both, judged = [*shown, *near], [*request.profile.wanted_papers, *request.profile.dislikes]
        vectors = self.works.abstracts([*both, *judged])
        cosines: F32 = vectors[: len(both)] @ vectors.T
        # One that nearly repeats a paper of the digest would teach nothing.
        repeated = self.works.repeats(both, cosines[:, : len(both)])
        familiar = np.delete(cosines[len(shown) :], np.s_[len(shown) : len(both)], axis=1).max(axis=1)
        return pick(found, np.where([one in repeated for one in near], 1, familiar), request)

    def _by(self, names: Collection[str]) -> set[str]:
        """Ids of the papers by any of these people."""
        return {self.ids[at] for at in self.bylines.find(names)} if names else set()


@dataclass(frozen=True, slots=True)
class _Decision:
    place: int = 0
    is_exploration: bool = False
    same_as: str = ""

    def upon(self, ranked: Ranked) -> Ranked:
        """The paper with this decision, whatever was decided before."""
        if (ranked.place, ranked.is_exploration, ranked.same_as) == (self.place, self.is_exploration, self.same_as):
            return ranked
        return replace(ranked, place=self.place, is_exploration=self.is_exploration, same_as=self.same_as)


_LEFT_OUT = _Decision()


def _top(ranking: Sequence[Ranked], gate: float) -> Sequence[Ranked]:
    """The ranking down to where fifty in a row are hopeless: chances fall with the score, followed authors come first.

    Looking at all 2,300 papers of a day would take half of the time that placing takes.
    """
    row = 0
    for at, one in enumerate(ranking):
        row = row + 1 if one.probability < _HOPELESS * gate else 0
        if row == _HOPELESS_ROW:
            return ranking[: at + 1]
    return ranking


def _head(good: Sequence[Ranked], request: RankRequest) -> list[Ranked]:
    """The papers among which places are given: of every interest its best, all in the order of the ranking."""
    interests = len({one.interest for one in good}) or 1
    each = max(_CONSIDERED * request.most // interests, 2)
    counts: dict[str, int] = {}
    head = []
    for one in good:
        counts[one.interest] = counts.get(one.interest, 0) + 1
        if counts[one.interest] <= each:
            head.append(one)
    return head


def _field(papers: Sequence[Ranked], cosines: F32, request: RankRequest) -> Field:
    """The papers as `spread` compares them; what likes alone speak for counts as one more interest, of weight 1."""
    said = {" ".join(one.text.split()): max(one.weight, _LIGHTEST) for one in request.profile.interests}
    rows = {name: row for row, name in enumerate(dict.fromkeys(one.interest for one in papers))}
    likely = np.clip([one.probability for one in papers], _UNSURE, 1 - _UNSURE)
    return Field(
        log_odds=np.log(likely / (1 - likely)),
        cosines=cosines,
        interest=np.asarray([rows[one.interest] for one in papers], dtype=np.int64),
        weights=np.asarray([said.get(name, 1.0) for name in rows]),
    )
