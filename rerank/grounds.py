"""All that speaks for or against a day's papers for one reader, kept apart until it is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.digest import Part
from pipeline.paper import matches_category
from pipeline.ports import F32
from rerank import reason
from rerank.citations import Ties
from rerank.day import Day
from rerank.fusion import weight_of_likes
from rerank.likings import FEATURES, Liking
from rerank.tastes import Judged

# Log-odds of standing in a category that the reader hinted at. With the categories of what was liked nothing is gained
# (nDCG@10 .616 with and without, eleven lists), so a hint counts only where it is given, and then as much as a like.
HINTED = 0.7
# Papers that share references share words too: half of what the ties alone would be worth. Neither is fitted, as no
# reader whose choices are known comes with references.
_OVERLAP = 0.5
_LIKES_WORDS = {
    "meaning": "about what you liked",
    "words": "in the words of what you liked",
    "titles": "titled like what you liked",
    "authors": "by authors of papers you liked",
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """One reader's reasons on one day, in log-odds.

    `judged` is what the words of each interest and the likes say together. `hints` is of shape (interests + 1,
    papers): what hinted categories add to each interest, and to likes alone.
    """

    judged: Judged
    hints: F32
    ties: Ties | None = None

    @property
    def wanted(self) -> F32:
        """What speaks for each paper by each interest, of shape (interests, papers)."""
        return np.asarray(self.judged.wanted + self.hints[:-1] + self._tied, np.float32)

    @property
    def alone(self) -> F32:
        """What speaks for each paper by likes alone, of shape (papers,)."""
        return np.asarray(self.judged.alone + self.beside_likes, np.float32)

    @property
    def beside_likes(self) -> F32:
        """What hinted categories and citations add to likes alone, of shape (papers,)."""
        return np.asarray(self.hints[-1] + self._tied, np.float32)

    @property
    def _tied(self) -> F32:
        if self.ties is None:
            return np.zeros(self.judged.alone.shape, np.float32)
        return np.asarray(_OVERLAP * self.ties.evidence, np.float32)

    def parts(self, at: int, interest: int, written: str, titles: Mapping[str, str]) -> list[Part]:
        """What the judgement of a paper consists of; `interest` is the row that decided, -1 for likes alone.

        `titles` are those of the liked papers by id.
        """
        liking = self.judged.of_all if interest < 0 else self.judged.of_interest[interest]
        parts = self._of_likes(at, liking, has_interest=interest >= 0)
        if usual := self.judged.borders[interest]:
            parts.append(Part("start", usual, "what any paper starts from, before anything speaks for it"))
        if interest >= 0:
            told = float(self.judged.wanted[interest, at]) - sum(part.log_odds for part in parts)
            parts.insert(0, Part("interest", told, f"matches {reason.quote(written)}"))
        if hinted := float(self.hints[interest, at]):
            parts.append(Part("category", hinted, "in a category you named"))
        if self.ties is not None and (tied := float(self.ties.evidence[at])):
            parts.append(Part("citations", _OVERLAP * tied, self.ties.words(at, titles)))
        return parts

    def _of_likes(self, at: int, liking: Liking | None, *, has_interest: bool) -> list[Part]:
        if liking is None:
            return []
        slope = weight_of_likes(liking.likes, has_interest=has_interest)
        return [
            Part(name, slope * float(liking.parts[number, at]), _LIKES_WORDS[name])
            for number, name in enumerate(FEATURES)
        ]


def hints(day: Day, patterns: Sequence[Sequence[str]]) -> F32:
    """What each list of category patterns adds to each paper, of shape (lists, papers)."""
    found = np.zeros((len(patterns), len(day.candidates)), np.float32)
    for row, some in zip(found, patterns, strict=True):
        if some:
            row[:] = [HINTED * matches_category(one.paper.categories, tuple(some)) for one in day.candidates]
    return found
