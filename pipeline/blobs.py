"""Files by content: PDFs, read documents, composed mails. A name never means two contents."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import StoreError


class Blobs:
    """A folder of immutable files named by the SHA-256 of what they hold."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """Where a blob lies, whether it is there or not."""
        return self._root / sha256[:2] / sha256[2:]

    def put(self, content: bytes) -> str:
        """Stores content durably (written aside, synced, renamed) and returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not _holds(target, content):
            write_atomically(target, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The content. Raises StoreError where the file is gone or was altered."""
        try:
            content = self.path(sha256).read_bytes()
        except OSError as error:
            raise StoreError(f"blob {sha256} cannot be read from {self._root}: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError(f"blob {self.path(sha256)} does not hold what its name says; delete it and run again")
        return content

    def files(self) -> Iterator[Path]:
        """Every file in the folder, also what a killed process left of one (`.tmp-...`)."""
        yield from (path for path in self._root.glob("*/*") if path.is_file())


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Makes a folder and those above it. Raises StoreError naming it where that cannot be done."""
    try:
        folder.mkdir(mode, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {folder}: {error.strerror}") from error


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.read_bytes() == content
    except OSError:
        return False  # it is not there, or cannot be read: writing it anew mends both


def write_atomically(target: Path, content: bytes) -> None:
    """Writes a file so that a reader, or a crash, sees the old state or the new one, never a part.

    Raises StoreError where the folder cannot be written (disk full, permissions).
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".tmp-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    # The rename itself is durable only once the folder is (POSIX; see man 2 fsync).
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
