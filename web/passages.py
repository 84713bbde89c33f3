"""A quotation as the pages print it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from index import highlight
from pipeline.digest import Passage
from web.excerpt import excerpt
from web.markup import read_page, read_tex, to_html


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Its text with the found words marked, where it stands in the paper, and its anchor on the paper's page.

    `page` counts from 1 and is 0 for the abstract, which is on no page that was read.
    """

    html: Markup
    place: str
    page: int
    chunk_id: int

    @property
    def anchor(self) -> str:
        """Names the passage on its paper's page."""
        return f"p{self.chunk_id}"


def show_passage(passage: Passage, query: str, width: int) -> ShownPassage:
    """At most about `width` characters of a passage, around the words of the query."""
    text = read_page(passage.text) if passage.page else read_tex(passage.text)
    cut, marks = excerpt(text, highlight(text.text, query), width)
    place = place_of(passage.section, passage.page)
    return ShownPassage(to_html(cut, marks), place, passage.page, passage.chunk_id)


def section_levels(section: str) -> list[str]:
    """The headings a chunk stands under, outermost first; the chunker joins them by ` > `."""
    return [level for level in section.split(" > ") if level.strip()]


def place_of(section: str, page: int) -> str:
    """Where a passage stands: `3 Method · page 4`, `Abstract`."""
    if not page:
        return section or "Abstract"
    return " · ".join([*section_levels(section)[-1:], f"page {page}"])
