"""A page of a paper as a picture, with a place on it marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.digest import Passage
from pipeline.document import BlockKind, Box, Chunk, Document, Page, Reference
from pipeline.reading import StoredFigure
from web.passages import ShownPassage, show_passage

_WIDTH = 1000  # of the drawing, so that boxes need no conversion across
_LETTER_RATIO = 792 / 612
_RATIOS = (0.1, 10.0)  # height to width; beyond it is no page
_QUOTED_CHARS = 2000
_ENOUGH_RUNS = 4  # of three words that a block shares with a passage, if it has so many
_FURNITURE = frozenset({BlockKind.HEADER, BlockKind.FOOTER})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be marked on a page: a passage, a figure or a reference, by number; 0 for none.

    Figures and references count from 1 in the paper's order, passages have their chunk's id.
    """

    passage: int = 0
    figure: int = 0
    reference: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A place on a page, and what stands there; a passage also by its text, as its box may span two columns."""

    box: Box
    what: str
    quote: ShownPassage | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The page's picture in units of which the page is 1000 wide; `marks` are left, top, width and height in them."""

    width: int
    height: int
    marks: tuple[tuple[float, float, float, float], ...] = ()


def find_passage(chunks: Sequence[Chunk], wanted: int, page: int, query: str) -> Marked | None:
    """The passage on this page, with the words of the query marked in its text."""
    chunk = next((one for one in chunks if one.id == wanted and one.page == page and one.box), None)
    if chunk is None or chunk.box is None:
        return None
    quote = show_passage(Passage(chunk.text, chunk.section, page, chunk.box, chunk.id), query, _QUOTED_CHARS)
    return Marked(chunk.box, "the passage", quote, chunk.text)


def find_figure(figures: Sequence[StoredFigure], wanted: int, page: int) -> Marked | None:
    """The figure on this page."""
    found = next((one.figure for one in figures if one.ordinal + 1 == wanted and one.figure.page == page), None)
    return Marked(found.box, found.label or "the figure") if found else None


def find_reference(references: Sequence[Reference], wanted: int, page: int) -> Marked | None:
    """The entry of the bibliography on this page."""
    found = references[wanted - 1] if 0 < wanted <= len(references) else None
    return Marked(found.box, "the reference") if found and found.page == page else None


def draw(document: Document | None, number: int, marked: Marked | None) -> Drawing:
    """Where everything stands in the drawing of a page."""
    page = next((one for one in document.pages if one.number == number), None) if document else None
    ratio = _ratio(page)
    height = round(_WIDTH * ratio)
    boxes = _boxes(page, marked) if marked else ()
    return Drawing(
        _WIDTH,
        height,
        tuple(
            (box.left, round(box.top * ratio, 1), box.right - box.left, round((box.bottom - box.top) * ratio, 1))
            for box in boxes
        ),
    )


def _boxes(page: Page | None, marked: Marked) -> tuple[Box, ...]:
    """The blocks that say what is marked: a passage that runs into the next column has a box around both columns."""
    said = _runs_of_three(marked.text)
    if page is None or not said:
        return (marked.box,)
    blocks = [block for block in page.blocks if block.kind not in _FURNITURE]
    found = tuple(block.box for block in blocks if _is_part(_runs_of_three(block.text), said))
    return found or (marked.box,)


def _is_part(block: frozenset[tuple[str, ...]], said: frozenset[tuple[str, ...]]) -> bool:
    return bool(block) and len(block & said) >= min(len(block), _ENOUGH_RUNS)


def _runs_of_three(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _ratio(page: Page | None) -> float:
    if page is None or page.width_pt <= 0 or page.height_pt <= 0:
        return _LETTER_RATIO
    return min(max(page.height_pt / page.width_pt, _RATIOS[0]), _RATIOS[1])
