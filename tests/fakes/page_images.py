"""Pictures of pages, made in this process."""

import io
from contextlib import closing
from pathlib import Path

import pypdfium2

from pipeline.document import Box
from pipeline.errors import ReadError


class InProcessImages:
    """Implements `ports.PageImages` for PDFs that tests trust; `seen` lists what was asked for."""

    def __init__(self) -> None:
        self.seen: list[tuple[Path, int, int]] = []

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """The whole page; parts are not asked for by OCR."""
        assert box is None
        self.seen.append((pdf, page, dpi))
        try:
            with closing(pypdfium2.PdfDocument(pdf)) as document:
                image = document[page - 1].render(scale=dpi / 72).to_pil()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise ReadError(f"damaged: {error}") from error
        content = io.BytesIO()
        image.save(content, "PNG")
        return content.getvalue()
