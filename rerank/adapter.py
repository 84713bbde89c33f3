"""A linear map over an encoder's vectors, learnt so that what one reader takes lies together."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import ConfigError
from pipeline.ports import F32

_LEAST = 1e-9  # a length, so that a vector of zeros (a paper without text) stays one


@dataclass(frozen=True, slots=True)
class Adapter:
    """y = (x - centre) M, at unit length; `centre` is of shape (dimension,), `matrix` (dimension, dimension), float32.

    It serves vectors of one embedding contract only. Papers and likes must both go through it; an interest in words
    may too, but cosines after it are on another scale than before.
    """

    contract_key: str
    centre: F32
    matrix: F32

    def apply(self, vectors: F32) -> F32:
        """The vectors, of shape (n, dimension), adapted; rows of zeros stay zeros."""
        moved = (vectors - self.centre) @ self.matrix
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        kept = moved / np.maximum(lengths, _LEAST)
        return np.where(vectors.any(axis=1, keepdims=True), kept, 0).astype(np.float32)

    @classmethod
    def identity(cls, contract_key: str, dimension: int) -> Adapter:
        """The map that changes nothing."""
        return cls(contract_key, np.zeros(dimension, np.float32), np.eye(dimension, dtype=np.float32))

    @classmethod
    def whitening(cls, contract_key: str, background: F32, shrinkage: float) -> Adapter:
        """The map under which papers at random scatter alike in all directions; needs no labels.

        Directions in which all papers differ (field, style) count less, those in which few do more. `shrinkage` is
        added to the variances, in units of their mean; ten and more all but centres.
        """
        centre = background.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov((background - centre).astype(np.float64).T))
        scales = (np.maximum(variances, 0) + shrinkage * variances.mean()) ** -0.5
        matrix = (directions * (scales / scales.mean())) @ directions.T
        return cls(contract_key, centre.astype(np.float32), matrix.astype(np.float32))

    def save(self, path: Path) -> None:
        """Writes it as one .npz."""
        np.savez(path, contract_key=np.array(self.contract_key), centre=self.centre, matrix=self.matrix)

    @classmethod
    def load(cls, path: Path) -> Adapter:
        """Reads it. Raises ConfigError where the file is gone or holds something else."""
        try:
            with np.load(path, allow_pickle=False) as held:
                return cls(str(held["contract_key"]), held["centre"], held["matrix"])
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ConfigError(f"the adapter {path} cannot be read: {error}; see `autoreader models`") from error
