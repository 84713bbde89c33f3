"""Pictures of a PDF's pages, drawn in this process for threads that ask at once."""

from __future__ import annotations

import threading
from pathlib import Path

from pipeline.document import Box
from tests.fakes.page_images import InProcessImages

_ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe


class PdfPictures:
    """A `ports.PageImages` for files that a test has made itself; `asked` holds (page, dpi)."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self._images = InProcessImages()

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """The page as PNG. Raises ReadError."""
        self.asked.append((page, dpi))
        with _ONE_AT_A_TIME:
            return self._images.picture(pdf, page, box, dpi)
