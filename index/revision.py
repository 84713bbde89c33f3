"""One name for a model's weights, the same whoever loaded them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import numpy as np

from pipeline.ports import F32

# "0.model." is what sentence-transformers 6 puts before the names of the first module's weights, "0.auto_model." what
# it did before, "bert." what transformers does in some files.
_PREFIX = re.compile(r"^(?:0\.\w+\.)?(?:bert\.)?")
# Heads that no sentence vector goes through; where a file lacks them, transformers makes them up at random.
_UNUSED = ("pooler.", "cls.")


def weights_digest(weights: Iterable[tuple[str, F32]]) -> str:
    """SHA-256 over the weights that decide a vector, in float32 and by name, without what loading adds to names."""
    named = sorted(((_PREFIX.sub("", name), array) for name, array in weights), key=lambda pair: pair[0])
    digest = hashlib.sha256()
    for name, array in named:
        if not name.startswith(_UNUSED) and not name.endswith("position_ids"):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
