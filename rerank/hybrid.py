"""The ranker of a day: interests in plain words and likes together, for all readers at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from pipeline.digest import Ranked
from pipeline.ports import F32, NOTHING_OLDER, Archive, Candidate, Encoder, Ranker, RankRequest
from rerank.background import Adapt, Background, learn_background
from rerank.calibration import calibrate
from rerank.citations import DayCitations
from rerank.day import Day, lay_out
from rerank.evidence import weigh
from rerank.grounds import Grounds, hints
from rerank.objections import Subjects
from rerank.quotes import Quotes
from rerank.reader import Reading, rank_for
from rerank.taste import taste
from rerank.tastes import Tastes, Tasting, untaught
from rerank.verdict import judge
from rerank.wishes import Wishes, read_wishes

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
        day, background = self._day(candidates), self._background(archive)
        tastes = Tastes(day, background, requests, self._without) if background else None
        citations = DayCitations(list(day.positions), archive) if archive.references else None
        for company in _companies(requests):
            known = _Known(tastes.among(company) if tastes else None, citations)
            asked = ((request, read_wishes(request.profile)) for request in company)
            while some := list(islice(asked, _TOGETHER)):
                block = _Block(day, self._encoder, [wishes for _, wishes in some], known)
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


class Forgetful:
    """Implements `pipeline.ports.Ranker`: another one's rankings for readers of whom only the words are known."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, whatever the reader liked."""
        return self._ranker.rank([_without_likes(request) for request in requests], candidates, archive)


def _without_likes(request: RankRequest) -> RankRequest:
    interests = tuple(replace(interest, seeds=()) for interest in request.profile.interests)
    profile = replace(request.profile, interests=interests, likes=(), saves=(), dislikes=())
    return replace(request, profile=profile, liked=(), disliked=(), answers=())


@dataclass(frozen=True, slots=True)
class _Known:
    """What a block of readers is judged by beside their words; None where nothing is known."""

    tasting: Tasting | None
    citations: DayCitations | None


class _Block:
    """All topics that some readers want or do not want, and how the day relates to them."""

    def __init__(self, day: Day, encoder: Encoder, everyone: Sequence[Wishes], known: _Known) -> None:
        self._day = day
        self._known = known
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

    def prepare(self, asked: Sequence[tuple[RankRequest, Wishes]]) -> None:
        """Works out in one go what the likes of all readers of the block say."""
        if self._known.tasting:
            questions = ((request, wishes.wanted, self._vectors[self._rows(wishes)]) for request, wishes in asked)
            self._known.tasting.prepare(questions)

    def _rows(self, wishes: Wishes) -> list[int]:
        return [self._row_of_topic[wish.topic] for wish in wishes.wanted]

    def read(self, request: RankRequest, wishes: Wishes) -> Reading:
        """One reader's view of the day."""
        wanted = self._rows(wishes)
        liked = tuple(paper for paper in request.liked if len(paper.vectors))
        known = self._known.tasting.nearness(request) if self._known.tasting else None
        likings = taste(liked, request.disliked, self._abstracts, known)
        grounds = self._grounds(request, wishes, wanted)
        if grounds.judged.is_taught:
            likings = replace(likings, alone=grounds.alone, lift=np.zeros_like(likings.lift))
        else:
            likings = replace(likings, alone=likings.alone + grounds.beside_likes)
        calibration = calibrate(request.answers)
        verdict = judge(grounds.wanted, self._subjects(wanted, wishes), likings, calibration)
        people = self._day.bylines
        return Reading(
            request=request,
            liked=liked,
            wishes=wishes,
            vectors=self._vectors[wanted],
            verdict=verdict,
            taste=likings,
            bylines=people.find(request.profile.authors) | people.known(request.authored, self._day.positions),
            avoided=people.find(request.profile.avoided_authors),
            grounds=grounds,
            calibration=calibration,
            abstracts=self._abstracts,
        )

    def _grounds(self, request: RankRequest, wishes: Wishes, wanted: list[int]) -> Grounds:
        # A weight multiplies the odds: an interest of weight 2 needs half the odds of one of weight 1.
        weights = np.log([[wish.weight] for wish in wishes.wanted] or np.zeros((0, 1))).astype(np.float32)
        evidence = self._evidence[wanted]
        judged = (
            untaught(evidence)
            if self._known.tasting is None
            else self._known.tasting.judge(request, wishes.wanted, evidence, self._vectors[wanted])
        )
        everywhere = request.profile.categories
        patterns = [*((*wish.categories, *everywhere) for wish in wishes.wanted), everywhere]
        ties = self._known.citations.ties(request.profile.wanted_papers) if self._known.citations else None
        # Likes replace what the words tell, but not how much the reader cares.
        judged = replace(judged, wanted=judged.wanted + weights)
        return Grounds(judged, hints(self._day, patterns), ties)

    def _subjects(self, wanted: list[int], wishes: Wishes) -> Subjects:
        unwanted = [self._row_of_topic[text] for text in wishes.unwanted]
        return Subjects(
            wanted=self._cosines[wanted],
            unwanted=self._cosines[unwanted],
            between=self._vectors[unwanted] @ self._vectors[wanted].T,
            words=self._words[[self._row_of_words[text] for text in wishes.own_words]],
        )
