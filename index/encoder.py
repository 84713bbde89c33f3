"""Text to vectors: prompts, turns and unit length, whatever computes underneath."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from pipeline.document import EmbeddingContract
from pipeline.ports import F32


class Backend(Protocol):
    """Computes vectors. Only one thread calls it at a time."""

    def embed(self, texts: Sequence[str]) -> F32:
        """One row a text, float32 of shape (texts, dimension), in their order and of any length."""
        ...


class SentenceEncoder:
    """Implements `pipeline.ports.Encoder`; safe to share between threads, which take turns."""

    def __init__(self, contract: EmbeddingContract, backend: Backend, turn: threading.Lock | None = None) -> None:
        self._contract = contract
        self._backend = backend
        self._turn = turn or threading.Lock()  # the fast tokenizers refuse to be used by two threads at once

    @property
    def contract(self) -> EmbeddingContract:
        """What the vectors mean."""
        return self._contract

    def for_chunker(self, chunker: str) -> SentenceEncoder:
        """The same model for passages that another chunker made; both take turns at it."""
        return SentenceEncoder(replace(self._contract, chunker=chunker), self._backend, self._turn)

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """Vectors of chunks, float32 of shape (n, dimension), in the order given."""
        return self._encode([self._contract.passage_prompt + text for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """Vectors of questions or interests, float32 of shape (n, dimension), in the order given."""
        return self._encode([self._contract.query_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> F32:
        if not texts:
            return np.zeros((0, self._contract.dimension), np.float32)
        with self._turn:
            vectors = self._backend.embed(texts)
        return unit_length(vectors) if self._contract.is_normalised else vectors


def unit_length(vectors: F32) -> F32:
    """Rows divided by their length in float32; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: F32 = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


# Vectors of a faster backend stand beside stored ones of the exact one: no search may tell them apart.
LEAST_AGREEMENT = 0.999
# Kinds of text that chunks of papers hold: half precision errs most on those that are least like prose.
PROBE = (
    "Graph neural networks for molecules",
    "How do dense retrievers cope with queries whose words they have never seen?",
    "We prove a lower bound of Omega(n log n) for sorting under partial information and show that it is tight. " * 4,
    r"\sum_{i=1}^{n} \alpha_i \lVert x_i - \mu \rVert_2^2 + \lambda \int_0^\infty e^{-t}\,dt \leq \frac{1}{2} " * 5,
    "Table 4: 0.913 0.874 0.768 | 0.931 0.882 0.795 | 12.1 33.4 55.6 n/a ** " * 6,
    "def step(x, y):\n    return [a * b for a, b in zip(x, y) if a > 0]  # keeps the sign\n" * 5,
    "[12] A. Lovelace and C. Babbage. Notes on an engine. Proc. Soc., 3(2):101-134, 1843. doi:10.1000/182. " * 4,
    "Die Schätzung konvergiert für große n; сходимость равномерна; 収束は一様である。 " * 5,
    "x",
    "",
)


def agreement(backend: Backend, reference: Backend, texts: Sequence[str] = PROBE) -> float:
    """The lowest cosine between two backends over some texts; 1 means that they agree."""
    ours, theirs = (unit_length(one.embed(texts)) for one in (backend, reference))
    return float(np.sum(ours * theirs, axis=1).min())
