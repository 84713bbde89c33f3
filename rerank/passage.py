"""Narrow a chunk to the few sentences that a reader should see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest import Passage
from pipeline.document import Chunk
from pipeline.sentences import split_sentences
from rerank.words import stems

MAX_CHARS = 420
_MOST_SENTENCES = 3
# What a sentence more has to bring: a tenth of the interest's weight. Without it a longer window always wins.
_SENTENCE_COST = 0.1
_SYMBOLS_COST = 0.5
_NO_LETTER = re.compile(r"[^\w\s]|[\d_]")
# Of a sentence's characters, white space included; below it is a formula, a table row or a list of numbers.
_FEWEST_LETTERS = 0.6


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a chunk and the stems it holds; `is_prose` where it is words and begins as a sentence does."""

    text: str
    stems: frozenset[str]
    is_prose: bool

    @classmethod
    def parse(cls, text: str) -> Sentence:
        """Reads one sentence, white space made single."""
        text = " ".join(text.split())
        letters = len(text) - len(_NO_LETTER.findall(text))
        return cls(text, stems(text), letters >= _FEWEST_LETTERS * len(text) and not text[:1].islower())


def sentences_of(chunk: Chunk) -> tuple[Sentence, ...]:
    """A chunk's sentences, in order."""
    return tuple(Sentence.parse(chunk.text[start:end]) for start, end in split_sentences(chunk.text))


def narrow(chunk: Chunk, sentences: Sequence[Sentence], shares: Mapping[str, float]) -> Passage:
    """The one to three neighbouring sentences, at most 420 characters, that answer best.

    `shares` are the wanted stems with the part of the whole each one is worth; a stem counts once. Fewer sentences win
    over more that bring little, prose over formulas, earlier over later. Sentences are whole unless a single one is
    too long, which is then cut between two words.
    """
    windows = [
        sentences[start:end]
        for start in range(len(sentences))
        for end in range(start + 1, min(start + _MOST_SENTENCES, len(sentences)) + 1)
        if end == start + 1 or sum(len(one.text) + 1 for one in sentences[start:end]) <= MAX_CHARS + 1
    ]
    best = max(windows, key=lambda window: _worth(window, shares), default=())
    text = shorten(" ".join(sentence.text for sentence in best), MAX_CHARS)
    return Passage(text, chunk.section, chunk.page, chunk.box, chunk.id)


def _worth(window: Sequence[Sentence], shares: Mapping[str, float]) -> float:
    found = sum(share for stem, share in shares.items() if any(stem in sentence.stems for sentence in window))
    symbols = sum(not sentence.is_prose for sentence in window)
    return found - _SENTENCE_COST * (len(window) - 1) - _SYMBOLS_COST * symbols


def opening(chunk: Chunk) -> Passage:
    """The chunk's first sentence."""
    start, end = next(split_sentences(chunk.text), (0, 0))
    return narrow(chunk, [Sentence.parse(chunk.text[start:end])], {})


def shorten(text: str, length: int) -> str:
    """The text where it fits, else as many whole words as fit before an ellipsis."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]).rstrip(" ,;:") + "…"
