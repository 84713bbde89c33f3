"""Chunks and questions in any number, made of real papers' sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipeline.document import Chunk
from pipeline.paper import Paper
from pipeline.ports import IndexedChunk

CHUNKS_A_PAPER = 20
_WORDS = 190  # of a chunk, as the chunker makes them
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WORD = re.compile(r"[\w+#-]+")
_SHORTEST, _LONGEST = 3, 10  # words of a question
_SERIES = 100_000  # numbers a month of arXiv's identifiers can have


@dataclass(frozen=True, slots=True)
class _Source:
    paper: Paper
    day: date
    sentences: tuple[str, ...]


class TextLaw:
    """Draws papers of twenty chunks: a real abstract, then mixtures of its sentences and another one's."""

    def __init__(self, papers: Sequence[tuple[Paper, date]]) -> None:
        ordered = sorted(papers, key=lambda pair: pair[1])
        self._sources = [_Source(paper, day, tuple(_SENTENCE.split(paper.abstract))) for paper, day in ordered]

    def chunk(self, number: int, papers: int) -> IndexedChunk:
        """The chunk with this number (its id is one more) of an archive of so many papers; older ones come first."""
        place, ordinal = divmod(number, CHUNKS_A_PAPER)
        # Evenly over all real papers, so that the days pass as they did; several times where more are drawn than are.
        source = self._sources[place * len(self._sources) // papers % len(self._sources)]
        return self._chunk(source, place, ordinal)

    def questions(self, count: int, seed: int) -> list[str]:
        """Runs of three to ten words from titles and abstracts."""
        rng = np.random.default_rng(seed)
        asked: list[str] = []
        while len(asked) < count:
            source = self._sources[rng.integers(len(self._sources))]
            words = _WORD.findall(source.paper.title if rng.random() < 1 / 2 else source.sentences[0])
            length = int(rng.integers(_SHORTEST, _LONGEST + 1))
            if len(words) >= _SHORTEST:
                first = int(rng.integers(max(len(words) - length, 0) + 1))
                asked.append(" ".join(words[first : first + length]))
        return asked

    def conditions(self, share: float) -> dict[str, str]:
        """A range of days and a category that leave about this share of the chunks, as a query says them."""
        since = self._sources[min(round(len(self._sources) * (1 - share)), len(self._sources) - 1)].day
        counts = Counter(name for source in self._sources for name in source.paper.categories)
        found = {f"days leave {100 * share:g} %": f"date:{since.isoformat()}.."}
        if counts:
            wanted = share * len(self._sources)
            name, count = min(counts.items(), key=lambda pair: (abs(math.log(pair[1] / wanted)), pair[0]))
            found[f"category leaves {100 * count / len(self._sources):.2g} %"] = f"cat:{name}"
        return found

    def _chunk(self, source: _Source, place: int, ordinal: int) -> IndexedChunk:
        paper, paper_id = source.paper, f"{place // _SERIES:04d}.{place % _SERIES:05d}"
        number = place * CHUNKS_A_PAPER + ordinal
        text = self._mixture(source, np.random.default_rng(number)) if ordinal else paper.abstract
        section = f"{ordinal} Section" if ordinal else "Abstract"
        chunk = Chunk(paper_id, 1, ordinal, section, ordinal, text, id=number + 1)
        return IndexedChunk(chunk, paper.title, paper.authors, paper.categories, source.day)

    def _mixture(self, source: _Source, rng: np.random.Generator) -> str:
        """Sentences of both in any order, up to the length of a chunk."""
        other = self._sources[rng.integers(len(self._sources))]
        sentences = source.sentences + other.sentences
        chosen: list[str] = []
        words = 0
        for place in rng.permutation(len(sentences)).tolist():
            chosen.append(sentences[place])
            words += len(sentences[place].split())
            if words >= _WORDS:
                break
        return " ".join(chosen)
