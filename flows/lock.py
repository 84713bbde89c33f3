"""One run at a time over one home folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.blobs import make_folder
from pipeline.errors import StoreError


@contextmanager
def exclusive_run(path: Path) -> Iterator[None]:
    """Holds the lock while the body runs; the system frees it however the process ends.

    Raises StoreError at once where another run holds it.
    """
    make_folder(path.parent)
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"another run is working in {path.parent}; wait for it, or choose another AUTOREADER_HOME",
                permanent=False,
            ) from error
        yield
