"""One reader's ranking of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.digest import Passage, Ranked
from pipeline.ports import F32, I64, Candidate, RankRequest
from rerank import reason
from rerank.authors import Byline
from rerank.calibration import Calibration
from rerank.day import Day
from rerank.evidence import probabilities
from rerank.grounds import Grounds
from rerank.parts import parts_of
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
_RESEMBLES = 0.5  # cosine from which a liked paper is listed as like a paper; a day's other papers are at .1 to .3
_MOST_LIKE = 2
_AVOIDED = -10.0  # log-odds, at most, of a paper by somebody whom the reader never wants
_WORTH_TELLING = 0.6  # cosine from which a liked paper is named beside a matching interest


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one reader on one day.

    `bylines` are the authors they follow and `avoided` those they do not want, by paper; `vectors` are those of
    `wishes.wanted` in the same order, `liked` the liked papers that have a text.
    """

    request: RankRequest
    liked: tuple[Candidate, ...]
    wishes: Wishes
    vectors: F32
    verdict: Verdict
    taste: Taste
    bylines: dict[int, Byline]
    avoided: dict[int, Byline]
    grounds: Grounds
    calibration: Calibration
    abstracts: F32

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the liked papers by id."""
        return {paper.paper.id: paper.paper.title for paper in self.liked}

    @property
    def odds(self) -> F32:
        """The judgement of every paper of the day, of shape (papers,), avoided authors counted in."""
        odds = self.verdict.log_odds.copy()
        avoided = np.fromiter(self.avoided, dtype=np.int64)
        odds[avoided] = np.minimum(odds[avoided], _AVOIDED)
        return odds

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
    """The reader's eligible papers of the day, best first, papers of equal score by id; as many as were asked for."""
    ids = reading.request.eligible
    eligible = np.asarray([at for paper_id, at in day.positions.items() if paper_id in ids], dtype=np.int64)
    scores, likely = _scores(reading), _probabilities(reading)
    best = eligible[np.argsort(-scores[eligible], kind="stable")][: reading.request.depth]
    told = []
    for place, at in enumerate(best.tolist()):
        ranked = Ranked(day.candidates[at].paper.id, float(scores[at]), likely[at], "", reading.interest(at))
        told.append(_tell(quotes, reading, at, ranked, place))
    return told


def _tell(quotes: Quotes, reading: Reading, at: int, ranked: Ranked, place: int) -> Ranked:
    """The same with passage, reason and parts. Far down a paper gets its opening instead of a search for the best
    sentences, and a reason without a place.
    """
    odds = reading.verdict.log_odds[at]
    if not (place < HEAD or (place < _MOST_QUOTED and odds >= _GATE)):
        return replace(ranked, passage=quotes.opening(at), why=_explain(reading, at, None))
    passage = _quote(quotes, reading, at, by_meaning=place < _MOST_READ_CLOSELY and odds >= _GATE)
    nearest = _nearest(reading, at)
    return replace(
        ranked,
        passage=passage,
        why=_explain(reading, at, passage),
        parts=tuple(parts_of(reading, at)),
        like=tuple(reading.liked[one].paper.id for one in nearest),
    )


def _scores(reading: Reading) -> NDArray[np.float64]:
    # Rounded, so that the last bits of a matrix product, which vary with the machine and the number of readers, never
    # decide between papers that are equal.
    scores = np.asarray(reading.odds, dtype=np.float64).round(4)
    scores[_followed(reading)] += _FOLLOWED_SCORE
    return scores


def _followed(reading: Reading) -> I64:
    return np.asarray([at for at in reading.bylines if at not in reading.avoided], dtype=np.int64)


def _probabilities(reading: Reading) -> list[float]:
    odds = reading.odds
    likely = probabilities(odds) if reading.has_wishes else np.zeros(len(odds))
    followed = _followed(reading)
    likely[followed] = np.maximum(likely[followed], _FOLLOWED_PROBABILITY)
    return [float(one) for one in likely]


def _nearest(reading: Reading, at: int) -> list[int]:
    """The liked papers, at most two, that a paper resembles enough to be told of, the nearest first."""
    if not reading.liked or reading.taste.similarity[at] < _RESEMBLES:
        return []
    nearness = np.stack([paper.vectors[0] for paper in reading.liked]) @ reading.abstracts[at]
    return [int(one) for one in np.argsort(-nearness, kind="stable")[:_MOST_LIKE] if nearness[one] >= _RESEMBLES]


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
    if at in reading.avoided:
        return reason.sentence([reason.avoided(reading.avoided[at])])
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
    parts = [] if (ties := reading.grounds.ties) is None else [ties.words(at, reading.titles)]
    if reading.liked and (similarity >= _WORTH_TELLING or (reading.verdict.interest[at] < 0 and odds > _UNRELATED)):
        title = reading.liked[int(reading.taste.nearest[at])].paper.title
        parts.append(reason.similar(title, is_close=bool(odds >= _GATE)))
    return [*parts, reason.disliked()] if reading.taste.penalty[at] > 0 else parts
