"""Narrow a chunk to the few sentences that a reader should see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.digest import Passage
from pipeline.document import Chunk
from pipeline.sentences import split_sentences
from rerank.words import stems

MAX_CHARS = 420
_MOST_SENTENCES = 3
# What a sentence more has to bring: a tenth of the interest's weight. Without it a longer window always wins.
_SENTENCE_COST = 0.1
_FEWEST_LETTERS = 0.6  # below this share a "sentence" is a formula, a table row or a list of numbers


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a chunk and the stems it holds."""

    text: str
    stems: frozenset[str]

    @property
    def is_prose(self) -> bool:
        """Whether it is made of words rather than symbols, and begins where a sentence begins."""
        letters = sum(letter.isalpha() or letter.isspace() for letter in self.text)
        return letters >= _FEWEST_LETTERS * len(self.text) and not self.text[:1].islower()


def sentences_of(chunk: Chunk) -> tuple[Sentence, ...]:
    """A chunk's sentences, in order."""
    texts = (" ".join(chunk.text[start:end].split()) for start, end in split_sentences(chunk.text))
    return tuple(Sentence(text, stems(text)) for text in texts)


def narrow(
    chunk: Chunk, sentences: Sequence[Sentence], wanted: frozenset[str], weight: Callable[[str], float]
) -> Passage:
    """The one to three neighbouring sentences, at most 420 characters, that hold most of the wanted stems.

    Stems count by `weight`, each once; fewer sentences win over more that bring little, earlier over later.
    Sentences are whole unless a single one is too long, which is then cut between two words.
    """
    total = sum(sorted(weight(stem) for stem in wanted)) or 1.0
    best_text, best_worth = "", float("-inf")
    for start in range(len(sentences)):
        for end in range(start + 1, min(start + _MOST_SENTENCES, len(sentences)) + 1):
            window = sentences[start:end]
            text = " ".join(sentence.text for sentence in window)
            if len(text) > MAX_CHARS and end > start + 1:
                break
            found = frozenset().union(*(sentence.stems for sentence in window)) & wanted
            worth = sum(sorted(weight(stem) for stem in found)) / total - _SENTENCE_COST * (end - start - 1)
            worth -= sum(0.5 for sentence in window if not sentence.is_prose)
            if worth > best_worth:
                best_text, best_worth = text, worth
    return Passage(shorten(best_text, MAX_CHARS), chunk.section, chunk.page, chunk.box, chunk.id)


def opening(chunk: Chunk) -> Passage:
    """The chunk's first sentence."""
    return narrow(chunk, sentences_of(chunk)[:1], frozenset(), lambda _: 0.0)


def shorten(text: str, length: int) -> str:
    """The text where it fits, else as many whole words as fit before an ellipsis."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]).rstrip(" ,;:") + "…"
