"""OCR on the CPU: RapidOCR reads scans, and rapid-layout, where it is installed, says what is a heading or a header.

A page's picture comes from the sandbox; the models run in processes of their own, within a limit of memory and time,
because what they are shown may be hostile and what they need (1 GB) must not add up in the process of the day.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:  # loads the text layer's machinery
    from ocr.rapid.reader import SightReader
    from pipeline.config import OcrSettings
    from pipeline.ports import PageImages

__all__ = ["open_rapidocr"]

_DPI = 150
_REVISION = 1  # counts up with every change that alters what is read


def open_rapidocr(settings: OcrSettings, images: PageImages) -> SightReader:
    """The engine; its processes start with the first page. Raises ConfigError where RapidOCR is not installed."""
    if importlib.util.find_spec("rapidocr") is None:
        raise ConfigError("RapidOCR is not installed, on which autoreader depends: pip install 'rapidocr>=3.10,<4'")
    from ocr.rapid.page import page_of
    from ocr.rapid.reader import Method, SightReader
    from ocr.rapid.wire import Ask

    return SightReader(settings, images, Method(_engine_key(), Ask.TEXT, _DPI, page_of))


def _engine_key() -> str:
    has_layout = importlib.util.find_spec("rapid_layout") is not None
    layout = f"+layout-{importlib.metadata.version('rapid-layout')}" if has_layout else ""
    return f"rapidocr-{importlib.metadata.version('rapidocr')}{layout}/{_DPI}dpi/{_REVISION}"
