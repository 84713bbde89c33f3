"""What every stage works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.blobs import Blobs
from pipeline.ports import Clock
from pipeline.store import Store

# (what is being done, how many are done, how many there are)
Progress = Callable[[str, int, int], None]


def no_progress(what: str, done: int, total: int) -> None:
    """Tells nobody."""
    del what, done, total


@dataclass(frozen=True, slots=True)
class StageContext:
    """The store, the files, the time, and somebody to tell how far it is."""

    store: Store
    blobs: Blobs
    clock: Clock
    progress: Progress = no_progress
