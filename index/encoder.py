"""Text to vectors: prompts, length-sorted batches and unit length, whatever computes underneath."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from pipeline.document import EmbeddingContract
from pipeline.ports import F32


class Backend(Protocol):
    """Computes batches. Only one thread calls it at a time."""

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[F32]:
        """One array of shape (texts, dimension) a batch, in the order of the batches, of any length."""
        ...


class SentenceEncoder:
    """Implements `pipeline.ports.Encoder`; safe to share between threads, which take turns."""

    def __init__(self, contract: EmbeddingContract, backend: Backend, batch_size: int = 64) -> None:
        self._contract = contract
        self._backend = backend
        self._batch_size = batch_size
        self._turn = threading.Lock()  # the fast tokenizers refuse to be used by two threads at once

    @property
    def contract(self) -> EmbeddingContract:
        """What the vectors mean."""
        return self._contract

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """Vectors of chunks, float32 of shape (n, dimension), in the order given."""
        return self._encode([self._contract.passage_prompt + text for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """Vectors of questions or interests, float32 of shape (n, dimension), in the order given."""
        return self._encode([self._contract.query_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> F32:
        vectors = np.zeros((len(texts), self._contract.dimension), np.float32)
        # Longest first: texts of like length share a batch, so little is padded, and what does not fit fails at once.
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        batches = [order[start : start + self._batch_size] for start in range(0, len(order), self._batch_size)]
        with self._turn:
            for batch, rows in zip(
                batches, self._backend.embed([texts[place] for place in batch] for batch in batches), strict=True
            ):
                vectors[batch] = rows
        return unit_length(vectors) if self._contract.is_normalised else vectors


def unit_length(vectors: F32) -> F32:
    """Rows divided by their length in float32; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: F32 = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


PROBE = (
    "Graph neural networks for molecules",
    "How do dense retrievers cope with queries whose words they have never seen?",
    "We prove a lower bound of Omega(n log n) for sorting under partial information and show that it is tight. " * 4,
    "x",
)


def agreement(backend: Backend, reference: Backend) -> float:
    """The lowest cosine between two backends over a few texts of different length; 1 means that they agree."""
    ours, theirs = (unit_length(next(iter(one.embed([PROBE])))) for one in (backend, reference))
    return float(np.sum(ours * theirs, axis=1).min())
