"""An encoder without a model: hashed bags of words, so that texts sharing words are near each other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from pipeline.document import EmbeddingContract
from pipeline.ports import F32

_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    re.findall("[a-z]+", "a an and are as at be by for from in into is it of on or that the this to we with")
)


class HashedEncoder:
    """Implements `pipeline.ports.Encoder` with numpy alone, the same on every machine.

    Every word but the commonest adds +1 or -1 at two places chosen by its CRC-32, so two texts' cosine grows with
    the words they share. A text without words is the first unit vector. `encoded` records what was asked of it.
    """

    def __init__(self, dimension: int = 256, *, model: str = "fake/hashed-words", chunker: str = "fake/1") -> None:
        self.encoded: list[str] = []
        self._contract = EmbeddingContract(
            model=model,
            revision="0" * 64,
            dimension=dimension,
            query_prompt="",
            passage_prompt="",
            is_normalised=True,
            chunker=chunker,
        )

    @property
    def contract(self) -> EmbeddingContract:
        return self._contract

    def encode_passages(self, texts: Sequence[str]) -> F32:
        return self._encode(texts)

    def encode_queries(self, texts: Sequence[str]) -> F32:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> F32:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self._contract.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in set(_WORD.findall(text.lower())) - _COMMON:
                self._add(vector, word)
            if not vector.any():
                vector[0] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else vectors

    def _add(self, vector: F32, word: str) -> None:
        for salt in ("", "#"):
            code = zlib.crc32((word + salt).encode())
            vector[code % self._contract.dimension] += 1.0 if code & 0x40000000 else -1.0
