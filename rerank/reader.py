"""One reader's ranking of a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.digest import Passage, Ranked
from pipeline.ports import F32, Candidate, RankRequest
from rerank import reason
from rerank.authors import Byline
from rerank.day import Day
from rerank.evidence import probabilities
from rerank.quotes import Quotes, Topic
from rerank.taste import Taste
from rerank.verdict import Verdict
from rerank.wishes import Wishes

HEAD = 20  # papers of a ranking that always get a passage and a full reason; up to 50 where they pass the gate
_MOST_QUOTED = 50  # no digest is longer
# The sentences of these are encoded if they pass the gate: about 0.2 s a paper on one busy core, once for all readers.
_MOST_READ_CLOSELY = 12
_GATE = 0.0  # log-odds from which a paper is recommended
_UNRELATED = -3.0  # log-odds (of 1 in 20) below which naming the interest would suggest a relation that is not there
_FOLLOWED_SCORE = 50.0  # lifts a followed author's paper above all others, whose scores are -20 to 20
_FOLLOWED_PROBABILITY = 0.95
_WORTH_TELLING = 0.6  # cosine from which a liked paper is named beside a matching interest


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one reader on one day.

    `vectors` are those of `wishes.wanted` in the same order, `liked` the liked papers that have a text.
    """

    request: RankRequest
    liked: tuple[Candidate, ...]
    wishes: Wishes
    vectors: F32
    verdict: Verdict
    taste: Taste
    bylines: dict[int, Byline]

    @property
    def is_told_nothing(self) -> bool:
        """Whether there is nothing at all to rank by."""
        return not (self.has_wishes or self.request.profile.authors)

    @property
    def has_wishes(self) -> bool:
        """Whether there is more than authors to rank by."""
        return bool(self.wishes.wanted or self.liked)

    def interest(self, at: int) -> str:
        """The interest that speaks loudest for a paper, as the reader wrote it; empty where likes alone decide."""
        wish = int(self.verdict.interest[at])
        return self.wishes.wanted[wish].written if wish >= 0 else ""


def rank_for(day: Day, quotes: Quotes, reading: Reading) -> list[Ranked]:
    """The reader's eligible papers of the day, best first, papers of equal score by id."""
    ids = reading.request.eligible
    eligible = np.asarray([at for paper_id, at in day.positions.items() if paper_id in ids], dtype=np.int64)
    scores, likely, odds = _scores(reading), _probabilities(reading), reading.verdict.log_odds.tolist()
    ranking = []
    for place, at in enumerate(eligible[np.argsort(-scores[eligible], kind="stable")].tolist()):
        is_head = place < HEAD or (place < _MOST_QUOTED and odds[at] >= _GATE)
        # Far down a paper gets its opening instead of a search for the best sentences, and a reason without a place.
        by_meaning = place < _MOST_READ_CLOSELY and odds[at] >= _GATE
        passage = _quote(quotes, reading, at, by_meaning=by_meaning) if is_head else quotes.opening(at)
        why = _explain(reading, at, passage if is_head else None)
        ranking.append(
            Ranked(
                paper_id=day.candidates[at].paper.id,
                score=float(scores[at]),
                probability=likely[at],
                why=why,
                interest=reading.interest(at),
                passage=passage,
            )
        )
    return ranking


def _scores(reading: Reading) -> NDArray[np.float64]:
    # Rounded, so that the last bits of a matrix product, which vary with the machine and the number of readers, never
    # decide between papers that are equal.
    scores = np.asarray(reading.verdict.log_odds, dtype=np.float64).round(4)
    scores[np.fromiter(reading.bylines, dtype=np.int64)] += _FOLLOWED_SCORE
    return scores


def _probabilities(reading: Reading) -> list[float]:
    log_odds = reading.verdict.log_odds
    likely = probabilities(log_odds) if reading.has_wishes else np.zeros(len(log_odds))
    followed = np.fromiter(reading.bylines, dtype=np.int64)
    likely[followed] = np.maximum(likely[followed], _FOLLOWED_PROBABILITY)
    return [float(one) for one in likely]


def _quote(quotes: Quotes, reading: Reading, at: int, *, by_meaning: bool) -> Passage | None:
    """The passage for the interest that speaks loudest, or for the liked paper that the paper resembles."""
    wish = int(reading.verdict.interest[at])
    if wish >= 0:
        topic = Topic(reading.wishes.wanted[wish].topic, reading.vectors[wish])
        return quotes.answer(at, topic, by_meaning=by_meaning)
    if not reading.liked:
        return quotes.opening(at)
    nearest = reading.liked[int(reading.taste.nearest[at])]
    return quotes.answer(at, Topic(nearest.paper.title, nearest.vectors[0]), by_meaning=by_meaning)


def _explain(reading: Reading, at: int, passage: Passage | None) -> str:
    if reading.is_told_nothing:
        return reason.NOTHING_KNOWN
    if not reading.has_wishes and at not in reading.bylines:
        return reason.NOT_FOLLOWED
    parts = [reason.followed(reading.bylines[at])] if at in reading.bylines else []
    return reason.sentence([*parts, _of_interest(reading, at, passage), *_of_taste(reading, at)])


def _of_interest(reading: Reading, at: int, passage: Passage | None) -> str:
    written, odds = reading.interest(at), reading.verdict.log_odds[at]
    if (negative := int(reading.verdict.negative[at])) >= 0:
        return reason.unwanted(reading.wishes.unwanted[negative])
    if not written or odds <= _UNRELATED:
        return ""
    return reason.matched(written, passage, is_close=bool(odds >= _GATE))


def _of_taste(reading: Reading, at: int) -> list[str]:
    odds, similarity = reading.verdict.log_odds[at], reading.taste.similarity[at]
    parts = []
    if reading.liked and (similarity >= _WORTH_TELLING or (reading.verdict.interest[at] < 0 and odds > _UNRELATED)):
        title = reading.liked[int(reading.taste.nearest[at])].paper.title
        parts.append(reason.similar(title, is_close=bool(odds >= _GATE)))
    return [*parts, reason.disliked()] if reading.taste.penalty[at] > 0 else parts
