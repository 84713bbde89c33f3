"""What a model is trained and judged on: days of readers, with what they took of each and what they let pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipeline.ports import F32

STOP_SHARE = 0.15  # of the occasions: they say when training stops
JUDGE_SHARE = 0.25  # of the occasions, the last ones: they say whether the model serves, and are used for nothing else
_MOST_BACKGROUND = 2000


@dataclass(frozen=True, slots=True)
class Occasion:
    """One day of one reader or curated list.

    `learner` only tells them apart. `topic` is their interest in words, empty where likes alone tell it. `known` is
    what they had taken before the day, oldest first. `taken` is what they took of it, by `taken_on` each; `passed`
    what they let pass.
    """

    learner: str
    day: date
    topic: str
    known: tuple[str, ...]
    taken: tuple[str, ...]
    taken_on: tuple[date, ...]
    passed: tuple[str, ...]

    @property
    def papers(self) -> tuple[str, ...]:
        """All of the day, in the order of their ids, so that a place tells nothing."""
        return tuple(sorted((*self.taken, *self.passed)))


@dataclass(frozen=True, slots=True)
class Texts:
    """What is known of the papers: titles, texts ("title. abstract") and unit vectors, by id; topics' vectors too."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    vectors: Mapping[str, F32]
    topics: Mapping[str, F32]

    def stacked(self, ids: Sequence[str]) -> F32:
        """Their vectors, of shape (papers, dimension)."""
        dimension = len(next(iter(self.vectors.values())))
        return np.stack([self.vectors[one] for one in ids]) if ids else np.zeros((0, dimension), np.float32)


@dataclass(frozen=True, slots=True)
class Split:
    """Occasions by time: what a model learns from, what stops it, and what judges it; no later day teaches."""

    learn: tuple[Occasion, ...]
    stop: tuple[Occasion, ...]
    judge: tuple[Occasion, ...]
    background: tuple[str, ...]  # papers that nobody took, of the days to learn from


def split(occasions: Sequence[Occasion], seed: int) -> Split:
    """Parts occasions by two days, the same for all readers.

    What was taken after the days to learn from had ended teaches nothing, though its paper is older. A paper that any
    reader took on a day to learn from is in no later part.
    """
    ordered = sorted(occasions, key=lambda one: (one.day, one.learner))
    days = [one.day for one in ordered]
    stop_from = days[int(len(days) * (1 - STOP_SHARE - JUDGE_SHARE))] if days else date.max
    judge_from = days[int(len(days) * (1 - JUDGE_SHARE))] if days else date.max
    learn = tuple(kept for one in ordered if one.day < stop_from if (kept := _known_before(one, stop_from)).taken)
    taught = frozenset(paper for one in learn for paper in one.taken)
    later = [kept for one in ordered if one.day >= stop_from if (kept := _without(one, taught)).taken]
    return Split(
        learn,
        tuple(kept for one in later if one.day < judge_from if (kept := _known_before(one, judge_from)).taken),
        tuple(one for one in later if one.day >= judge_from),
        _background(learn, seed),
    )


def _known_before(occasion: Occasion, day: date) -> Occasion:
    kept = [(paper, on) for paper, on in zip(occasion.taken, occasion.taken_on, strict=True) if on < day]
    return replace(occasion, taken=tuple(paper for paper, _ in kept), taken_on=tuple(on for _, on in kept))


def _without(occasion: Occasion, papers: frozenset[str]) -> Occasion:
    kept = [(one, on) for one, on in zip(occasion.taken, occasion.taken_on, strict=True) if one not in papers]
    return replace(
        occasion,
        taken=tuple(paper for paper, _ in kept),
        taken_on=tuple(on for _, on in kept),
        passed=tuple(one for one in occasion.passed if one not in papers),
    )


def _background(learn: Sequence[Occasion], seed: int) -> tuple[str, ...]:
    taken = {paper for one in learn for paper in (*one.taken, *one.known)}
    papers = sorted({paper for one in learn for paper in one.passed} - taken)
    chosen = np.random.default_rng(seed).permutation(len(papers))[:_MOST_BACKGROUND]
    return tuple(papers[at] for at in sorted(chosen.tolist()))
