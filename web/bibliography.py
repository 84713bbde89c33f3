"""A paper's bibliography as its page prints it: every entry as printed, with links that are safe to follow."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from pipeline.citations import paper_key
from pipeline.document import Citation, Reference
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, Paper
from pipeline.store import UnitOfWork
from web.words import clipped

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_MOST_CHARS = 600  # of one entry; beyond it two ran together
_SHORTEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class ShownReference:
    """One entry, numbered from 1. An empty string is a link that there is not; `pages` are those that cite it.

    `label` is empty where the text begins with it.
    """

    number: int
    label: str
    text: Markup
    here: str = ""  # arXiv id of a paper that has a page here
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Papers here that stand next to one: the ids of those it cites, by reference, and those that cite it."""

    cited: Mapping[int, str]
    citing: tuple[Paper, ...]


def neighbours_of(work: UnitOfWork, paper_id: str) -> Neighbours:
    """Looks them up, the newest that cite it first; a paper is no neighbour of its own."""
    key = paper_key(paper_id)
    citing = work.papers.get(work.citations.cited_by([key]).get(key, ()))
    newest_first = sorted(citing.values(), key=lambda paper: paper.id, reverse=True)
    return Neighbours(work.citations.stored_among(paper_id), tuple(newest_first))


def show_references(
    references: Sequence[Reference], citations: Sequence[Citation], here: Mapping[int, str]
) -> tuple[ShownReference, ...]:
    """The bibliography in its order. `here` are the arXiv ids of those with a page on this site, by place."""
    pages: dict[int, set[int]] = {}
    for citation in citations:
        for index in citation.references:
            pages.setdefault(index, set()).add(citation.page)
    return tuple(
        _show(number, one, here.get(number, ""), pages.get(number, set())) for number, one in enumerate(references)
    )


def _show(index: int, one: Reference, here: str, pages: Collection[int]) -> ShownReference:
    known = _known_id(one.arxiv_id)
    doi = one.doi if _DOI.fullmatch(one.doi) else ""
    has_other = known or doi
    return ShownReference(
        number=index + 1,
        label="" if _begins_with(one.text, one.label) else one.label,
        text=_text(one),
        here=here,
        arxiv=f"https://arxiv.org/abs/{known}" if known else "",
        doi=f"https://doi.org/{quote(doi, safe='/')}" if doi else "",
        url=one.url if not has_other and _is_web_address(one.url) else "",
        pages=tuple(sorted(pages)),
    )


def _known_id(text: str) -> str:
    try:
        return ArxivId.parse(text).id if text else ""
    except UsageError:
        return ""


def _text(one: Reference) -> Markup:
    """As printed, its title marked as such where it stands in it to the letter."""
    text = clipped(" ".join(one.text.split()), _MOST_CHARS)
    at = text.find(one.title) if len(one.title) >= _SHORTEST_TITLE else -1
    if at < 0:
        return escape(text)
    end = at + len(one.title)
    return Markup("{}<cite>{}</cite>{}").format(text[:at], one.title, text[end:])


def _begins_with(text: str, label: str) -> bool:
    """Whether an entry is printed with its label: `[12] A. Lind`, `12. A. Lind`, `[Knuth84] D. Knuth`."""
    return bool(label) and text.lstrip(" [(").startswith(label)


def _is_web_address(url: str) -> bool:
    """A PDF may hold anything where a link is expected."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
