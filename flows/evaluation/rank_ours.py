"""The ranker of this project as one of the methods that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flows.evaluation.rank_methods import Asked, Method, Scorer
from flows.evaluation.rank_scores import F64
from pipeline.digest import Ranked
from pipeline.ports import Candidate, Ranker
from pipeline.questions import rank_request
from pipeline.subscriber import Interest

OURS = "autoreader"
WITHOUT = "without "  # begins the name of the ranker that lacks a part


class RankerMethod:
    """A ranker asked as a day asks it: the whole listing with what the profile names, and the archive's sample.

    A day that is ranked twice for one reader is handed over as the same list, by which a ranker knows it.
    """

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker
        self._last: tuple[Sequence[Candidate], Sequence[Candidate], list[Candidate]] | None = None

    def __call__(self, asked: Asked) -> Scorer:
        """A scorer of days for this reader."""

        def score(day: Sequence[Candidate]) -> F64:
            ranking = _rank(self._ranker, [asked], day, self._listing(asked, day))[0]
            scores = {one.paper_id: one.score for one in ranking}
            return np.asarray([scores[paper.paper.id] for paper in day], np.float64)

        return score

    def _listing(self, asked: Asked, day: Sequence[Candidate]) -> list[Candidate]:
        if self._last is None or self._last[0] is not day or self._last[1] is not asked.liked:
            self._last = day, asked.liked, _listing([asked], day)
        return self._last[2]


@dataclass(frozen=True, slots=True)
class Saying:
    """A method told each reader's interest in plain words as well; who has none is ranked without."""

    method: Method
    interests: Mapping[str, Sequence[str]]

    def __call__(self, asked: Asked) -> Scorer:
        """A scorer of days for this reader. Readers of several topics said what they want already."""
        said = tuple(Interest(text) for text in self.interests.get(asked.name, ()))
        profile = replace(asked.profile, interests=(*asked.profile.interests, *said))
        return self.method(replace(asked, profile=profile))


def rank_all(ranker: Ranker, readers: Sequence[Asked], day: Sequence[Candidate]) -> list[list[Ranked]]:
    """One day's rankings for readers who share the first one's archive."""
    return _rank(ranker, readers, day, _listing(readers, day))


def _rank(
    ranker: Ranker, readers: Sequence[Asked], day: Sequence[Candidate], listing: list[Candidate]
) -> list[list[Ranked]]:
    known = {paper.paper.id: paper for paper in listing}
    eligible = [paper.paper.id for paper in day]
    requests = [rank_request(one.profile, eligible, known) for one in readers]
    return ranker.rank(requests, listing, readers[0].archive)


def _listing(readers: Sequence[Asked], day: Sequence[Candidate]) -> list[Candidate]:
    """The day with what the readers' profiles name, each paper once."""
    known = {paper.paper.id: paper for one in readers for paper in (*one.liked, *one.disliked)}
    known.update((paper.paper.id, paper) for paper in day)
    return list(known.values())
