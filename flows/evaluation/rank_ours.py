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


@dataclass(frozen=True, slots=True)
class RankerMethod:
    """A ranker asked as a day asks it: the whole listing with what the profile names, and the archive's sample."""

    ranker: Ranker

    def __call__(self, asked: Asked) -> Scorer:
        """A scorer of days for this reader."""

        def score(day: Sequence[Candidate]) -> F64:
            scores = {one.paper_id: one.score for one in rank_all(self.ranker, [asked], day)[0]}
            return np.asarray([scores[paper.paper.id] for paper in day], np.float64)

        return score


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
    known = {paper.paper.id: paper for one in readers for paper in (*one.liked, *one.disliked)}
    known.update((paper.paper.id, paper) for paper in day)
    eligible = [paper.paper.id for paper in day]
    requests = [rank_request(one.profile, eligible, known) for one in readers]
    return ranker.rank(requests, list(known.values()), readers[0].archive)
