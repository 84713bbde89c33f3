"""Puts the figures and tables found on a page among its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocr.floats import Float
from ocr.furniture import PlacedLine
from ocr.lines import Line
from ocr.page_text import PageText
from ocr.rects import Edged
from ocr.view import box_of
from pipeline.document import Block, BlockKind, Box, FigureKind

_KINDS = {FigureKind.FIGURE: BlockKind.FIGURE, FigureKind.TABLE: BlockKind.TABLE}
_ROW = 0.5  # of a line's height: lines that overlap more stand in one row


def without_floats(placed: Sequence[PlacedLine], floats: Iterable[Float]) -> list[PlacedLine]:
    """The lines of a page that stand in none of its figures and tables."""
    inside = {id(line) for item in floats for line in item.lines}
    return [item for item in placed if id(item.line) not in inside]


def with_floats(
    blocks: Sequence[Block], floats: Iterable[Float], page: PageText
) -> tuple[tuple[Block, ...], list[int]]:
    """The blocks of a page and its floats in reading order, and the orders of the floats.

    A figure stands before its caption, a table after it.
    """
    ordered = list(blocks)
    new = []
    for item in floats:
        block = Block(_KINDS[item.kind], _text(item), _box(item.rect, page), 0)
        ordered.insert(_position(ordered, item, block.box, page), block)
        new.append(block)
    drawn = [order for order, block in enumerate(ordered) if any(block is item for item in new)]
    return tuple(replace(block, order=order) for order, block in enumerate(ordered)), drawn


def _position(blocks: Sequence[Block], item: Float, box: Box, page: PageText) -> int:
    if item.caption is not None:
        mark = _box(item.caption, page)
        for index, block in enumerate(blocks):
            if block.kind is BlockKind.CAPTION and _holds(block.box, mark):
                return index + (item.kind is FigureKind.TABLE)
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
    return "\n".join("  ".join(line.text for line in row) for row in _rows(item.lines))


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if rows and abs(rows[-1][0].baseline - line.baseline) < _ROW * min(rows[-1][0].height, line.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _box(item: Edged, page: PageText) -> Box:
    return box_of([item], page.width, page.height, page.quarters)
