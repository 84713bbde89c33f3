"""Puts a document together from its text layer and the pages that other engines read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from ocr.bibliography import find_references, links_of
from ocr.figures.captions import find_figures
from pipeline.document import Document, Figure, Page


class DocumentAssembler:
    """Implements `ports.Assembler`. Holds nothing: every call begins with the text layer."""

    def assemble(self, text_layer: Document, pages: Sequence[Page]) -> Document:
        """The document with these pages in place of those of the same number.

        A page without a gauge takes over what the gate measured on the one it replaces. Seconds and dollars are the
        text layer's and those of the pages put in, together.
        """
        kept = {page.number: page for page in text_layer.pages}
        placed = {page.number: _with_gauge(page, kept.get(page.number)) for page in pages}
        together = tuple(page for _, page in sorted((kept | placed).items()))
        references, citations = find_references(together, links_of(text_layer.references))
        return replace(
            text_layer,
            pages=together,
            seconds=text_layer.seconds + sum(page.usage.seconds for page in placed.values()),
            cost_usd=text_layer.cost_usd + sum(page.usage.cost_usd for page in placed.values()),
            figures=_figures(text_layer, tuple(placed.values())),
            references=references,
            citations=citations,
        )


def _figures(text_layer: Document, placed: Sequence[Page]) -> tuple[Figure, ...]:
    """Those of the text layer's pages as they are, exact from what is drawn there; those of other pages found anew."""
    numbers = {page.number for page in placed}
    kept = [figure for figure in text_layer.figures if figure.page not in numbers]
    return tuple(sorted([*kept, *find_figures(placed)], key=attrgetter("page")))


def _with_gauge(page: Page, measured: Page | None) -> Page:
    return page if page.gauge is not None or measured is None else replace(page, gauge=measured.gauge)
