"""What the layout model's boxes say about lines and blocks.

Its model knows Chinese papers best: on English ones whole paragraphs come out as figures or captions. So its word is
taken only where the text does not gainsay it, and no text is ever dropped for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.figures.captions import caption_kind
from ocr.figures.floats import Float
from ocr.page.lines import Line
from ocr.page.rects import Rect, around, holds
from ocr.rapid.sight import Sight
from ocr.text.furniture import Place, PlacedLine
from pipeline.document import Block, BlockKind, Box, FigureKind

_SURE = 0.6
_ZONE = 0.12  # of the page's height, at either end: headers and footers stand nowhere else
_COVERED = 0.7  # of a block's box
_MOST_OF_PAGE = 0.6  # covered by one drawing or table: no, then the model is lost
_ROW = 0.5  # em between the baselines of one row
_PROSE_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_WORDS = 5  # to a line, of lettering in a drawing
_MOST_HEADING = 120  # characters
_MOST_PROSE = 0.5  # of an equation's characters
_PLACES = {"header": Place.HEADER, "footer": Place.FOOTER}
_EDGES = {"header": BlockKind.HEADER, "footer": BlockKind.FOOTER}
_FLOATS = {"figure": FigureKind.FIGURE, "table": FigureKind.TABLE}
_LOOSE = frozenset({BlockKind.TEXT, BlockKind.LIST, BlockKind.FIGURE, BlockKind.FOOTNOTE})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page, in the units of the page it was scaled to."""

    label: str
    area: Rect


def parts_of(sight: Sight, width: float, height: float) -> list[Part]:
    """The parts of which the model is sure, on a page of this size."""
    across, down = width / sight.width, height / sight.height
    return [
        Part(box.label, Rect(box.left * across, box.top * down, box.right * across, box.bottom * down))
        for box in sight.boxes
        if box.score > _SURE
    ]


def place_by_parts(placed: Iterable[PlacedLine], parts: Sequence[Part], page_height: float) -> list[PlacedLine]:
    """The lines, those in a header's or footer's box at the edge of the page placed there."""
    outside = [part for part in parts if part.label in _PLACES and _is_at_edge(part, page_height)]
    marked = [_first(item, (_PLACES[part.label] for part in outside if _is_at(part, item.line))) for item in placed]
    edges = [item for item in marked if _is_within(item, _ZONE * page_height, page_height)]
    return [_first(item, (edge.place for edge in edges if _is_beside(item.line, edge.line))) for item in marked]


def _is_at(part: Part, line: Line) -> bool:
    """Whether one has its middle in the other: a row that was put together is wider than its page number."""
    return holds(part.area, line) or holds(around([line]), part.area)


def _first(item: PlacedLine, places: Iterator[Place]) -> PlacedLine:
    """The line at the first of these places, where it has none yet."""
    return item if item.place is not Place.BODY else replace(item, place=next(places, Place.BODY))


def _is_within(item: PlacedLine, zone: float, height: float) -> bool:
    """Whether a line is a header or footer at its edge: the whole row is one then, page number, title and all."""
    line = item.line
    return (item.place is Place.HEADER and line.bottom < zone) or (
        item.place is Place.FOOTER and line.top > height - zone
    )


def _is_beside(line: Line, edge: Line) -> bool:
    return abs(line.baseline - edge.baseline) < _ROW * edge.size


def _is_at_edge(part: Part, height: float) -> bool:
    zone = _ZONE * height
    return part.area.bottom < zone if part.label == "header" else part.area.top > height - zone


def floats_by_parts(lines: Sequence[Line], parts: Iterable[Part], page_area: float) -> list[Float]:
    """The drawings and tables; a box that holds prose or a caption is neither, nor is one of most of the page."""
    floats: list[Float] = []
    taken: set[int] = set()
    for part in parts:
        inside = [line for line in lines if holds(part.area, line) and id(line) not in taken]
        if part.label not in _FLOATS or part.area.area > _MOST_OF_PAGE * page_area or _is_text(inside):
            continue
        taken |= {id(line) for line in inside}
        floats.append(Float(_FLOATS[part.label], part.area, tuple(inside)))
    return floats


def _is_text(lines: Sequence[Line]) -> bool:
    return _is_prose(lines) or any(caption_kind(line.text) is not None for line in lines)


def _is_prose(lines: Sequence[Line]) -> bool:
    wordy = sum(len(_PROSE_WORD.findall(line.text)) > _MOST_WORDS for line in lines)
    return wordy > len(lines) / 2


def mark_blocks(blocks: Iterable[Block], parts: Sequence[Part]) -> tuple[Block, ...]:
    """The blocks with their kinds as the parts (per mille) say, headers first and footers last."""
    marked = [replace(block, kind=_kind(block, parts)) for block in blocks]
    ranks = {BlockKind.HEADER: 0, BlockKind.FOOTER: 2}
    ordered = sorted(marked, key=lambda block: ranks.get(block.kind, 1))
    return tuple(replace(block, order=order) for order, block in enumerate(ordered))


def _kind(block: Block, parts: Sequence[Part]) -> BlockKind:
    part = next((part for part in parts if _cover(block.box, part.area) > _COVERED), None)
    if part is None or block.kind not in _LOOSE | {BlockKind.HEADING}:
        return block.kind
    if part.label in _EDGES:
        return _EDGES[part.label] if _is_at_edge(part, 1000) else block.kind
    if block.kind is BlockKind.HEADING:
        return block.kind
    return _inner_kind(block, part)


def _inner_kind(block: Block, part: Part) -> BlockKind:
    if part.label == "title" and len(block.text) <= _MOST_HEADING and not block.text.endswith((".", ",", ";")):
        return BlockKind.HEADING if block.kind is BlockKind.TEXT else block.kind
    if part.label == "equation" and _prose(block.text) < _MOST_PROSE * len(block.text):
        return BlockKind.EQUATION
    if part.label.endswith("_caption") and caption_kind(block.text) is not None:
        return BlockKind.CAPTION
    return block.kind


def _prose(text: str) -> int:
    return sum(map(len, _PROSE_WORD.findall(text)))


def _cover(box: Box, area: Rect) -> float:
    width = min(box.right, area.right) - max(box.left, area.left)
    height = min(box.bottom, area.bottom) - max(box.top, area.top)
    whole = (box.right - box.left) * (box.bottom - box.top)
    return width * height / whole if whole > 0 and width > 0 and height > 0 else 0.0
