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
# Digits, signs and the letters of formulas: a formula or a table's row is quoted only where nothing else answers.
_SYMBOL = re.compile("[^\\w\\s]|[\\d_\U0001d400-\U0001d7ff]")
_USUAL_SYMBOLS = 0.1  # their share of a sentence of prose is 3 to 8 %
_SYMBOLS_COST = 2.0
_FRAGMENT_COST = 0.5  # it begins in the middle of a sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a chunk and the stems it holds; `oddness` is 0 for prose and grows with what is hard to read."""

    text: str
    stems: frozenset[str]
    oddness: float

    @classmethod
    def parse(cls, text: str) -> Sentence:
        """Reads one sentence, white space made single."""
        text = " ".join(text.split())
        symbols = len(_SYMBOL.findall(text)) / max(len(text), 1)
        fragment = _FRAGMENT_COST if text[:1].islower() else 0.0
        return cls(text, stems(text), _SYMBOLS_COST * max(0.0, symbols - _USUAL_SYMBOLS) + fragment)


def sentences_of(chunk: Chunk) -> tuple[Sentence, ...]:
    """A chunk's sentences, in order."""
    return tuple(Sentence.parse(chunk.text[start:end]) for start, end in split_sentences(chunk.text))


@dataclass(frozen=True, slots=True)
class Question:
    """What a passage is to answer.

    `shares` are the wanted stems, each with its part of the whole; `nearness` is each sentence's cosine with the
    question, empty where meaning is not asked.
    """

    shares: Mapping[str, float]
    nearness: Sequence[float] = ()


def narrow(chunk: Chunk, sentences: Sequence[Sentence], question: Question) -> Passage:
    """The one to three neighbouring sentences, at most 420 characters, that answer best.

    A wanted stem counts once, and of the sentences the nearest. Fewer sentences win over more that bring little, prose
    over formulas, earlier over later. Sentences are whole unless a single one is too long, which is then cut between
    two words.
    """
    windows = [
        range(start, end)
        for start in range(len(sentences))
        for end in range(start + 1, min(start + _MOST_SENTENCES, len(sentences)) + 1)
        if end == start + 1 or sum(len(one.text) + 1 for one in sentences[start:end]) <= MAX_CHARS + 1
    ]
    best = max(windows, key=lambda window: _worth(sentences, window, question), default=range(0))
    text = shorten(" ".join(sentences[at].text for at in best), MAX_CHARS)
    return Passage(text, chunk.section, chunk.page, chunk.box, chunk.id)


def _worth(sentences: Sequence[Sentence], window: range, question: Question) -> float:
    found = sum(share for stem, share in question.shares.items() if any(stem in sentences[at].stems for at in window))
    nearest = max(question.nearness[at] for at in window) if question.nearness else 0.0
    return found + nearest - _SENTENCE_COST * (len(window) - 1) - sum(sentences[at].oddness for at in window)


def opening(chunk: Chunk) -> Passage:
    """The chunk's first sentence."""
    start, end = next(split_sentences(chunk.text), (0, 0))
    return narrow(chunk, [Sentence.parse(chunk.text[start:end])], Question({}))


def shorten(text: str, length: int) -> str:
    """The text where it fits, else as many whole words as fit before an ellipsis."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]).rstrip(" ,;:") + "…"
