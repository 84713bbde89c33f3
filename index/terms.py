"""What counts as a word: one analyzer for indexing, asking and highlighting, so that the three never disagree."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any  # tantivy does not export the class of its tokens

import tantivy

ANALYZER = "autoreader_en_2"  # stored in the index's schema; a change of the chain below is a new name
_LONGEST_TOKEN = 40
_MOST_TERMS = 200  # of one query: a pasted page asks for its first 200 different words

# Words that carry no topic. Dropping them from the query, not from the index, lifts SciFact's nDCG@10 from .687 to
# .692 and leaves phrases searchable.
STOP_WORDS = frozenset(
    """a about above after again against all am an and any are as at be because been before being below between both
    but by can could did do does doing down during each few for from further had has have having he her here hers him
    his how i if in into is it its itself just may me might more most must my no nor not of off on once only or other
    our ours out over own same shall she should so some such than that the their theirs them then there these they
    this those through to too under until up us very was we were what when where which while who whom whose why will
    with would you your yours s t""".split()  # noqa: SIM905  (as a list of strings it would fill a page)
)


# C++ and C# are no C: their signs become letters that nobody writes, each one character for one, so that places in a
# text stay what they are. Tantivy's tokenizer of regular expressions could tell them as well, at three times the time.
_SIGNED = re.compile(r"(?<![^\W_])(?:[A-Za-z]\+(?=\+(?![^\W\d_]))|[CFJcfj]#(?![^\W_]))")  # of C++ the first
_SIGNS = str.maketrans({"+": "\N{CANADIAN SYLLABICS FINAL PLUS}", "#": "\N{LATIN LETTER ALVEOLAR CLICK}"})


# LLMs are several LLM. The stemmer takes an s off only where a vowel is before it, so GANs but not CNNs.
_PLURAL_S = re.compile(r"s\b(?<=[A-Z0-9]{2}s)")  # from the letter backwards: seven times as fast


def as_indexed(text: str) -> str:
    """A text of the same length whose words tantivy tells apart as this module means it."""
    text = _PLURAL_S.sub("'", text)
    if "++" not in text and "#" not in text:
        return text
    return _SIGNED.sub(lambda match: match[0].translate(_SIGNS), text)


@dataclass(frozen=True, slots=True)
class Analyzer:
    """Text to terms, and to terms with their places."""

    chain: tantivy.TextAnalyzer  # for texts that went through `as_indexed`

    def analyze(self, text: str) -> list[str]:
        """The terms in their order."""
        terms: list[str] = self.chain.analyze(as_indexed(text))
        return terms

    def pre_tokenize(self, text: str) -> Any:
        """What has `tokens`, each with its `text`, `char_offset_from` and `char_offset_to`."""
        return self.chain.pre_tokenize(as_indexed(text))


@functools.cache
def analyzer() -> Analyzer:
    """Words in lower case, without accents, stemmed (Snowball English); words beyond 40 bytes are dropped."""
    return Analyzer(
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TOKEN))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def query_words(query: str) -> dict[str, str]:
    """The terms a query asks for, each with the word as it was typed, in the order of the query.

    Stop words are left out unless the query has nothing else.
    """
    typed: dict[str, str] = {}
    common: dict[str, str] = {}
    for token in analyzer().pre_tokenize(query).tokens:
        word = query[token.char_offset_from : token.char_offset_to]
        side = common if word.lower() in STOP_WORDS else typed
        side.setdefault(token.text, word)
    return dict(list((typed or common).items())[:_MOST_TERMS])


def title_key(title: str) -> str:
    """A title reduced to its words, so that two spellings of the same title are equal."""
    return " ".join(analyzer().analyze(title))
