"""What a reading of a paper is worth: which words it holds, which it should not, and in what order they stand.

A word is a run of at least three letters of any script, in lower case, accents composed. Digits, signs and fewer
letters are left out: they are mostly mathematics, which the truths write as TeX and the pages as Unicode. Ligature
glyphs and soft hyphens are left as a method writes them, so a word with one of them counts as wrong: a search for it
would fail. A word broken at a line's end counts as found only where the method has put it together again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Indel, LCSseq

_WORD = re.compile(r"[^\W\d_¹²³⁰-₉]{3,}")
_RUN = 3


def words_of(text: str) -> list[str]:
    """The words of a text in their order."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def recall(truth: Sequence[str], reading: Sequence[str]) -> float:
    """The share of the truth's words, each as often as it occurs, that the reading holds; 0 to 1."""
    return _common(truth, reading).total() / max(1, len(truth))


def precision(truth: Sequence[str], reading: Sequence[str]) -> float:
    """The share of the reading's words that the truth holds, each at most as often as it does there; 0 to 1."""
    return _common(truth, reading).total() / max(1, len(reading))


def order(truth: Sequence[str], reading: Sequence[str]) -> float:
    """The share of the words both hold that stand in the truth's order: longest common subsequence by all in common.

    It does not depend on how many words are missing or too many, which recall and precision tell.
    """
    shared = _common(truth, reading)
    ours = [word for word in truth if word in shared]
    theirs = [word for word in reading if word in shared]
    return LCSseq.similarity(ours, theirs) / max(1, shared.total())


def similarity(truth: Sequence[str], reading: Sequence[str]) -> float:
    """The Indel similarity of two sequences of words: 1 less the insertions and deletions by all words; 0 to 1."""
    return Indel.normalized_similarity(truth, reading)


def run_recall(truth: Sequence[str], reading: Sequence[str]) -> float:
    """The share of the truth's runs of three words that the reading holds; 0 to 1."""
    return recall(_runs(truth), _runs(reading))


def _runs(words: Sequence[str]) -> list[str]:
    return [" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]


def _common(one: Sequence[str], other: Sequence[str]) -> Counter[str]:
    return Counter(one) & Counter(other)
