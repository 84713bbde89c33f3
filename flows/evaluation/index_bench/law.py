"""Vectors in any number, drawn so that they lie as the real embeddings they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import UsageError
from pipeline.ports import F32, I64

_NEIGHBOURS = 10
_STEP = 0.6  # how much of another neighbourhood's difference is added
_AT_ONCE = 65_536
_FEWEST = 1000


@dataclass(frozen=True, slots=True)
class VectorLaw:
    """Draws a point between a real vector and a neighbour of it, moved along the difference of two other neighbours.

    w * a + (1 - w) * near(a) + .6 * (c - near(c)), of unit length: as dense in places and as thin in others as what it
    is drawn from, and no two drawn vectors alike.
    """

    real: F32
    near: I64

    @classmethod
    def of(cls, real: F32) -> VectorLaw:
        """Finds the neighbours of every real vector; these are of unit length."""
        import faiss

        flat = faiss.IndexFlatIP(real.shape[1])
        flat.add(real)
        return cls(real, flat.search(real, _NEIGHBOURS + 1)[1][:, 1:])

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.real.shape[1])

    def draw(self, count: int, seed: int) -> F32:
        """The same vectors for the same seed, float32 of shape (count, dimension), as float16 would keep them."""
        rng = np.random.default_rng(seed)
        drawn = np.empty((count, self.dimension), np.float16)
        for start in range(0, count, _AT_ONCE):
            drawn[start : start + _AT_ONCE] = self._some(min(_AT_ONCE, count - start), rng)
        return drawn.astype(np.float32)

    def _some(self, count: int, rng: np.random.Generator) -> F32:
        (here, there), (one, other) = self._pair(count, rng), self._pair(count, rng)
        weight = rng.random((count, 1), np.float32)
        points: F32 = weight * here + (1 - weight) * there + _STEP * (one - other)
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        return points

    def _pair(self, count: int, rng: np.random.Generator) -> tuple[F32, F32]:
        places = rng.integers(len(self.real), size=count)
        return self.real[places], self.real[self.near[places, rng.integers(_NEIGHBOURS, size=count)]]


def read_vectors(path: Path) -> F32:
    """Embeddings of a .npy file (rows, or records with a `vector`) or of `vectors` in an .npz file, of unit length.

    Raises UsageError where it holds none, or fewer than a thousand.
    """
    try:
        stored: Any = np.load(path, allow_pickle=False)  # Any: an array or an archive of arrays
        rows: NDArray[Any] = stored["vectors"] if path.suffix == ".npz" else stored  # Any: of floats, or records
        vectors = np.asarray(rows["vector"] if rows.dtype.names else rows, np.float32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--vectors {path}: it holds no embeddings ({error})") from error
    if vectors.ndim != 2 or len(vectors) < _FEWEST:  # noqa: PLR2004 (rows of numbers)
        raise UsageError(f"--vectors {path}: at least {_FEWEST} rows of numbers are needed, not {vectors.shape}")
    scaled: F32 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
