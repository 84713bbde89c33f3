"""A paper's sections with what may be quoted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import highlight
from pipeline.document import Chunk
from web.excerpt import excerpt
from web.markup import Text, to_html
from web.passages import ShownPassage

_OPENING_CHARS = 220
_QUOTED_CHARS = 420
_MOST_QUOTED = 2  # of a section whose paper may not be copied


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `is_open` where it holds words that were searched for."""

    title: str
    anchor: str
    pages: str
    passages: tuple[ShownPassage, ...]
    is_open: bool


def outline(chunks: Sequence[Chunk], query: str, *, is_whole: bool) -> tuple[Section, ...]:
    """The sections in the paper's order, the abstract left out.

    Where the licence allows it (`is_whole`) with all their passages, else with quotations: those that hold words of
    the query, or each section's opening.
    """
    by_section: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if chunk.page:
            by_section.setdefault(chunk.section, []).append(chunk)
    return tuple(
        _section(number, title, some, query, is_whole=is_whole)
        for number, (title, some) in enumerate(by_section.items(), start=1)
    )


def _section(number: int, title: str, chunks: Sequence[Chunk], query: str, *, is_whole: bool) -> Section:
    found = [chunk for chunk in chunks if query and highlight(chunk.text, query)]
    if is_whole:
        shown = tuple(_passage(chunk, query, len(chunk.text)) for chunk in chunks)
    elif found:
        shown = tuple(_passage(chunk, query, _QUOTED_CHARS) for chunk in found[:_MOST_QUOTED])
    else:
        shown = (_passage(chunks[0], "", _OPENING_CHARS),)
    first, last = chunks[0].page, chunks[-1].page
    pages = f"page {first}" if first == last else f"pages {first}–{last}"  # noqa: RUF001 - an en dash is meant
    return Section(title or "Untitled section", f"s{number}", pages, shown, is_open=bool(found))


def _passage(chunk: Chunk, query: str, width: int) -> ShownPassage:
    marks = highlight(chunk.text, query) if query else []
    cut, kept = excerpt(Text(chunk.text), marks, width)
    return ShownPassage(to_html(cut, kept), f"page {chunk.page}", f"p{chunk.id}")
