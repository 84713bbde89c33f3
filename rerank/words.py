"""What counts as a word when papers are ranked: a day's vocabulary, stemmed, and texts as counts over it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.ports import F32

_PATTERN = r"[^\W_]{2,}"  # single letters are formulas more often than words

# Words without a topic, then words with which people speak of their interests ("papers about ..., especially ...").
# scikit-learn's own list also drops "system" and "fire", which are topics here.
STOP_WORDS = frozenset(
    """a about above across after again against all almost along already also although always am among an and another
    any anything are as at be because been before being below between both but by can cannot could did do does doing
    done down during each either else etc even ever every everything few for from further get given had has have having
    he her here hers him his how however if in into is it its itself just least less like made make many may me might
    more most much must my neither no nor not of off often on once one only onto or other others our ours out over own
    per quite rather same several shall she should since so some something such than that the their theirs them then
    there these they thing things this those through thus to too toward towards under until up upon us use used uses
    using very via was we well were what when where whether which while who whom whose why will with within without
    would yet you your yours
    article articles especially general interested interest interests kind kinds mainly novel paper papers
    particular particularly preferably read recent related research stuff topic topics work works""".split()  # noqa: SIM905  (as a list of strings it would fill a page)
)


@functools.cache
def split_words() -> Callable[[str], list[str]]:
    """A function from a text to its words: lower case, accents folded, stop words left out, in order, repeated."""
    from sklearn.feature_extraction.text import CountVectorizer

    analyze: Callable[[str], list[str]] = CountVectorizer(
        strip_accents="unicode", token_pattern=_PATTERN, stop_words=sorted(STOP_WORDS)
    ).build_analyzer()
    return analyze


@functools.cache
def _stemmer() -> Callable[[str], list[str]]:
    import tantivy

    # The stemmer of the search index, so that a digest and the search page agree on what an inflection is.
    chain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer("english"))
    analyze: Callable[[str], list[str]] = chain.build().analyze
    return analyze


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word without its English inflection (Snowball), e.g. `retrieval` and `retrieve` are both `retriev`."""
    return "".join(_stemmer()(word)) or word


def stems(text: str) -> frozenset[str]:
    """The different stems of a text's words."""
    return frozenset(stem(word) for word in split_words()(text))


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How often each stem occurs in each text: `matrix` is sparse CSR, float32, of shape (texts, stems)."""

    matrix: Any  # scipy.sparse.csr_matrix: scipy ships no types
    columns: dict[str, int]


def count_words(texts: Sequence[str]) -> WordCounts:
    """Counts the stems of many texts; only the different words are stemmed, not every occurrence."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(analyzer=split_words(), dtype=np.float32)
    if not any(split_words()(text) for text in texts):
        return WordCounts(csr_matrix((len(texts), 0), dtype=np.float32), {})
    counts = counter.fit_transform(texts)
    columns: dict[str, int] = {}
    words = counter.get_feature_names_out()
    targets = [columns.setdefault(stem(str(word)), len(columns)) for word in words]
    ones: F32 = np.ones(len(words), dtype=np.float32)
    merge = csr_matrix((ones, (np.arange(len(words)), targets)), shape=(len(words), len(columns)))
    return WordCounts((counts @ merge).tocsr(), columns)
