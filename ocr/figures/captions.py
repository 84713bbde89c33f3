"""Finds a document's figures and tables: which picture or table each caption belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Block, BlockKind, Box, Figure, FigureKind, Page

_LABEL = re.compile(
    r"(?i:(?:supplementary|supplemental|supporting|extended data|appendix)\s+)?"
    r"(?P<name>(?i:fig(?:ure|\.)?|tab(?:le\b|\.)|scheme|plate|chart))"
    r"(?:\s*(?:[A-Z]{1,2}[.\-]?)?\d+(?:[.\-]\d+)*[a-z]?\b|\s+(?:[IVXL]+|[A-Z])\b)"
)
_NO_FLOAT = re.compile(r"(?:algorithm|listing|code|program|procedure)\b", re.IGNORECASE)
_FLOATS = {BlockKind.FIGURE: FigureKind.FIGURE, BlockKind.TABLE: FigureKind.TABLE}
Drawn = Mapping[int, Mapping[int, int | None]]  # by page: the orders of the floats seen, and of their captions
_AROUND = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
# Distances in per mille of the page's height.
_REACH = 150  # a caption stands no further from what it is about
# How much nearer a picture below its caption must be than one above it; a table the reverse, but they stand on either.
_OTHER_SIDE = {FigureKind.FIGURE: 60, FigureKind.TABLE: 10}
_OTHER_KIND = 100  # how much nearer a table must be to a figure's caption than a picture
_PARTS = 60  # parts of one figure stand no further apart
_FREE_SPACE = 40  # at least so much room must be left for a picture that nobody saw
_WIDTH, _HEIGHT = 120, 50  # at least, of a picture without a caption: smaller ones are logos and ornaments


@dataclass(frozen=True, slots=True)
class _Caption:
    """A caption block, what it says it is about (None: it does not say) and how the text calls that."""

    block: Block
    kind: FigureKind | None
    label: str


def find_figures(pages: Sequence[Page], drawn: Drawn | None = None) -> tuple[Figure, ...]:
    """All figures and tables in reading order, from the pages' blocks alone, whoever read them.

    Where `drawn` is given, other figure and table blocks than it names are mere lettering or rows, and serve only
    captions that have nothing better. A caption whose picture no block shows stands with the empty space beside it, or
    with its own box where there is none. Large pictures without a caption are figures too; tables without one are not.
    """
    return tuple(
        figure for page in pages for figure in _on_page(page, None if drawn is None else drawn.get(page.number, {}))
    )


def _on_page(page: Page, drawn: Mapping[int, int | None] | None) -> Iterator[Figure]:
    captions = [caption for block in page.blocks if (caption := _caption(block)) is not None]
    floats = [block for block in page.blocks if block.kind in _FLOATS]
    owners = _known_owners(captions, drawn or {})
    pictures = [block for block in floats if drawn is None or block.order in drawn]
    for candidates in (pictures, [block for block in floats if block not in pictures]):
        served = {caption.block.order for caption in owners.values()}
        unserved = [caption for caption in captions if caption.block.order not in served]
        owners |= _owners(unserved, [block for block in candidates if block.order not in owners], page.blocks)
    for block in page.blocks:
        caption = next((item for item in captions if item.block is block), None)
        if caption is not None:
            owned = [item for item in floats if owners.get(item.order) is caption]
            yield _captioned(caption, owned, page)
        elif (
            block.kind is BlockKind.FIGURE and block in pictures and block.order not in owners and _is_large(block.box)
        ):
            yield Figure(FigureKind.FIGURE, "", "", page.number, block.box)


def _known_owners(captions: Sequence[_Caption], drawn: Mapping[int, int | None]) -> dict[int, _Caption]:
    by_order = {caption.block.order: caption for caption in captions}
    return {order: by_order[caption] for order, caption in drawn.items() if caption in by_order}


def caption_kind(text: str) -> FigureKind | None:
    """What a caption says it is about; None where it does not say, or is about something else (an algorithm)."""
    match = _LABEL.match(text)
    if match is None:
        return None
    return FigureKind.TABLE if match["name"].lower().startswith("tab") else FigureKind.FIGURE


def _caption(block: Block) -> _Caption | None:
    if block.kind is not BlockKind.CAPTION or _NO_FLOAT.match(block.text):
        return None
    match = _LABEL.match(block.text)
    return _Caption(block, caption_kind(block.text), match[0] if match else "")


def _captioned(caption: _Caption, owned: Sequence[Block], page: Page) -> Figure:
    kind = caption.kind or (_FLOATS[owned[0].kind] if owned else FigureKind.FIGURE)
    box = _union(block.box for block in owned) if owned else _free_space(caption, kind, page.blocks)
    return Figure(kind, caption.label, caption.block.text, page.number, box)


def _owners(captions: Sequence[_Caption], floats: Sequence[Block], blocks: Sequence[Block]) -> dict[int, _Caption]:
    """Whose each picture and table is, by its order: the best pairs first, then what is left beside them."""
    pairs = sorted(
        (
            (cost, number, block.order)
            for number, caption in enumerate(captions)
            for block in floats
            if (cost := _cost(caption, block)) is not None
        ),
    )
    owners: dict[int, _Caption] = {}
    served: set[int] = set()
    for _, number, order in pairs:
        if order not in owners and number not in served:
            owners[order] = captions[number]
            served.add(number)
    _give_parts(owners, floats, blocks)
    return owners


def _cost(caption: _Caption, block: Block) -> int | None:
    """How ill a caption and a picture or table match; None where they cannot belong together."""
    gap = _gap(caption.block.box, block.box)
    if gap is None or gap > _REACH:
        return None
    kind = _FLOATS[block.kind]
    is_above = block.box.top + block.box.bottom < caption.block.box.top + caption.block.box.bottom
    wanted = caption.kind or kind
    is_usual_side = is_above is (wanted is FigureKind.FIGURE)
    return gap + (0 if is_usual_side else _OTHER_SIDE[wanted]) + (0 if wanted is kind else _OTHER_KIND)


def _give_parts(owners: dict[int, _Caption], floats: Sequence[Block], blocks: Sequence[Block]) -> None:
    """Lets the other parts of a figure follow the one that has the caption; a part is of the same kind and near."""
    is_changed = True
    while is_changed:
        is_changed = False
        for part in floats:
            if part.order in owners:
                continue
            beside = [
                item
                for item in floats
                if item.order in owners and item.kind is part.kind and _are_parts(item.box, part.box, blocks)
            ]
            if beside:
                nearest = min(beside, key=lambda item: _distance(item.box, part.box))
                owners[part.order] = owners[nearest.order]
                is_changed = True


def _are_parts(one: Box, other: Box, blocks: Sequence[Block]) -> bool:
    """Whether two pictures stand close together with nothing but pictures between them."""
    if _distance(one, other) > _PARTS:
        return False
    around = one.union(other)
    return not any(
        _overlap(block.box, around) > 0.5 * _area(block.box)
        for block in blocks
        if block.kind not in _FLOATS and block.kind not in _AROUND
    )


def _free_space(caption: _Caption, kind: FigureKind, blocks: Sequence[Block]) -> Box:
    """The empty space over a figure's caption (under a table's), or the caption's own box where it is not empty."""
    own = caption.block.box
    column = [block.box for block in blocks if block is not caption.block and _sideways(own, block.box) > 0]
    left = min((box.left for box in column), default=own.left)
    right = max((box.right for box in column), default=own.right)
    if kind is FigureKind.FIGURE:
        top, bottom = max((box.bottom for box in column if box.bottom <= own.top), default=own.top), own.top
    else:
        top, bottom = own.bottom, min((box.top for box in column if box.top >= own.bottom), default=own.bottom)
    if bottom - top < _FREE_SPACE:
        return own
    return Box(min(left, own.left), top, max(right, own.right), bottom)


def _gap(one: Box, other: Box) -> int | None:
    """The white between two boxes in one column, up or down; None where they stand beside each other."""
    shared = _sideways(one, other)
    if shared <= 0.3 * min(one.right - one.left, other.right - other.left):
        return None
    return max(one.top - other.bottom, other.top - one.bottom, 0)


def _sideways(one: Box, other: Box) -> int:
    return min(one.right, other.right) - max(one.left, other.left)


def _distance(one: Box, other: Box) -> int:
    across = max(one.left - other.right, other.left - one.right, 0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0)
    return max(across, down)


def _overlap(one: Box, other: Box) -> int:
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, _sideways(one, other)) * max(0, down)


def _area(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)


def _union(boxes: Iterable[Box]) -> Box:
    first, *others = boxes
    for box in others:
        first = first.union(box)
    return first


def _is_large(box: Box) -> bool:
    return box.right - box.left >= _WIDTH and box.bottom - box.top >= _HEIGHT
