"""Vectors of texts, made once and kept in a file by what the texts say.

FOLDER/vectors-KEY.npz    digests and float16 vectors, of one embedding contract
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.blobs import write_atomically
from pipeline.ports import F32, Encoder
from pipeline.stages import Progress

_STEP = 512  # texts embedded between two writes of the file: what an interrupted run loses


class TextVectors:
    """An encoder's passages with a memory."""

    def __init__(self, folder: Path, encoder: Encoder, progress: Progress) -> None:
        self._path = folder / f"vectors-{encoder.contract.key}.npz"
        self._encoder = encoder
        self._progress = progress
        self._known = _load(self._path)

    def has(self, text: str) -> bool:
        """Whether this text's vector need not be made."""
        return _digest(text) in self._known

    def of(self, texts: Sequence[str]) -> F32:
        """One vector a text, of shape (texts, dimension). Raises StoreError where the file cannot be written."""
        digests = [_digest(text) for text in texts]
        self._make({digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._known})
        if not texts:
            return np.zeros((0, self._encoder.contract.dimension), np.float32)
        found: F32 = np.stack([self._known[digest] for digest in digests]).astype(np.float32)
        return found

    def _make(self, missing: dict[bytes, str]) -> None:
        listed = list(missing.items())
        for start in range(0, len(listed), _STEP):
            self._progress("embed", start, len(listed))
            step = listed[start : start + _STEP]
            vectors = self._encoder.encode_passages([text for _, text in step]).astype(np.float16)
            self._known.update(zip((digest for digest, _ in step), vectors, strict=True))
            _save(self._path, self._known)
        if listed:
            self._progress("embed", len(listed), len(listed))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _load(path: Path) -> dict[bytes, NDArray[np.float16]]:
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        digests = stored["digests"].tobytes()
        return {digests[32 * row : 32 * row + 32]: vector for row, vector in enumerate(stored["vectors"])}


def _save(path: Path, known: dict[bytes, NDArray[np.float16]]) -> None:
    buffer = io.BytesIO()
    digests = np.frombuffer(b"".join(known), np.uint8).reshape(-1, 32)
    np.savez(buffer, digests=digests, vectors=np.stack(list(known.values())))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue())
