"""The first engine: the text a PDF carries itself, read by pypdfium2 and put into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2

from ocr.bibliography import find_references
from ocr.engine import ENGINE, engine_key
from ocr.figures.backdrops import own_shapes
from ocr.figures.captions import find_figures
from ocr.figures.float_blocks import with_floats, without_floats
from ocr.figures.floats import find_floats
from ocr.gauge import measure_page, shortcoming
from ocr.page.links import page_links
from ocr.page.page_text import PageText
from ocr.page.pdf_file import open_pdf
from ocr.page.pdf_page import read_page
from ocr.text.blocks import make_blocks
from ocr.text.furniture import body_of, place_lines
from ocr.text.typography import measure
from pipeline.document import Block, Box, Document, Page, PageStatus
from pipeline.errors import ReadError


def read_text_layer(pdf: Path, max_pages: int) -> Document:
    """Reads a file's own text; pages beyond `max_pages` are noted as one failed page, not read.

    Raises ReadError: not a PDF, encrypted, damaged or truncated.
    """
    with closing(open_pdf(pdf)) as document:
        count = len(document)
        links: dict[int, list[tuple[Box, str]]] = {}
        loaded = [_load(document, index, links) for index in range(min(count, max_pages))]
    texts = [text for text in loaded if isinstance(text, PageText)]
    if not texts:
        raise ReadError(
            "damaged or truncated PDF: none of its pages can be loaded" if count else "the PDF has no pages"
        )
    made = dict(zip((text.number for text in texts), _blocks(texts), strict=True))
    pages = [_page(item, made[item.number][0]) if isinstance(item, PageText) else item for item in loaded]
    if count > max_pages:
        reason = f"pages {max_pages + 1} to {count} were not read: the limit is {max_pages} pages"
        pages.append(Page(max_pages + 1, 0.0, 0.0, (), ENGINE, PageStatus.FAILED, reason))
    figures = find_figures(pages, {number: drawn for number, (_, drawn) in made.items()})
    references, citations = find_references(pages, links)
    return Document(tuple(pages), engine_key(), figures=figures, references=references, citations=citations)


def _load(document: pypdfium2.PdfDocument, index: int, links: dict[int, list[tuple[Box, str]]]) -> PageText | Page:
    """The page's text, and its links noted by its number."""
    try:
        with closing(document[index]) as page:
            links[index + 1] = page_links(page)
            return read_page(page, index + 1)
    except pypdfium2.PdfiumError as error:
        return Page(index + 1, 0.0, 0.0, (), ENGINE, PageStatus.FAILED, f"the page is damaged: {error}")


def _blocks(texts: Sequence[PageText]) -> Iterator[tuple[tuple[Block, ...], dict[int, int | None]]]:
    """The blocks of every page, and which of them are floats: the lines of those are kept from the running text."""
    placed = place_lines(texts)
    bodies = [body_of(items) for items in placed]
    typography = measure(bodies)
    shapes = own_shapes(texts)
    floats = [find_floats(*page, typography) for page in zip(texts, bodies, shapes, strict=True)]
    kept = [without_floats(items, found) for items, found in zip(placed, floats, strict=True)]
    for text, blocks, found in zip(texts, make_blocks(texts, kept, typography), floats, strict=True):
        yield with_floats(blocks, found, text)


def _page(text: PageText, blocks: tuple[Block, ...]) -> Page:
    gauge = measure_page(text, blocks)
    reason = shortcoming(text, gauge)
    status = PageStatus.DEGRADED if reason else PageStatus.OK
    width, height = (text.height, text.width) if text.quarters % 2 else (text.width, text.height)
    return Page(text.number, width, height, blocks, ENGINE, status, reason, gauge=gauge)
