"""Files and folders of generations: linked, made durable, removed, locked."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import IndexStateError, StoreError

TEMPORARY = ".building-"


def link(source: Path, target: Path) -> None:
    """A second name for a file that never changes; a copy where the file system has no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


@contextlib.contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Holds the folder's build lock, which a killed process releases, and reports what the disk refuses.

    Raises IndexStateError while another process holds it, StoreError for any OSError within.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexStateError("another process is building the index", permanent=False) from error
            yield
    except OSError as error:
        raise StoreError(f"the index in {root} cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """A folder that is gone at the end, unless it was renamed."""
    path = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=root))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)  # gone already where it was renamed


def sync_tree(folder: Path) -> None:
    """Makes a folder and all in it durable: a rename is so only once what it carries is (man 2 fsync)."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
