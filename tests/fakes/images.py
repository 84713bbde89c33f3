"""Pictures of pages without a PDF reader: plain rectangles of the right shape."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.document import Box
from pipeline.errors import ReadError

_WIDTH_IN, _HEIGHT_IN = 8.5, 11.0


@dataclass
class FakeImages:
    """Implements `pipeline.ports.PageImages`; `asked` records every picture, `error` is raised where one is given."""

    error: ReadError | None = None
    asked: list[tuple[int, Box | None, int]] = field(default_factory=list)

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        del pdf
        self.asked.append((page, box, dpi))
        if self.error is not None:
            raise self.error
        part = box or Box(0, 0, 1000, 1000)
        width = round((part.right - part.left) / 1000 * _WIDTH_IN * dpi)
        height = round((part.bottom - part.top) / 1000 * _HEIGHT_IN * dpi)
        return png(width, height)


def png(width: int, height: int) -> bytes:
    """A picture with a line across, a bar and a little text, the same every time."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.line((0, height - 1, width, 0), fill="#1f5fa8", width=3)
    draw.rectangle((width * 0.6, height * 0.5, width * 0.7, height * 0.9), fill="#c2571a")
    draw.text((10, 10), "drawn for a test", fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def noise(width: int, height: int) -> bytes:
    """A picture that compresses badly, as a photograph does; the same every time."""
    small = random.Random(7).randbytes(width // 4 * (height // 4) * 3)  # noqa: S311 - no secret
    image = Image.frombytes("RGB", (width // 4, height // 4), small).resize((width, height))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
