"""Texts as weighted words and pairs of words: tf-idf that needs no vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from pipeline.ports import F32
from rerank.words import split_words, stem

# Pairs of words carry as much as words do: nDCG@10 .57 with words alone, .60 with both (11 curated lists, linear SVM).
# Two terms of 400,000 share a column rarely enough in 2^18 columns, and no vocabulary has to be kept between days.
_COLUMNS = 1 << 18


def count_terms(texts: Sequence[str]) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
    """How often each term occurs in each text, sparse float32 of shape (texts, 2^18)."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    if not texts:  # scikit-learn refuses to hash nothing
        return csr_matrix((0, _COLUMNS), dtype=np.float32)
    hashing = HashingVectorizer(analyzer=_terms, n_features=_COLUMNS, alternate_sign=False, norm=None, dtype=np.float32)
    return hashing.transform(texts).tocsr()


def _terms(text: str) -> list[str]:
    words = [stem(word) for word in split_words()(text)]
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How informative each term is: `idf` is float32 of shape (2^18,)."""

    idf: F32

    @classmethod
    def learn(cls, counts: Any) -> TermWeights:  # Any: scipy.sparse.csr_matrix, untyped
        """Weighs terms by how many of these texts hold them: ln((1 + n) / (1 + df)) + 1."""
        frequency = np.bincount(counts.indices, minlength=_COLUMNS)
        idf = np.log((1 + counts.shape[0]) / (1 + frequency)) + 1
        return cls(idf.astype(np.float32))

    def apply(self, counts: Any) -> Any:  # Any: scipy.sparse.csr_matrix, untyped
        """Rows of length 1, or 0 where a text holds no term; a term counts 1 + ln of how often it occurs."""
        weighted = counts.copy()
        weighted.data = (1 + np.log(weighted.data)) * self.idf[weighted.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(weighted.indptr)).astype(np.float32)
        return weighted
