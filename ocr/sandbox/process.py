"""One reading process as its parent sees it: ask, wait with a deadline, end."""

from __future__ import annotations

from pathlib import Path

from ocr.processes.child import Child, Program
from ocr.sandbox.wire import Frame, PictureRequest, ReadRequest, Request, pack_request
from pipeline.document import Document
from pipeline.document_json import decode_document
from pipeline.errors import ReadError, StoreError

_LARGEST_ANSWER = 1 << 29  # bytes


class ReaderProcess:
    """A process that reads and draws one PDF after another; `papers` counts them.

    Not thread-safe; any failure of `read` or `draw` may have ended it.
    """

    def __init__(self, memory_mb: int, max_pages: int) -> None:
        arguments = (str(memory_mb), str(max_pages))
        self._child = Child(Program("reading process", "ocr.sandbox.program", arguments, memory_mb, _LARGEST_ANSWER))
        self.papers = 0
        self._last: Path | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._child.is_alive

    def read(self, pdf: Path, timeout_s: float) -> Document:
        """Raises ReadError: what is wrong with the file, or how reading it ended the process."""
        payload = self._served(ReadRequest(pdf), timeout_s)
        try:
            return decode_document(payload)
        except StoreError as error:
            self.close()
            raise ReadError(f"the reading process answered nonsense: {error}") from error

    def draw(self, request: PictureRequest, timeout_s: float) -> bytes:
        """A PNG. Raises ReadError as `read` does."""
        return self._served(request, timeout_s)

    def _served(self, request: Request, timeout_s: float) -> bytes:
        if isinstance(request, ReadRequest) or request.pdf != self._last:
            self.papers += 1
        self._last = request.pdf
        try:
            kind, payload = self._child.ask(pack_request(request), timeout_s)
        except TimeoutError:
            self.close()
            task = "read" if isinstance(request, ReadRequest) else "draw"
            raise ReadError(f"took longer than {timeout_s:g} s to {task}") from None
        except (EOFError, OSError):
            raise ReadError(self._child.cause_of_death()) from None
        if kind == Frame.ERROR.value:
            raise ReadError(payload.decode("utf-8", "replace"))
        return payload

    def kill(self) -> None:
        """Ends it without waiting; safe from another thread, whose `read` then raises."""
        self._child.kill()

    def close(self) -> None:
        """Ends it and collects it; harmless when it has ended."""
        self._child.close()
