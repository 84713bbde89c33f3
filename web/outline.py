"""A paper's sections with what may be quoted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import highlight
from pipeline.document import Chunk
from web.excerpt import excerpt
from web.markup import read_page, to_html
from web.passages import ShownPassage, section_levels

_NAMELESS = "Before the first section"
_OPENING_CHARS = 220
_QUOTED_CHARS = 420
_MOST_QUOTED = 2  # of a section whose paper may not be copied


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `depth` is 0 for a chapter, `is_open` tells that it holds words that were searched for.

    A heading with no text of its own, only sections below it, has no passages and no pages.
    """

    title: str
    depth: int
    anchor: str = ""
    pages: str = ""
    passages: tuple[ShownPassage, ...] = ()
    is_open: bool = False


def outline(chunks: Sequence[Chunk], query: str, *, is_whole: bool) -> tuple[Section, ...]:
    """The sections in the paper's order, the abstract left out.

    Where the licence allows it (`is_whole`) with all their passages, else with quotations: those that hold words of
    the query, or each section's opening.
    """
    by_section: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if chunk.page:
            by_section.setdefault(chunk.section, []).append(chunk)
    sections: list[Section] = []
    shown: set[tuple[str, ...]] = set()
    for number, (path, some) in enumerate(by_section.items(), start=1):
        levels = tuple(section_levels(path)) or (_NAMELESS,)
        parents = [levels[:depth] for depth in range(1, len(levels))]
        sections += [Section(parent[-1], len(parent) - 1) for parent in parents if parent not in shown]
        shown.update((*parents, levels))
        sections.append(_section(Section(levels[-1], len(levels) - 1, f"s{number}"), some, query, is_whole=is_whole))
    return tuple(sections)


def _section(bare: Section, chunks: Sequence[Chunk], query: str, *, is_whole: bool) -> Section:
    found = [chunk for chunk in chunks if query and highlight(chunk.text, query)]
    if is_whole:
        shown = tuple(_passage(chunk, query, len(chunk.text)) for chunk in chunks)
    elif found:
        shown = tuple(_passage(chunk, query, _QUOTED_CHARS) for chunk in found[:_MOST_QUOTED])
    else:
        shown = (_passage(chunks[0], "", _OPENING_CHARS),)
    first, last = chunks[0].page, chunks[-1].page
    pages = f"page {first}" if first == last else f"pages {first}–{last}"  # noqa: RUF001 - an en dash is meant
    return replace(bare, pages=pages, passages=shown, is_open=bool(found))


def _passage(chunk: Chunk, query: str, width: int) -> ShownPassage:
    marks = highlight(chunk.text, query) if query else []
    cut, kept = excerpt(read_page(chunk.text), marks, width)
    return ShownPassage(to_html(cut, kept), f"page {chunk.page}", chunk.page, chunk.id)
