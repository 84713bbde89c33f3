"""A page of a paper as a picture, with a place on it marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.digest import Passage
from pipeline.document import Box, Chunk, Document, Page, Reference
from pipeline.reading import StoredFigure
from web.passages import ShownPassage, show_passage

_WIDTH = 1000  # of the drawing, so that boxes need no conversion across
_LETTER_RATIO = 792 / 612
_RATIOS = (0.1, 10.0)  # height to width; beyond it is no page
_QUOTED_CHARS = 2000


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
    """A place on a page, and what stands there."""

    box: Box
    what: str
    quote: ShownPassage | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The page's picture in units of which the page is 1000 wide; `mark` is left, top, width and height in them."""

    width: int
    height: int
    mark: tuple[float, float, float, float] | None = None


def find_passage(chunks: Sequence[Chunk], wanted: int, page: int, query: str) -> Marked | None:
    """The passage on this page, with the words of the query marked in its text."""
    chunk = next((one for one in chunks if one.id == wanted and one.page == page and one.box), None)
    if chunk is None or chunk.box is None:
        return None
    quote = show_passage(Passage(chunk.text, chunk.section, page, chunk.box, chunk.id), query, _QUOTED_CHARS)
    return Marked(chunk.box, "the passage", quote)


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
    if marked is None:
        return Drawing(_WIDTH, height)
    box = marked.box
    mark = (box.left, round(box.top * ratio, 1), box.right - box.left, round((box.bottom - box.top) * ratio, 1))
    return Drawing(_WIDTH, height, mark)


def _ratio(page: Page | None) -> float:
    if page is None or page.width_pt <= 0 or page.height_pt <= 0:
        return _LETTER_RATIO
    return min(max(page.height_pt / page.width_pt, _RATIOS[0]), _RATIOS[1])
