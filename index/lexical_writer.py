"""Filling the lexical index, from nothing or from the files of the generation before."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from index.files import link
from index.lexical_schema import document_of, register, schema
from pipeline.ports import IndexedChunk

_HEAP_BYTES = 128_000_000
_REMOVED_AT_ONCE = 10_000
_REWRITTEN = ("meta.json", ".managed.json")  # every other file of tantivy's never changes once it is written


class LexicalWriter:
    """Fills a folder; use as a context manager, it is complete when the block ends without an error.

    `before` is the folder to go on from: its files are linked, not copied, and stay as they are. Raises OSError where
    the folder cannot be written.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        folder.mkdir(parents=True)
        if before is not None:
            _link(before, folder)
        self._schema = schema()
        with _writing():
            index = tantivy.Index(self._schema, path=str(folder)) if before is None else tantivy.Index.open(str(folder))
            register(index)
            # One thread: the same chunks always give the same segments, and a second core belongs to the encoder.
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, chunk: IndexedChunk) -> None:
        """Adds one chunk with all that is needed to show it."""
        with _writing():
            self._writer.add_document(document_of(chunk))

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Removes chunks; what is added afterwards stays, whatever its id."""
        with _writing():
            for start in range(0, len(chunk_ids), _REMOVED_AT_ONCE):
                some = list(chunk_ids[start : start + _REMOVED_AT_ONCE])
                self._writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "chunk_id", some))

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


def _link(before: Path, folder: Path) -> None:
    for path in before.iterdir():
        if path.name in _REWRITTEN:
            shutil.copyfile(path, folder / path.name)
        elif not path.name.startswith("."):  # locks
            link(path, folder / path.name)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Translates: tantivy reports a refused write as a ValueError; here it becomes the OSError that it is."""
    try:
        yield
    except ValueError as error:
        raise OSError(None, f"tantivy: {error}") from error
