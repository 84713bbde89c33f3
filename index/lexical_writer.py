"""Filling the lexical index."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from index.lexical_schema import document_of, register, schema
from pipeline.ports import IndexedChunk

_HEAP_BYTES = 128_000_000


class LexicalWriter:
    """Fills a new folder; use as a context manager, it is complete when the block ends without an error.

    Raises OSError where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        with _writing():
            index = tantivy.Index(schema(), path=str(folder))
            register(index)
            # One thread: the same chunks always give the same segments, and a second core belongs to the encoder.
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, chunk: IndexedChunk) -> None:
        """Adds one chunk with all that is needed to show it."""
        with _writing():
            self._writer.add_document(document_of(chunk))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                with _writing():
                    self._writer.commit()
        finally:
            # Its threads write until they are waited for, into a folder that is about to be removed after an error;
            # the error under way says more than theirs.
            with contextlib.suppress(ValueError):
                self._writer.wait_merging_threads()


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Translates: tantivy reports a refused write as a ValueError; here it becomes the OSError that it is."""
    try:
        yield
    except ValueError as error:
        raise OSError(None, f"tantivy: {error}") from error
