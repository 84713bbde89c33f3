"""Reading PDFs: the text layer first, in worker processes, so that a hostile file costs one paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reading processes import this package too, and start in a third of the time without these
    from ocr.sandbox import SandboxedExtractor
    from pipeline.config import OcrSettings

__all__ = ["open_extractor"]


def open_extractor(settings: OcrSettings) -> SandboxedExtractor:
    """The extractor these settings ask for; close it, or use it in a `with` statement."""
    from ocr.sandbox import SandboxedExtractor

    return SandboxedExtractor(settings)
