"""Why a passage is shown: the query's words it has, and the sentence of it that answers the query best.

A sentence is worth the words it has, each weighed by how few of the paper's shown sentences have it. Of 42 pairs of a
claim and an abstract with evidence marked by experts (SciFact, training) it names a sentence of the evidence in 67 %;
with the words weighed over the whole corpus 67 %, unweighed 64 %, the nearest by MiniLM's vectors 60 %, both added
64 %, by chance 19 %; dividing by a sentence's length costs 7 points. So nothing is encoded for it, which would take
longer than the search.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.terms import analyzer
from pipeline.sentences import split_sentences

Span = tuple[int, int]
_FEWEST_WORDS = 12  # of a passage; a caption may have fewer


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage. `words` are the query's, as they were typed and in its order, that it has.

    `sentence` is a range of characters of the passage's text; None where it has none of the words.
    """

    words: tuple[str, ...] = ()
    sentence: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's sentences that have any of the wanted terms, and which; `terms` are those of them all."""

    sentences: tuple[tuple[Span, frozenset[str]], ...]
    terms: frozenset[str]
    is_scrap: bool  # shorter than a passage is

    @classmethod
    def of(cls, text: str, wanted: Mapping[str, str]) -> Reading:
        """Reads a text once; `wanted` are terms with the words they were typed as."""
        found = [
            (span, frozenset(wanted.keys() & analyzer().analyze(text[span[0] : span[1]])))
            for span in split_sentences(text)
        ]
        sentences = tuple(one for one in found if one[1])
        terms = frozenset[str]().union(*(one[1] for one in sentences))
        return cls(sentences, terms, len(text.split(None, _FEWEST_WORDS)) < _FEWEST_WORDS)


def weigh(readings: Sequence[Reading], wanted: Mapping[str, str]) -> list[Evidence]:
    """The evidence of each passage of one paper, in their order."""
    holders = Counter(term for reading in readings for _, terms in reading.sentences for term in terms)
    count = sum(len(reading.sentences) for reading in readings)
    return [
        Evidence(
            tuple(word for term, word in wanted.items() if term in reading.terms),
            # The first of equals: `max` keeps it.
            max(reading.sentences, key=lambda one: _worth(one[1], holders, count), default=(None,))[0],
        )
        for reading in readings
    ]


def _worth(terms: frozenset[str], holders: Mapping[str, int], count: int) -> float:
    return math.fsum(math.log(1 + count / holders[term]) for term in terms)
