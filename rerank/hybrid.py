"""The ranker of a day: interests in plain words and likes together, for all readers at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import numpy as np

from pipeline.digest import Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Encoder, RankRequest
from rerank.background import Adapt, Background, learn_background
from rerank.block import Block, Known
from rerank.citations import DayCitations
from rerank.day import Day, lay_out
from rerank.quotes import Quotes
from rerank.reader import Reading, rank_for
from rerank.tastes import Tastes
from rerank.wishes import read_wishes

_TOGETHER = 128  # readers at once: some 100 MB of judgements on a day of 2,300 papers
_MOST_LIKED = 6000  # different liked papers at once: some 300 MB of comparisons with such a day


class HybridRanker:
    """Implements `pipeline.ports.Ranker`.

    Every different interest, negative and liked paper is read once, and compared with all passages of the day in
    matrix products (in blocks of readers). What remains per reader is arithmetic over papers, and sentences for the
    head of the ranking. A day and an archive that are asked about again are not read again.
    """

    def __init__(
        self, encoder: Encoder, adapt: Adapt = np.asarray, *, learns: bool = True, without: Collection[str] = ()
    ) -> None:
        """`adapt` is what abstracts' vectors go through before likes are compared with them.

        One that does not learn goes by the nearest likes alone (`rerank.taste`), whatever the archive holds. `without`
        names features of likes (`rerank.likings`) that count nothing, to see what each adds.
        """
        self._encoder = encoder
        self._learns = learns
        self._without = frozenset(without)
        self._adapt = adapt
        self._laid_out: tuple[Sequence[Candidate], Day] | None = None
        self._learned: tuple[Archive, Background | None] | None = None

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, equal ones by id.

        `score` is the log-odds of being worth the reader's time, 50 more for a followed author. An eligible id that is
        no candidate is left out. The same input gives the same output, whatever the order of the candidates.
        """
        day = self._day(candidates)
        quotes = Quotes(day, self._encoder)
        return [rank_for(day, quotes, reading) for reading in self.read(requests, candidates, archive)]

    def read(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> Iterator[Reading]:
        """How the day stands for each reader, in the order of the requests, before anything is quoted or told."""
        day = self._day(candidates)
        # Reading an archive takes seconds, and tells nothing of readers who like nothing yet.
        background = self._background(archive) if any(request.liked for request in requests) else None
        tastes = Tastes(day, background, requests, self._without) if background else None
        citations = DayCitations(list(day.positions), archive) if archive.references else None
        for company in _companies(requests):
            known = Known(tastes.among(company) if tastes else None, citations)
            asked = ((request, read_wishes(request.profile)) for request in company)
            while some := list(islice(asked, _TOGETHER)):
                block = Block(day, self._encoder, [wishes for _, wishes in some], known)
                block.prepare(some)
                for request, wishes in some:
                    yield block.read(request, wishes)

    def _day(self, candidates: Sequence[Candidate]) -> Day:
        if self._laid_out is None or self._laid_out[0] is not candidates:
            self._laid_out = candidates, lay_out(candidates, self._encoder.contract.dimension)
        return self._laid_out[1]

    def _background(self, archive: Archive) -> Background | None:
        if self._learned is None or self._learned[0] is not archive:
            self._learned = archive, learn_background(archive.sample, self._adapt) if self._learns else None
        return self._learned[1]


def _companies(requests: Sequence[RankRequest]) -> Iterator[list[RankRequest]]:
    """The requests in their order, parted where what they like becomes too much to compare at once."""
    company: list[RankRequest] = []
    liked: set[str] = set()
    for request in requests:
        theirs = {paper.paper.id for paper in request.liked}
        if company and len(liked | theirs) > _MOST_LIKED:
            yield company
            company, liked = [], set()
        company.append(request)
        liked |= theirs
    if company:
        yield company
