"""How fast a day is ranked for many subscribers: on drawn vectors and texts, for no model and no store takes part.

Directions are drawn around some centres, as abstracts of a field are near each other, and words by Zipf's law; every
subscriber has interests nobody else has, which is the worst case: what two share is worked out once.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flows.evaluation.rows import Row
from pipeline.document import Chunk, EmbeddingContract
from pipeline.paper import Paper
from pipeline.ports import F32, Archive, Candidate, RankRequest
from pipeline.questions import rank_request
from pipeline.stages import Progress
from pipeline.subscriber import Interest, Profile
from rerank.hybrid import HybridRanker

METHOD = "autoreader"
_DIMENSION = 384
_CENTRES = 64
_SPREAD = 0.6  # of a direction around its centre: cosines of .3 to .8, as between MiniLM's abstracts
_VOCABULARY = 30_000
_ZIPF = 1.1
_WORDS = 120  # of a passage
_INTERESTS = 2
_LIKES = 10
_TAUGHT_BY = 20  # likes of a subscriber whose training is timed
_FEW, _TIMED = 2, 22  # subscribers: training is the difference of both, so that what they share falls out
_TINY_DAY = 50  # papers, while training is timed


class DrawnEncoder:
    """Implements `pipeline.ports.Encoder` by drawing: a text's direction depends on its words' number alone."""

    @property
    def contract(self) -> EmbeddingContract:
        """Of no model there is."""
        return EmbeddingContract("bench/drawn", "0" * 64, _DIMENSION, "", "", is_normalised=True, chunker="bench/drawn")

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """One direction a text."""
        return directions(len(texts), sum(map(len, texts)))

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """One direction a text."""
        return directions(len(texts), sum(map(len, texts)))


def directions(count: int, seed: int) -> F32:
    """Unit vectors around the same centres, of shape (count, 384); the same seed draws the same ones."""
    centres = np.random.default_rng(0).standard_normal((_CENTRES, _DIMENSION), np.float32)
    dice = np.random.default_rng(seed)
    rows = centres[dice.integers(0, _CENTRES, count)]
    rows += _SPREAD * dice.standard_normal((count, _DIMENSION), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def texts(count: int, words: int, seed: int) -> list[str]:
    """Texts of so many words of a made vocabulary, the commonest most often."""
    shares = 1 / np.arange(1, _VOCABULARY + 1) ** _ZIPF
    drawn = np.random.default_rng(seed).choice(_VOCABULARY, (count, words), p=shares / shares.sum())
    spelled = [_spelled(number) for number in range(_VOCABULARY)]
    return [" ".join(spelled[word] for word in row) for row in drawn.tolist()]


def _spelled(number: int) -> str:
    letters = ""
    while not letters or number:
        number, digit = divmod(number, 20)
        letters += "bdfgklmnprstvz"[digit % 14] + "aeiou"[digit % 5]
    return letters


@dataclass(frozen=True)
class RankBench:
    """So many subscribers and papers, and papers of the archive from which taste is learnt."""

    subscribers: int
    papers: int
    passages: int
    sample: int = 4000

    def rows(self, opened: Callable[[], HybridRanker], progress: Progress) -> Iterator[Row]:
        """Interests alone, then likes too, then what learning from likes takes, each by a ranker that knows no day."""
        for number, (name, likes) in enumerate((("interests", 0), (f"interests, {_LIKES} likes", _LIKES))):
            progress("bench", number, 3)
            yield from self._whole(opened(), name, likes)
        progress("bench", 2, 3)
        yield self._training(opened())
        progress("bench", 3, 3)

    def _whole(self, ranker: HybridRanker, name: str, likes: int) -> Iterator[Row]:
        readers = self._readers(self.subscribers, likes)
        archive = Archive(sample=self._archive if likes else ())
        before, wall, used = _peak_mb(), time.perf_counter(), time.process_time()
        passed = [int((reading.odds >= 0).sum()) for reading in ranker.read(readers, self._day, archive)]
        wall, used = time.perf_counter() - wall, time.process_time() - used
        dataset = f"{self.subscribers} x {self.papers} x {self.passages}, {name}"
        for metric, value in (
            ("s", wall),
            ("CPU-s", used),
            ("CPU-ms a subscriber", 1000 * used / self.subscribers),
            ("peak MB", _peak_mb()),
            ("peak MB before", before),
            ("papers above the gate", sum(passed) / len(passed)),
        ):
            yield Row(dataset, METHOD, metric, value, self.subscribers)

    def _training(self, ranker: HybridRanker) -> Row:
        """One subscriber's share of the time, the day being small; a first call reads what all of them share."""
        day, archive, used = self._day[:_TINY_DAY], Archive(sample=self._archive), []
        for count in (_FEW, _FEW, _TIMED):
            readers = self._readers(count, min(_TAUGHT_BY, self.sample))
            start = time.process_time()
            for _ in ranker.read(readers, day, archive):
                pass
            used.append(time.process_time() - start)
        each = 1000 * (used[2] - used[1]) / (_TIMED - _FEW)
        return Row(f"learning, {self.sample} papers", METHOD, "CPU-ms a subscriber", each, _TIMED)

    def _readers(self, count: int, likes: int) -> list[RankRequest]:
        dice = np.random.default_rng(count)
        said = texts(count * _INTERESTS, 6, count)
        known = {one.paper.id: one for one in self._archive}
        eligible = frozenset(paper.paper.id for paper in self._day)
        readers = []
        for number in range(count):
            liked = [self._archive[at].paper.id for at in dice.integers(0, len(self._archive), likes).tolist()]
            interests = tuple(Interest(text) for text in said[number * _INTERESTS : (number + 1) * _INTERESTS])
            readers.append(rank_request(Profile(interests=interests, likes=tuple(liked)), eligible, known))
        return readers

    @cached_property
    def _day(self) -> list[Candidate]:
        return _candidates("2601", self.papers, self.passages, seed=1)

    @cached_property
    def _archive(self) -> tuple[Candidate, ...]:
        return tuple(_candidates("2501", self.sample, 1, seed=2))


def _candidates(month: str, count: int, passages: int, seed: int) -> list[Candidate]:
    vectors, said = directions(count * passages, seed), texts(count * passages, _WORDS, seed)
    found = []
    for number in range(count):
        paper_id, first = f"{month}.{number:05}", number * passages
        chunks = tuple(
            Chunk(paper_id, 1, ordinal, "Abstract" if not ordinal else "1 Body", ordinal, text, id=first + ordinal + 1)
            for ordinal, text in enumerate(said[first : first + passages])
        )
        paper = Paper(paper_id, said[first][:60], (f"Author {number}",), said[first], ("cs.LG",))
        found.append(Candidate(paper, chunks, vectors[first : first + passages]))
    return found


def _peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # getrusage(2): bytes there, kB on Linux
