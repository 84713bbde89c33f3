"""What a reader's liked papers say of a day, measured against papers in general.

Four features, each the difference between a paper and what is usual, in standard deviations over random papers of the
archive, so that a unit means the same on every day and to every reader:

- `meaning`: the linear discriminant between the liked papers and the archive (Fisher,
  doi:10.1111/j.1469-1809.1936.tb02137.x) with a covariance that is shrunk the more, the fewer the likes; and the
  mean cosine to the five nearest likes, which keeps several tastes of one reader apart where a discriminant mixes them.
- `words`: how near the likes' words and pairs of words are, against how near any paper's are by chance (a softened
  mean, the logarithm of a kernel density's ratio); and half the mean of the five nearest.
- `titles`: the same of titles alone.
- `authors`: how many of the likes are by authors of the paper, who write little else in the archive.

Nothing is trained step by step: a reader costs a few matrix rows, many readers one product. Measured on eleven curated
lists (docs/log.md "Ranking"), this beats logistic regression on embeddings together with a linear SVM on tf-idf.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.ports import F32, I64, Candidate
from rerank.background import Background, Terms, names_of, text_of
from rerank.day import Day

FEATURES = ("meaning", "words", "titles", "authors")
NEAREST = "nearest"  # the halves of two features; with the features, what can be left out to see what it adds
_NEAREST = 5
_SOFTNESS = 3.0  # of the mean: 0 is the mean, infinity the nearest; 3 and 10 are alike, and 3 is better for few likes
# Shrinkage of the discriminant in mean variances: the best of nine for 1 to 600 likes (nDCG@10 .269 to .535), where a
# fixed one is right for few or for many.
_SHRINKAGE, _SHRINKAGE_OF_FEW = 0.3, 100.0
# What the nearest count beside the whole, in meaning and in words: from .5 and .5 nDCG@10 gains .007 with 20 likes and
# .002 with all, and a reader of several topics is better known by what is near than by what is between.
_NEAR, _NEAR_IN_WORDS = 1.0, 0.5
_TITLES = 0.4
_AUTHORS = 2.5  # 1.5 to 4 are alike
_FLAT = 1e-3  # a deviation below this is no scale


@dataclass(frozen=True, slots=True)
class Liking:
    """One reader's (or one interest's) likes against a day: `parts` is float32 of shape (features, papers)."""

    parts: F32
    likes: int

    @property
    def strength(self) -> F32:
        """All features together, of shape (papers,): 0 is what any paper has."""
        return np.asarray(self.parts.sum(axis=0), np.float32)


class Likings:
    """A day, the papers that anybody likes, and what is usual: everything to compare one with another.

    Texts are counted once for all readers; `among` compares some of the liked papers with the day.
    """

    def __init__(
        self, day: Day, background: Background, liked: Sequence[Candidate], without: Collection[str] = ()
    ) -> None:
        """`liked` are different papers with vectors; a reader's are named by their rows.

        Features named in `without` count nothing.
        """
        self.counts: F32 = np.asarray([[[float(name not in without)] for name in FEATURES]], np.float32)
        self.near = float(NEAREST not in without)
        self.usual: F32 = background.plain_ruler
        self._background = background
        self.is_plain = background.adapt is np.asarray
        self.papers = len(day.candidates)
        self.columns: F32 = np.concatenate([background.adapt(day.abstracts), background.ruler])
        self.vectors: F32 = np.stack([paper.vectors[0] for paper in liked]).astype(np.float32)
        self.liked: F32 = background.adapt(self.vectors)
        both = (day.candidates, liked)
        texts, titles = [list(map(text_of, some)) for some in both], [list(map(_title_of, some)) for some in both]
        self._fields = (
            Field(background.texts, background.chance, *texts),
            Field(background.titles, background.chance, *titles),
        )
        self._names = [frozenset(names_of(paper)) for paper in liked]
        self._by_author: dict[str, list[int]] = {}
        for place, candidate in enumerate(day.candidates):
            for name in set(names_of(candidate)):
                self._by_author.setdefault(name, []).append(place)

    def among(self, rows: I64) -> Compared:
        """These liked papers (ascending rows) compared with the day."""
        texts, titles = (field.against(rows) for field in self._fields)
        return Compared(self, rows, self.liked[rows] @ self.columns.T, texts, titles)

    def directions(self, groups: Sequence[I64]) -> F32:
        """The discriminant between each group of liked papers and papers in general, of shape (groups, dimension)."""
        background = self._background
        sizes = np.asarray([[len(rows)] for rows in groups], np.float32)
        shrinkage = (_SHRINKAGE + _SHRINKAGE_OF_FEW / sizes) * background.spread.mean()
        means = np.stack([self.liked[rows].mean(axis=0) for rows in groups])
        apart = (means - background.mean) @ background.axes
        return np.asarray((apart / (background.spread + shrinkage)) @ background.axes.T, np.float32)

    def authors(self, rows: I64) -> F32:
        """For each paper of the day how much its authors are those of liked papers, 0 where no name is shared."""
        counted = Counter(name for row in rows.tolist() for name in self._names[row])
        found = np.zeros(self.papers, np.float32)
        for name, times in counted.items():
            if places := self._by_author.get(name):
                found[places] += times / (1 + self._background.authors[name])
        return np.log1p(found)


@dataclass(frozen=True, slots=True)
class Compared:
    """Some liked papers against the day's and the ruler's columns; rows are named as in `Likings`."""

    likings: Likings
    rows: I64
    cosines: F32
    texts: Nearness
    titles: Nearness

    def of(self, rows: I64) -> Liking:
        """What a group of these papers says of the day."""
        return self.of_groups([rows])[0]

    def of_groups(self, groups: Sequence[I64]) -> list[Liking]:
        """What each group says, all in the same few products."""
        if not groups:
            return []
        at = [np.searchsorted(self.rows, rows) for rows in groups]
        shares, near = _shares(at, len(self.rows)), self.likings.near
        drawn = self.likings.directions(groups) @ self.likings.columns.T
        alike = np.stack([_of_nearest(self.cosines[some]) for some in at])
        worded = np.stack([_of_nearest(self.texts.nearness[some]) for some in at])
        parts = np.stack(
            [
                self._measured(drawn) + near * _NEAR * self._measured(alike),
                self._measured(self.texts.ratio(shares)) + near * _NEAR_IN_WORDS * self._measured(worded),
                _TITLES * self._measured(self.titles.ratio(shares)),
                _AUTHORS * np.stack([self.likings.authors(rows) for rows in groups]),
            ],
            axis=1,
        )
        parts *= self.likings.counts
        return [Liking(some, len(rows)) for some, rows in zip(parts, groups, strict=True)]

    def _measured(self, values: F32) -> F32:
        """The day's values, of shape (groups, columns), in deviations from the ruler's."""
        ruler = values[:, self.likings.papers :]
        scale = np.maximum(ruler.std(axis=1, keepdims=True), _FLAT)
        return np.asarray((values[:, : self.likings.papers] - ruler.mean(axis=1, keepdims=True)) / scale, np.float32)


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosines of one field's words, of shape (liked, columns), their softened form, and what chance makes of it."""

    nearness: F32
    soft: F32
    chance: F32

    def ratio(self, shares: Any) -> F32:  # Any: scipy.sparse.csr_matrix, untyped
        """How much nearer the columns are to each group of liked papers than to any, of shape (groups, columns).

        `shares` is what each liked paper counts in each group, sparse, of shape (groups, liked).
        """
        return np.asarray(np.log(shares @ self.soft) / _SOFTNESS - self.chance, np.float32)


class Field:
    """The words of one field of the day, the ruler and all liked papers."""

    def __init__(self, terms: Terms, chance: int, day: Sequence[str], liked: Sequence[str]) -> None:
        from scipy.sparse import vstack

        self._columns = vstack([terms.weigh(day), terms.rows[chance:]]).tocsr()
        self._liked = terms.weigh(liked)
        by_chance = (self._columns @ terms.rows[:chance].T).toarray()
        self._chance: F32 = np.log(np.exp(_SOFTNESS * by_chance).mean(axis=1)) / _SOFTNESS

    def against(self, rows: I64) -> Nearness:
        """Some of the liked papers (rows) against the columns."""
        nearness: F32 = (self._liked[rows] @ self._columns.T).toarray()
        return Nearness(nearness, np.exp(_SOFTNESS * nearness), self._chance)


def _title_of(paper: Candidate) -> str:
    return paper.paper.title


def _shares(groups: Sequence[I64], liked: int) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, groups)])
    each = np.repeat([1 / len(rows) for rows in groups], np.diff(ends)).astype(np.float32)
    return csr_matrix((each, np.concatenate(groups), ends), shape=(len(groups), liked))


def _of_nearest(nearness: F32) -> F32:
    """The mean of the highest values of each column."""
    if len(nearness) > _NEAREST:
        nearness = np.partition(nearness, len(nearness) - _NEAREST, axis=0)[-_NEAREST:]
    return np.asarray(nearness.mean(axis=0), np.float32)
