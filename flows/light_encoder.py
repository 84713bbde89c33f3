"""An encoder for rankings of which nobody will see the quoted sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.document import EmbeddingContract
from pipeline.ports import F32, Encoder


class LightEncoder:
    """Implements `pipeline.ports.Encoder` over another one: knows every query again, and reads no sentence.

    A ranker encodes sentences only to choose which of a chunk's to quote; to this one all are equally near. That was
    three quarters of the time of a month's replay, and encoding the same interests day by day another part.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries: dict[str, F32] = {}

    @property
    def contract(self) -> EmbeddingContract:
        """What the vectors mean."""
        return self._encoder.contract

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """Zeros."""
        return np.zeros((len(texts), self.contract.dimension), np.float32)

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """Vectors of questions or interests, in the order given; each text is encoded once."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._queries]:
            self._queries.update(zip(new, self._encoder.encode_queries(new), strict=True))
        known = [self._queries[text] for text in texts]
        return np.asarray(known, np.float32).reshape(len(texts), self.contract.dimension)
