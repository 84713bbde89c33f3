"""Train a model on what readers took, and say whether it beats what serves on days that it never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.ports import PairScorer
from rerank.adapter import Adapter
from rerank.cross_encoder import CrossEncoderScorer
from rerank.second_look import in_terms_of
from rerank.train_adapter import AdapterLesson, fit_adapter
from rerank.train_cross_encoder import Course, fine_tune, load_base
from rerank.train_first import FirstStage
from rerank.train_measure import Comparison, compare, ndcg
from rerank.train_pairs import Asking, draw_groups
from rerank.train_set import Occasion, Split, Texts

ADAPTER_FILE = "adapter.npz"
_Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, how it came about, and how it did against what serves; `write` stores it in a folder."""

    how: str
    comparison: Comparison
    write: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Contest:
    """Where a cross-encoder is tried: `champion` is the scorer that serves now, None where the first stage is alone."""

    texts: Texts
    days: Split
    champion: PairScorer | None
    adapter: Adapter | None  # the one that serves
    weight: float = 0.5  # of the second look, as `rerank.weight` sets it


def train_adapter(lesson: AdapterLesson, champion: Adapter | None, told: _Told) -> Trained:
    """An adapter, compared with the one that serves or with none. Raises UsageError for too little data."""
    _check(lesson.days)
    adapter, how = fit_adapter(lesson, told)
    judge = lesson.days.judge
    mine = FirstStage(lesson.texts, lesson.days.background, adapter).measure(judge)
    theirs = FirstStage(lesson.texts, lesson.days.background, champion).measure(judge)
    return Trained(how, compare(mine, theirs, lesson.seed), lambda folder: adapter.save(folder / ADAPTER_FILE))


def train_cross_encoder(contest: Contest, base: str, course: Course, told: _Told) -> Trained:
    """A cross-encoder from a base model, compared with the one that serves or with no second look at all.

    Raises UsageError for too little data, ConfigError for a base that cannot be loaded.
    """
    _check(contest.days)
    asking = Asking(contest.texts, contest.days.background, _first(contest))
    groups = draw_groups(contest.texts, contest.days, asking, course.seed)
    if not groups:
        raise UsageError("no day to learn from has four papers that were let pass beside one that was taken")
    model = load_base(base, course.device, course.seed)
    second = SecondStage(contest, asking)
    scorer = CrossEncoderScorer(model, base)
    stop = contest.days.stop
    how = fine_tune(model, groups, lambda _: _mean(second.measure(scorer, stop)), course, told)
    judge = contest.days.judge
    comparison = compare(second.measure(scorer, judge), second.measure(contest.champion, judge), course.seed)
    return Trained(how, comparison, lambda folder: model.save_pretrained(str(folder)))


class SecondStage:
    """The order of a day when its head is read again, as `rerank.second_look` fuses both stages."""

    def __init__(self, contest: Contest, asking: Asking) -> None:
        self._contest = contest
        self._asking = asking

    def measure(self, scorer: PairScorer | None, occasions: Sequence[Occasion]) -> list[float]:
        """nDCG@10 of each; without a scorer the first stage's."""
        return [ndcg(self._order(scorer, one), one.taken) for one in occasions]

    def _order(self, scorer: PairScorer | None, occasion: Occasion) -> list[str]:
        head = self._asking.head(occasion)
        question = self._asking.question(occasion)
        if scorer is None or not question:
            return head
        by_paper = self._asking.scores(occasion)
        first = [by_paper[one] for one in head]
        second = in_terms_of(first, scorer.score(question, [self._contest.texts.texts[one] for one in head]).tolist())
        weight = self._contest.weight
        fused = {one: (1 - weight) * a + weight * b for one, a, b in zip(head, first, second, strict=True)}
        return sorted(head, key=lambda one: (-fused[one], one))


def _first(contest: Contest) -> FirstStage:
    return FirstStage(contest.texts, contest.days.background, contest.adapter)


def _check(days: Split) -> None:
    if not (days.learn and days.stop and days.judge):
        raise UsageError(
            f"too little to train on: {len(days.learn)} days to learn from, {len(days.stop)} to stop at and "
            f"{len(days.judge)} to judge by; each needs some"
        )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
