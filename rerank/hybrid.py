"""The ranker of a day: meaning and words together, for all readers at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.digest import Ranked
from pipeline.ports import F32, NOTHING_OLDER, Archive, Candidate, Encoder, RankRequest
from rerank.day import Day, lay_out
from rerank.evidence import weigh
from rerank.objections import Subjects
from rerank.places import place
from rerank.quotes import Quotes
from rerank.reader import Reading, rank_for
from rerank.taste import taste
from rerank.verdict import judge
from rerank.wishes import Wishes, read_wishes


class HybridRanker:
    """Implements `pipeline.ports.Ranker`.

    Every different interest and negative is encoded once, and compared with all passages of the day in one matrix
    product (in blocks). What remains per reader is arithmetic over papers, and sentences for the head of the ranking.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, equal ones by id.

        `score` is the log-odds of being worth the reader's time, 50 more for a followed author. An eligible id that is
        no candidate is left out. The same input gives the same output, whatever the order of the candidates.
        """
        del archive
        day = lay_out(candidates, self._encoder.contract.dimension)
        everyone = [read_wishes(request.profile) for request in requests]
        topics = _Topics(day, self._encoder, everyone)
        quotes = Quotes(day, self._encoder)
        return [
            place(rank_for(day, quotes, topics.read(request, wishes)), request)
            for request, wishes in zip(requests, everyone, strict=True)
        ]


class _Topics:
    """All topics that any reader wants or does not want, and how the day relates to them."""

    def __init__(self, day: Day, encoder: Encoder, everyone: Sequence[Wishes]) -> None:
        self._day = day
        wanted = sorted({wish.topic for wishes in everyone for wish in wishes.wanted})
        unwanted = sorted({text for wishes in everyone for text in wishes.unwanted} - set(wanted))
        own_words = sorted({words for wishes in everyone for words in wishes.own_words})
        topics = wanted + unwanted
        dimension = encoder.contract.dimension
        self._vectors: F32 = encoder.encode_queries(topics) if topics else np.zeros((0, dimension), np.float32)
        self._evidence = weigh(day, wanted, self._vectors[: len(wanted)])
        self._abstracts = day.abstracts
        self._cosines = self._vectors @ self._abstracts.T
        self._words = day.bm25.scores(own_words, day.starts)
        self._row_of_topic = {text: row for row, text in enumerate(topics)}
        self._row_of_words = {text: row for row, text in enumerate(own_words)}

    def read(self, request: RankRequest, wishes: Wishes) -> Reading:
        """One reader's view of the day."""
        wanted = [self._row_of_topic[wish.topic] for wish in wishes.wanted]
        # A weight multiplies the odds: an interest of weight 2 needs half the odds of one of weight 1.
        weights = np.log([[wish.weight] for wish in wishes.wanted] or np.zeros((0, 1))).astype(np.float32)
        liked = tuple(paper for paper in request.liked if len(paper.vectors))
        likings = taste(liked, request.disliked, self._abstracts)
        verdict = judge(self._evidence[wanted] + weights, self._subjects(wanted, wishes), likings)
        bylines = self._day.bylines.find(request.profile.authors)
        return Reading(request, liked, wishes, self._vectors[wanted], verdict, likings, bylines)

    def _subjects(self, wanted: list[int], wishes: Wishes) -> Subjects:
        unwanted = [self._row_of_topic[text] for text in wishes.unwanted]
        return Subjects(
            wanted=self._cosines[wanted],
            unwanted=self._cosines[unwanted],
            between=self._vectors[unwanted] @ self._vectors[wanted].T,
            words=self._words[[self._row_of_words[text] for text in wishes.own_words]],
        )
