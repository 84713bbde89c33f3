"""Find, in a paper, the sentences that answer an interest."""

from __future__ import annotations

import numpy as np

from pipeline.digest import Passage
from pipeline.ports import F32
from rerank.day import Day
from rerank.evidence import weigh_passages
from rerank.passage import Sentence, narrow, opening, sentences_of
from rerank.words import stems

# Full text is what the reader cannot see on arXiv's listing: a passage of it is preferred where its evidence is at most
# this much below the abstract's (log-odds; 0.6 is a cosine of .05).
_NEARLY = 0.6


class Quotes:
    """A day's quotable passages; each is looked for once, however many readers share an interest."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._sentences: dict[int, tuple[Sentence, ...]] = {}
        self._quoted: dict[tuple[str, int], Passage | None] = {}
        self._openings: dict[int, Passage | None] = {}

    def opening(self, paper: int) -> Passage | None:
        """The first sentence of its abstract; None where the paper has no text."""
        if paper not in self._openings:
            chunk = self._day.chunks[self._day.starts[paper]]
            self._openings[paper] = opening(chunk) if chunk else None
        return self._openings[paper]

    def answer(self, paper: int, text: str, vector: F32) -> Passage | None:
        """The best passage of a paper for a text with this vector; None where the paper has no text."""
        key = (text, paper)
        if key not in self._quoted:
            self._quoted[key] = self._narrow(self._best_row(paper, text, vector), text)
        return self._quoted[key]

    def _best_row(self, paper: int, text: str, vector: F32) -> int:
        rows = self._day.rows_of(paper)
        odds = weigh_passages(self._day, text, vector, rows)
        body = int(odds[1:].argmax()) + 1 if len(rows) > 1 else 0
        return int(rows[body if odds[body] >= odds[0] - _NEARLY else int(np.argmax(odds))])

    def _narrow(self, row: int, text: str) -> Passage | None:
        if (chunk := self._day.chunks[row]) is None:
            return None
        if row not in self._sentences:
            self._sentences[row] = sentences_of(chunk)
        return narrow(chunk, self._sentences[row], self._shares(text))

    def _shares(self, text: str) -> dict[str, float]:
        weights = {stem: self._day.bm25.weight(stem) for stem in sorted(stems(text))}
        total = sum(weights.values())
        return {stem: weight / total for stem, weight in weights.items()}
