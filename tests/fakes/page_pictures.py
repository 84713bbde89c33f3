"""Pictures of pages without a PDF: dark bars on white, different for every page."""

from __future__ import annotations

import io
import threading
from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.document import Box
from pipeline.errors import ReadError

_SIZE_IN = (8.5, 11.0)


class PagePictures:
    """A `ports.PageImages`: pages in `blank` are white, in `broken` cannot be drawn; `asked` holds (page, dpi)."""

    def __init__(self, blank: frozenset[int] = frozenset(), broken: frozenset[int] = frozenset()) -> None:
        self.asked: list[tuple[int, int]] = []
        self._blank = blank
        self._broken = broken
        self._lock = threading.Lock()

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """The page as PNG; `pdf` is not looked at."""
        del pdf, box
        with self._lock:
            self.asked.append((page, dpi))
        if page in self._broken:
            raise ReadError("the page is damaged")
        width, height = (round(side * dpi) for side in _SIZE_IN)
        image = Image.new("RGB", (width, height), "white")
        if page not in self._blank:
            pen = ImageDraw.Draw(image)
            for row in range(20, 980, 20):
                right = 500 + (row * 37 + page * 101) % 450
                pen.rectangle(
                    (width * 0.06, height * row / 1000, width * right / 1000, height * (row + 8) / 1000), "black"
                )
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
        return file.getvalue()
