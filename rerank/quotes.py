"""Find, in a paper, the sentences that answer an interest."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from pipeline.digest import Passage
from pipeline.document import Chunk
from pipeline.ports import F32, I64, Encoder
from rerank.day import Day
from rerank.evidence import weigh_passages
from rerank.passage import Question, Sentence, narrow, opening, sentences_of
from rerank.words import stems

# Full text is what the reader cannot see on arXiv's listing: a passage of it is preferred where its evidence is at most
# this much below the abstract's (log-odds; 0.6 is a cosine of .05).
_NEARLY = 0.6
_CAPTION = re.compile(r"(Figure|Fig\.|Table|Algorithm) \d")


@dataclass(frozen=True, slots=True)
class Topic:
    """A text to be answered and its vector, of shape (dimension,)."""

    text: str
    vector: F32


class Quotes:
    """A day's quotable passages; each is looked for once, however many readers share an interest."""

    def __init__(self, day: Day, encoder: Encoder) -> None:
        self._day = day
        self._encoder = encoder
        self._sentences: dict[int, tuple[Sentence, ...]] = {}
        self._vectors: dict[int, F32] = {}
        self._quoted: dict[tuple[str, int, bool], Passage | None] = {}
        self._openings: dict[int, Passage | None] = {}

    def opening(self, paper: int) -> Passage | None:
        """The first sentence of its abstract; None where the paper has no text."""
        if paper not in self._openings:
            chunk = self._day.chunks[self._day.starts[paper]]
            self._openings[paper] = opening(chunk) if chunk else None
        return self._openings[paper]

    def answer(self, paper: int, topic: Topic, *, by_meaning: bool = False) -> Passage | None:
        """The best passage of a paper for a topic; None where the paper has no text.

        Its sentences are chosen by the topic's words, and by their meaning too where that is worth encoding them.
        """
        key = (topic.text, paper, by_meaning)
        if key not in self._quoted:
            row = self._best_row(paper, topic)
            chunk = self._day.chunks[row]
            self._quoted[key] = self._narrow(chunk, row, topic, by_meaning=by_meaning) if chunk else None
        return self._quoted[key]

    def _best_row(self, paper: int, topic: Topic) -> int:
        rows = self._quotable(self._day.rows_of(paper))
        odds = weigh_passages(self._day, topic.text, topic.vector, rows)
        body = int(odds[1:].argmax()) + 1 if len(rows) > 1 else 0
        return int(rows[body if odds[body] >= odds[0] - _NEARLY else int(np.argmax(odds))])

    def _quotable(self, rows: I64) -> I64:
        """All but captions: with its paper's title before it, a caption of seven words is near any interest in it."""
        return np.asarray([row for row in rows if row == rows[0] or not self._is_caption(row)], dtype=np.int64)

    def _is_caption(self, row: int) -> bool:
        chunk = self._day.chunks[row]
        return chunk is not None and _CAPTION.match(chunk.text) is not None

    def _narrow(self, chunk: Chunk, row: int, topic: Topic, *, by_meaning: bool) -> Passage:
        if row not in self._sentences:
            self._sentences[row] = sentences_of(chunk)
        nearness = (self._vectors_of(row) @ topic.vector).tolist() if by_meaning else ()
        return narrow(chunk, self._sentences[row], Question(self._shares(topic.text), nearness))

    def _vectors_of(self, row: int) -> F32:
        if row not in self._vectors:
            self._vectors[row] = self._encoder.encode_passages([one.text for one in self._sentences[row]])
        return self._vectors[row]

    def _shares(self, text: str) -> dict[str, float]:
        weights = {stem: self._day.bm25.weight(stem) for stem in sorted(stems(text))}
        total = sum(weights.values())
        return {stem: weight / total for stem, weight in weights.items()}
