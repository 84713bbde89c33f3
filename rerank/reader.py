"""One reader's ranking of a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.digest import Passage, Ranked
from pipeline.ports import F32, I64, Candidate, RankRequest
from rerank import reason
from rerank.authors import Byline
from rerank.day import Day
from rerank.evidence import probability
from rerank.quotes import Quotes
from rerank.taste import Taste
from rerank.verdict import Verdict
from rerank.wishes import Wishes

HEAD = 20  # papers of a ranking that are given a passage and a full reason, besides all that pass the gate
_MOST_QUOTED = 50  # no digest is longer
_GATE = 0.0  # log-odds of one half
_UNRELATED = -3.0  # log-odds of a twentieth: naming the interest would suggest a relation that is not there
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


def rank_for(day: Day, quotes: Quotes, reading: Reading) -> list[Ranked]:
    """The reader's eligible papers of the day, best first, papers of equal score by id."""
    ids = reading.request.eligible
    eligible = np.asarray([at for paper_id, at in day.positions.items() if paper_id in ids], dtype=np.int64)
    scores = _scores(reading)
    ordered = eligible[np.argsort(-scores[eligible], kind="stable")]
    return [
        _rank_fully(day, quotes, reading, int(at), float(scores[at]))
        if place < HEAD or (place < _MOST_QUOTED and reading.verdict.log_odds[at] >= _GATE)
        else _rank_briefly(day, quotes, reading, int(at), float(scores[at]))
        for place, at in enumerate(ordered)
    ]


def _scores(reading: Reading) -> F32:
    scores = reading.verdict.log_odds.copy()
    followed: I64 = np.fromiter(reading.bylines, dtype=np.int64)
    scores[followed] += np.float32(_FOLLOWED_SCORE)
    return scores


def _probability(reading: Reading, at: int) -> float:
    likely = probability(float(reading.verdict.log_odds[at])) if reading.has_wishes else 0.0
    return max(likely, _FOLLOWED_PROBABILITY) if at in reading.bylines else likely


def _rank_fully(day: Day, quotes: Quotes, reading: Reading, at: int, score: float) -> Ranked:
    wish = int(reading.verdict.interest[at])
    passage = _quote(quotes, reading, at)
    return Ranked(
        paper_id=day.candidates[at].paper.id,
        score=score,
        probability=_probability(reading, at),
        why=_explain(reading, at, passage),
        interest=reading.wishes.wanted[wish].written if wish >= 0 else "",
        passage=passage,
    )


def _rank_briefly(day: Day, quotes: Quotes, reading: Reading, at: int, score: float) -> Ranked:
    """A paper far down: its opening instead of a search for the best sentences, and no more than the interest."""
    wish = int(reading.verdict.interest[at])
    return Ranked(
        paper_id=day.candidates[at].paper.id,
        score=score,
        probability=_probability(reading, at),
        why=reason.NOTHING_KNOWN if reading.is_told_nothing else reason.NO_MATCH,
        interest=reading.wishes.wanted[wish].written if wish >= 0 else "",
        passage=quotes.opening(at),
    )


def _quote(quotes: Quotes, reading: Reading, at: int) -> Passage | None:
    """The passage for the interest that speaks loudest, or for the liked paper that the paper resembles."""
    wish = int(reading.verdict.interest[at])
    if wish >= 0:
        return quotes.answer(at, reading.wishes.wanted[wish].topic, reading.vectors[wish])
    if not reading.liked:
        return quotes.opening(at)
    nearest = reading.liked[int(reading.taste.nearest[at])]
    return quotes.answer(at, nearest.paper.title, nearest.vectors[0])


def _explain(reading: Reading, at: int, passage: Passage | None) -> str:
    if reading.is_told_nothing:
        return reason.NOTHING_KNOWN
    parts = [reason.followed(reading.bylines[at])] if at in reading.bylines else []
    return reason.sentence([*parts, _of_interest(reading, at, passage), *_of_taste(reading, at)])


def _of_interest(reading: Reading, at: int, passage: Passage | None) -> str:
    wish, negative = int(reading.verdict.interest[at]), int(reading.verdict.negative[at])
    if wish < 0 or passage is None:
        return ""
    written = reading.wishes.wanted[wish].written
    if negative >= 0:
        return reason.unwanted(written, reading.wishes.unwanted[negative])
    odds = reading.verdict.log_odds[at]
    return reason.matched(written, passage, is_close=bool(odds >= _GATE)) if odds > _UNRELATED else ""


def _of_taste(reading: Reading, at: int) -> list[str]:
    odds, similarity = reading.verdict.log_odds[at], reading.taste.similarity[at]
    parts = []
    if reading.liked and (similarity >= _WORTH_TELLING or (reading.verdict.interest[at] < 0 and odds > _UNRELATED)):
        title = reading.liked[int(reading.taste.nearest[at])].paper.title
        parts.append(reason.similar(title, is_close=bool(odds >= _GATE)))
    return [*parts, reason.disliked()] if reading.taste.penalty[at] > 0 else parts
