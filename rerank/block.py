"""Some readers' topics against a day: what is worked out for all of them at once, and each one's view of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.ports import F32, Encoder, RankRequest
from rerank.acronyms import spell_out
from rerank.calibration import calibrate
from rerank.citations import DayCitations
from rerank.day import Day
from rerank.evidence import weigh
from rerank.grounds import Grounds, hints
from rerank.objections import Subjects
from rerank.reader import Reading
from rerank.taste import taste
from rerank.tastes import Tasting, untaught
from rerank.verdict import judge
from rerank.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Known:
    """What readers are judged by beside their words; None where nothing is known."""

    tasting: Tasting | None
    citations: DayCitations | None


class Block:
    """All topics that some readers want or do not want, and how the day relates to them."""

    def __init__(self, day: Day, encoder: Encoder, everyone: Sequence[Wishes], known: Known) -> None:
        self._day = day
        self._known = known
        wanted = sorted({wish.topic for wishes in everyone for wish in wishes.wanted})
        unwanted = sorted({text for wishes in everyone for text in wishes.unwanted} - set(wanted))
        own_words = sorted({words for wishes in everyone for words in wishes.own_words})
        topics = wanted + unwanted
        dimension = encoder.contract.dimension
        # A paper that is about an unwanted acronym spells it out; an interest is looked for as it was written too.
        spelled = [*wanted, *map(spell_out, unwanted)]
        self._vectors: F32 = encoder.encode_queries(spelled) if topics else np.zeros((0, dimension), np.float32)
        self._evidence = weigh(day, wanted, self._vectors[: len(wanted)])
        self._abstracts = day.abstracts
        self._cosines = self._vectors @ self._abstracts.T
        self._words = day.bm25.scores(own_words, day.starts)
        self._titles = day.titles.scores(own_words)
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
        own_words = [self._row_of_words[text] for text in wishes.own_words]
        return Subjects(
            wanted=self._cosines[wanted],
            unwanted=self._cosines[unwanted],
            between=self._vectors[unwanted] @ self._vectors[wanted].T,
            words=self._words[own_words],
            titles=self._titles[own_words],
        )
