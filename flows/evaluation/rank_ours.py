"""The ranker of this project as one of the methods that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flows.evaluation.rank_methods import Asked, Method, Scorer
from flows.evaluation.rank_scores import F64
from pipeline.digest import Ranked
from pipeline.document import EmbeddingContract
from pipeline.ports import F32, Candidate, Encoder, Ranker
from pipeline.questions import rank_request
from pipeline.subscriber import Interest

OURS = "autoreader"
WITHOUT = "without "  # begins the name of the ranker that lacks a part


class RankingEncoder:
    """Implements `pipeline.ports.Encoder`: remembers queries, and reads no passages.

    A ranker encodes the sentences of what it recommends, to choose the one it quotes: most of its time, and nothing
    that decides an order. They all get the same vector here.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, F32] = {}

    @property
    def contract(self) -> EmbeddingContract:
        """The other encoder's."""
        return self._encoder.contract

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """The first unit vector for each."""
        vectors = np.zeros((len(texts), self.contract.dimension), np.float32)
        vectors[:, 0] = 1.0
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """The other encoder's, each asked for once."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            self._known.update(zip(missing, self._encoder.encode_queries(missing), strict=True))
        return np.stack([self._known[text] for text in texts])


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
