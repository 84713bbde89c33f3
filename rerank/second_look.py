"""The head of every reader's day, read again by a scorer that reads interest and paper together.

All readers' questions are gathered first: an interest that many share is asked about a paper once. Scores compare only
within one call, so each interest is one call, and its scores only ever order the papers that one reader has under that
interest. What they are worth is said in the first stage's own terms: read closely, the papers of an interest share
among them the log-odds they had, so a day without a match does not get one by being read twice.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.config import RerankSettings
from pipeline.digest import Part, Ranked
from pipeline.errors import RerankError
from pipeline.odds import log_odds, probability
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Pair, PairMemory, PairScorer, Ranker, RankRequest
from rerank.second_questions import Question, Questions, ask_about

logger = logging.getLogger(__name__)

PART = "second look"
_LIMIT = 20.0  # log-odds, as `rerank.verdict` limits them
_BELOW = 0.01  # log-odds that keep a paper under the gate
_WORTH_SAYING = 0.05  # log-odds; less moves a probability by at most a point
_Scores = Mapping[tuple[str, str], float]  # by question and paper id


@dataclass(frozen=True, slots=True)
class Look:
    """How many papers of each reader are read again, what share of the log-odds that decides, and how long it may take.

    Interests that the budget did not reach stand as the first stage ranked them; the next run goes on from the memory.
    """

    depth: int = 20
    weight: float = 0.5
    budget_s: float = 600.0


def scorer_key(settings: RerankSettings) -> str:
    """What the scorer of these settings is called in the memory: another model or address has scores of its own."""
    return hashlib.sha256(f"{settings.model}\n{settings.url}\n{settings.style}".encode()).hexdigest()


class SecondLookRanker:
    """Implements `pipeline.ports.Ranker` over another one.

    Where the scorer fails, what it has not read stands as the first stage ranked it, and the log says so once. A paper
    that a negative or an avoided author settles is not read; one near to a dislike is never lifted over the gate.
    """

    def __init__(
        self,
        first: Ranker,
        scorer: PairScorer,
        memory: PairMemory,
        look: Look,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first = first
        self._scorer = scorer
        self._memory = memory
        self._look = look
        self._clock = clock

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """The first stage's rankings, each with its head in the order that both stages give it."""
        rankings = self._first.rank(requests, candidates, archive)
        questions = ask_about(requests, rankings, candidates, self._look.depth)
        scores = self._read(questions.all)
        return [
            self._reordered(ranking, _Reader(request, questions, position, scores))
            for position, (request, ranking) in enumerate(zip(requests, rankings, strict=True))
        ]

    def _read(self, questions: Sequence[Question]) -> dict[tuple[str, str], float]:
        """Every score there is, remembered or asked for; a question that lacks one is asked whole."""
        known = self._memory.recall([pair for one in questions for pair in one.pairs])
        until = self._clock() + self._look.budget_s
        scores: dict[tuple[str, str], float] = {}
        unread, reason = 0, ""
        for question in questions:
            found = {pair: known[pair] for pair in question.pairs if pair in known}
            if len(found) < len(question.pairs):
                reason = reason or ("the time is up" if self._clock() >= until else "")
                if not reason:
                    found, reason = self._asked(question)
                if reason:
                    unread += 1
                    continue
            scores |= {(question.text, pair.paper_id): score for pair, score in found.items()}
        if unread:
            logger.warning("second look: %d interests stand as first ranked: %s", unread, reason)
        return scores

    def _asked(self, question: Question) -> tuple[dict[Pair, float], str]:
        """The scores, or why there are none."""
        try:
            found = self._scorer.score(question.text, question.passages).tolist()
        except RerankError as error:
            return {}, str(error)
        scores: dict[Pair, float] = dict(zip(question.pairs, found, strict=True))
        self._memory.keep(scores)
        return scores, ""

    def _reordered(self, ranking: list[Ranked], reader: _Reader) -> list[Ranked]:
        head, tail = ranking[: self._look.depth], ranking[self._look.depth :]
        moves = reader.moves(head, self._look.weight)
        if not moves:
            return ranking
        moved = [_moved(one, moves.get(one.paper_id, 0.0), reader.question(one.paper_id)) for one in head]
        moved.sort(key=_place)
        # A head keeps its range, so it stays above the tail wherever a score is the log-odds of its probability.
        return moved + tail if not tail or _place(moved[-1]) < _place(tail[0]) else sorted(moved + tail, key=_place)


def _place(ranked: Ranked) -> tuple[float, str]:
    return -ranked.score, ranked.paper_id


@dataclass(frozen=True, slots=True)
class _Reader:
    """One reader's part of what was asked."""

    request: RankRequest
    questions: Questions
    position: int
    scores: _Scores

    def question(self, paper_id: str) -> str:
        """What was asked about a paper for this reader; empty where nothing was."""
        return self.questions.of(self.position, paper_id)

    def moves(self, ranking: Sequence[Ranked], weight: float) -> dict[str, float]:
        """By how much the log-odds of each paper change; the papers that were not read are not in it."""
        groups: dict[str, list[Ranked]] = {}
        for one in ranking:
            text = self.question(one.paper_id)
            if (text, one.paper_id) in self.scores:
                groups.setdefault(text, []).append(one)
        found: dict[str, float] = {}
        for text, some in groups.items():
            first = [_log_odds(one.probability) for one in some]
            second = in_terms_of(first, [self.scores[text, one.paper_id] for one in some])
            for one, before, after in zip(some, first, second, strict=True):
                found[one.paper_id] = self._allowed(one, before, weight * (after - before))
        return found

    def _allowed(self, ranked: Ranked, before: float, move: float) -> float:
        gate = _log_odds(self.request.gate)
        if move <= 0 or before >= gate or not self.questions.is_objected(self.position, ranked):
            return round(move, 4)
        return round(max(0.0, min(move, gate - _BELOW - before)), 4)


def in_terms_of(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """The second scores with the mean and the spread of the first, and never outside their range."""
    middle, spread = _mean(first), _spread(first)
    its_middle, its_spread = _mean(second), _spread(second)
    if not spread or not its_spread:
        return list(first)
    return [min(max(middle + spread * (score - its_middle) / its_spread, min(first)), max(first)) for score in second]


def _moved(ranked: Ranked, move: float, asked: str) -> Ranked:
    if not move:
        return ranked
    before = _log_odds(ranked.probability)
    likely = probability(max(-_LIMIT, min(_LIMIT, before + move)))
    parts = ranked.parts
    if abs(move) >= _WORTH_SAYING:
        parts = (*parts, Part(PART, move, f'read beside "{asked}", it answers {"better" if move > 0 else "less well"}'))
    return replace(ranked, score=ranked.score + move, probability=likely, parts=parts)


def _log_odds(likely: float) -> float:
    if not 0 < likely < 1:
        return _LIMIT if likely >= 1 else -_LIMIT
    return max(-_LIMIT, min(_LIMIT, log_odds(likely)))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _spread(values: Sequence[float]) -> float:
    middle = _mean(values)
    return math.sqrt(math.fsum((one - middle) ** 2 for one in values) / len(values))
