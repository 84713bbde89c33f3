"""Working through long input in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Consecutive pieces of at most `size` items (itertools.batched comes with Python 3.12)."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece
