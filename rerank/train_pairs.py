"""Questions and papers for a cross-encoder to learn from: one that was taken beside four that were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rerank.second_questions import LIKED_TITLES
from rerank.train_first import FirstStage
from rerank.train_set import Occasion, Split, Texts

HEAD = 20  # papers of a day, best first, among which the hard ones are drawn: those a second look would read
_HARD = 2
_RANDOM = 2
_BY_TOPIC = 0.5  # of the questions, where a reader has both words and likes


@dataclass(frozen=True, slots=True)
class Group:
    """A question and texts, the first of which is the one to prefer."""

    question: str
    texts: tuple[str, ...]


class Asking:
    """How an occasion is put as a question: the interest, or the titles of the likes that its head resembles."""

    def __init__(self, texts: Texts, background: Sequence[str], first: FirstStage | None = None) -> None:
        self._texts = texts
        self._first = first or FirstStage(texts, background)
        self._scores: dict[tuple[str, str], dict[str, float]] = {}

    def scores(self, occasion: Occasion) -> Mapping[str, float]:
        """What the first stage gives each paper; worked out once."""
        key = (occasion.learner, occasion.day.isoformat())
        if key not in self._scores:
            scores = self._first.scores(occasion).round(9).tolist()
            self._scores[key] = dict(zip(occasion.papers, scores, strict=True))
        return self._scores[key]

    def head(self, occasion: Occasion) -> list[str]:
        """The first papers of the occasion, as the first stage orders them, equal ones by id."""
        scores = self.scores(occasion)
        return sorted(scores, key=lambda one: (-scores[one], one))[:HEAD]

    def question(self, occasion: Occasion) -> str:
        """As `rerank.second_questions` asks it of a reader with this interest, or with these likes alone."""
        return occasion.topic or self.titles(occasion)

    def titles(self, occasion: Occasion) -> str:
        """The titles of up to three likes, those nearest to most papers of the head; empty where nothing is known."""
        known = [one for one in occasion.known if one in self._texts.vectors]
        if not known:
            return ""
        likeness = self._texts.stacked(self.head(occasion)) @ self._texts.stacked(known).T
        counted = Counter(known[at] for at in likeness.argmax(axis=1).tolist())
        nearest = sorted(counted, key=lambda one: (-counted[one], one))[:LIKED_TITLES]
        return "; ".join(self._texts.titles[one] for one in nearest)


def draw_groups(texts: Texts, days: Split, asking: Asking, seed: int) -> list[Group]:
    """A group for every paper taken, in random order; a reader with words and likes is asked about by either."""
    dice = np.random.default_rng(seed)
    groups: list[Group] = []
    for occasion in days.learn:
        for taken in occasion.taken:
            rest = [one for one in asking.head(occasion) if one in occasion.passed]
            hard = _draw(rest, _HARD, dice)
            others = _draw([one for one in occasion.passed if one not in hard], _RANDOM, dice)
            question = asking.question(occasion) if dice.random() < _BY_TOPIC else asking.titles(occasion)
            question = question or occasion.topic
            if question and len(hard) + len(others) == _HARD + _RANDOM:
                groups.append(Group(question, tuple(texts.texts[one] for one in (taken, *hard, *others))))
    return [groups[at] for at in dice.permutation(len(groups)).tolist()]


def _draw(ids: Sequence[str], most: int, dice: np.random.Generator) -> list[str]:
    return [ids[at] for at in dice.permutation(len(ids))[:most].tolist()]
