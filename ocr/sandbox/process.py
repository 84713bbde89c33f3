"""One reading process as its parent sees it: ask, wait with a deadline, end."""

from __future__ import annotations

from pathlib import Path

from ocr.processes.child import Child, Program
from ocr.sandbox.wire import PictureRequest, ReadRequest, pack_request
from pipeline.document import Document
from pipeline.document_json import decode_document
from pipeline.errors import ReadError, StoreError

_LARGEST_ANSWER = 1 << 29  # bytes


class ReaderProcess(Child):
    """A process that reads and draws one PDF after another; `served` counts papers."""

    def __init__(self, memory_mb: int, max_pages: int) -> None:
        arguments = (str(memory_mb), str(max_pages))
        super().__init__(
            Program(
                "reading process", "ocr.sandbox.program", arguments, memory_mb, _LARGEST_ANSWER, is_death_permanent=True
            )
        )
        self._last: Path | None = None

    def read(self, pdf: Path, timeout_s: float) -> Document:
        """Raises ReadError: what is wrong with the file, or how reading it ended the process."""
        self.served += 1
        self._last = pdf
        payload = self.ask(*pack_request(ReadRequest(pdf)), timeout_s, f"took longer than {timeout_s:g} s to read")
        try:
            return decode_document(payload)
        except StoreError as error:
            self.close()
            raise ReadError(f"the reading process answered nonsense: {error}") from error

    def draw(self, request: PictureRequest, timeout_s: float) -> bytes:
        """A PNG. Raises ReadError as `read` does. Pages of one file after another count as one paper."""
        self.served += request.pdf != self._last
        self._last = request.pdf
        return self.ask(*pack_request(request), timeout_s, f"took longer than {timeout_s:g} s to draw")
