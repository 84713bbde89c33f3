"""A quotation as the pages print it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from index import highlight
from pipeline.digest import Passage
from web.excerpt import excerpt
from web.markup import Text, read_tex, to_html


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Its text with the found words marked, where it stands in the paper, and its anchor on the paper's page."""

    html: Markup
    place: str
    anchor: str


def show_passage(passage: Passage, query: str, width: int) -> ShownPassage:
    """At most about `width` characters of a passage, around the words of the query."""
    text = Text(passage.text) if passage.page else read_tex(passage.text)
    cut, marks = excerpt(text, highlight(text.text, query), width)
    return ShownPassage(to_html(cut, marks), _place(passage.section, passage.page), f"p{passage.chunk_id}")


def section_levels(section: str) -> list[str]:
    """The headings a chunk stands under, outermost first; the chunker joins them by ` > `."""
    return [level for level in section.split(" > ") if level.strip()]


def _place(section: str, page: int) -> str:
    if not page:
        return section or "Abstract"
    return " · ".join([*section_levels(section)[-1:], f"page {page}"])
