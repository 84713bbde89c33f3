"""Reading PDFs: the text layer first, in worker processes, so that a hostile file costs one paper."""

from __future__ import annotations

from ocr.sandbox import SandboxedExtractor
from pipeline.config import OcrSettings

__all__ = ["SandboxedExtractor", "open_extractor"]


def open_extractor(settings: OcrSettings) -> SandboxedExtractor:
    """The extractor these settings ask for; close it, or use it in a `with` statement."""
    return SandboxedExtractor(settings)
