"""Pages that a model can tell apart by their looks, and their pictures, drawn in this process for many threads."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from pipeline.document import Box
from tests.fakes.page_images import InProcessImages

PDFIUM = threading.Lock()  # it is not thread-safe: whoever reads while jobs draw pictures holds this too


class PdfPictures:
    """A `ports.PageImages` for files that a test has made itself; `asked` holds (page, dpi)."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self._images = InProcessImages()

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """The page as PNG. Raises ReadError."""
        self.asked.append((page, dpi))
        with PDFIUM:
            return self._images.picture(pdf, page, box, dpi)


def page_words(number: int) -> str:
    """A page's worth of words that stand on no other page and hardly twice on this one; its number comes last."""
    chance = random.Random(number)  # noqa: S311 - the same words every time
    words = ("".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(4, 9))) for _ in range(120))
    return " ".join(words) + f" page {number}"
