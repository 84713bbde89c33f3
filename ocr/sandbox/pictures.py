"""Draws pages as PNG; runs in a reading process only, for the PDF may mean harm."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from ocr.page.pdf_file import open_pdf
from ocr.sandbox.wire import PictureRequest
from pipeline.document import Box
from pipeline.errors import ReadError

MOST_PIXELS = 12_000_000  # of one picture, A4 at 350 dpi: what would be larger is drawn at a lower resolution
MOST_SIDE_PX = 16_000
_COMPRESSION = 3  # of zlib's 9


class Gallery:
    """Draws pages of one file after another; the last one stays open, for its other pages are wanted next."""

    def __init__(self) -> None:
        self._open: tuple[_Edition, pypdfium2.PdfDocument] | None = None

    def draw(self, request: PictureRequest) -> bytes:
        """The page, or what a box shows of it, as PNG. Raises ReadError."""
        document = self._document(request.pdf)
        if not 1 <= request.page <= len(document):
            raise ReadError(f"there is no page {request.page}: the PDF has {len(document)} pages")
        try:
            page = document[request.page - 1]
        except pypdfium2.PdfiumError as error:
            raise ReadError(f"page {request.page} is damaged: {error}") from error
        try:
            return _png(page, request.box, request.dpi)
        finally:
            page.close()

    def close(self) -> None:
        """Closes what is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _document(self, pdf: Path) -> pypdfium2.PdfDocument:
        edition = _edition(pdf)
        if self._open is None or self._open[0] != edition:
            self.close()
            self._open = edition, open_pdf(pdf)
        return self._open[1]


@dataclass(frozen=True, slots=True)
class _Edition:
    """A file as it is now; one rewritten in place is another."""

    pdf: Path
    inode: int
    size: int
    modified_ns: int


def _edition(pdf: Path) -> _Edition:
    try:
        found = pdf.stat()
    except OSError as error:
        raise ReadError(f"cannot read {pdf}: {error.strerror}") from error
    return _Edition(pdf, found.st_ino, found.st_size, found.st_mtime_ns)


def _png(page: pypdfium2.PdfPage, box: Box | None, dpi: int) -> bytes:
    width, height = page.get_size()
    box = box or Box(0, 0, 1000, 1000)
    shown = (box.right - box.left) / 1000 * width, (box.bottom - box.top) / 1000 * height
    scale = scale_for(*shown, dpi)
    # What to leave out, in points: left, bottom, right, top. No annotations: the frames around links are not print.
    crop = (
        box.left / 1000 * width,
        (1000 - box.bottom) / 1000 * height,
        (1000 - box.right) / 1000 * width,
        box.top / 1000 * height,
    )
    try:
        bitmap = page.render(scale=scale, crop=crop, draw_annots=False, may_draw_forms=False)
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise ReadError(f"the page cannot be drawn: {error}") from error
    target = io.BytesIO()
    bitmap.to_pil().save(target, "PNG", compress_level=_COMPRESSION)
    return target.getvalue()


def scale_for(width_pt: float, height_pt: float, dpi: int) -> float:
    """Pixels a point, so that no picture has more than `MOST_PIXELS` or a side of more than `MOST_SIDE_PX`.

    Raises ReadError where there is nothing to draw, or the page's size is no size.
    """
    if not (math.isfinite(width_pt * height_pt) and width_pt > 0 and height_pt > 0):
        raise ReadError(f"a page of {width_pt:g} x {height_pt:g} points cannot be drawn")
    # The renderer rounds both sides up, so a little is left over.
    largest = math.sqrt(0.99 * MOST_PIXELS / (width_pt * height_pt))
    return min(dpi / 72, largest, MOST_SIDE_PX / max(width_pt, height_pt))
