"""Puts the figures and tables found on a page among its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocr.figures.floats import Float
from ocr.figures.rows import rows_of
from ocr.page.page_text import PageText
from ocr.page.rects import Edged
from ocr.page.view import box_of
from ocr.text.furniture import PlacedLine
from pipeline.document import Block, BlockKind, Box, FigureKind

_KINDS = {FigureKind.FIGURE: BlockKind.FIGURE, FigureKind.TABLE: BlockKind.TABLE}


def without_floats(placed: Sequence[PlacedLine], floats: Iterable[Float]) -> list[PlacedLine]:
    """The lines of a page that stand in none of its figures and tables."""
    inside = {id(line) for item in floats for line in item.lines}
    return [item for item in placed if id(item.line) not in inside]


def with_floats(
    blocks: Sequence[Block], floats: Iterable[Float], page: PageText
) -> tuple[tuple[Block, ...], dict[int, int | None]]:
    """The blocks of a page and its floats in reading order; the orders of the floats, each with its caption's.

    A float stands on that side of its caption on which it is printed.
    """
    ordered = list(blocks)
    pairs: list[tuple[Block, Block | None]] = []
    for item in floats:
        block = Block(_KINDS[item.kind], _text(item), _box(item.rect, page), 0)
        caption = _caption_of(item, blocks, page)
        ordered.insert(_position(ordered, block.box, caption), block)
        pairs.append((block, caption))
    orders = {id(block): order for order, block in enumerate(ordered)}
    captions = {orders[id(block)]: orders[id(caption)] if caption else None for block, caption in pairs}
    return tuple(replace(block, order=order) for order, block in enumerate(ordered)), captions


def _caption_of(item: Float, blocks: Sequence[Block], page: PageText) -> Block | None:
    if item.caption is None:
        return None
    mark = _box(item.caption, page)
    return next((block for block in blocks if block.kind is BlockKind.CAPTION and _holds(block.box, mark)), None)


def _position(blocks: Sequence[Block], box: Box, caption: Block | None) -> int:
    if caption is not None:
        index = next(index for index, block in enumerate(blocks) if block is caption)
        return index if box.top + box.bottom < caption.box.top + caption.box.bottom else index + 1
    below = (
        index
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.FOOTER
        or (block.box.top >= box.bottom and block.box.left < box.right and block.box.right > box.left)
    )
    return next(below, len(blocks))


def _holds(box: Box, mark: Box) -> bool:
    x, y = (mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _text(item: Float) -> str:
    """A figure's lettering in a line; a table's rows, each in a line, its cells parted by two spaces."""
    if item.kind is FigureKind.FIGURE:
        return " ".join(line.text for line in item.lines)
    return "\n".join("  ".join(line.text for line in row) for row in rows_of(item.lines))


def _box(item: Edged, page: PageText) -> Box:
    return box_of([item], page.width, page.height, page.quarters)
