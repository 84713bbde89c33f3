"""The day's feed in RSS 2.0 and Atom 1.0 as rss.arxiv.org prints it.

Elements and their order follow feed/serializers of github.com/arXiv/arxiv-feed, 2025-07.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import format_datetime

from lxml import etree

from flows.demo.answer import ARXIV_NS, ATOM_NS, add, eastern_midnight, namespaces, serialise
from flows.demo.archive import FeedLine

_DC_NS = "http://purl.org/dc/elements/1.1/"
_NAMESPACES = {"arxiv": ARXIV_NS, "dc": _DC_NS}


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a feed shows: the categories asked for, its lines, its own address, and two dates.

    `day` is the listing its entries are from, `built_on` the date at its head; they differ when a feed misbehaves.
    """

    asked: tuple[str, ...]
    lines: Sequence[FeedLine]
    url: str
    day: date
    built_on: date

    @property
    def title(self) -> str:
        """The feed's name."""
        return f"{', '.join(self.asked)} updates on arXiv.org"

    @property
    def description(self) -> str:
        """The feed's second line."""
        return f"{', '.join(self.asked)} updates on the arXiv.org e-print archive."


def rss(page: FeedPage) -> bytes:
    """The feed as RSS 2.0."""
    root = etree.Element("rss", nsmap={**_NAMESPACES, "atom": ATOM_NS}, version="2.0")
    channel = add(root, "channel")
    built = format_datetime(eastern_midnight(page.built_on))
    add(channel, "title", page.title)
    add(channel, "link", page.url)
    add(channel, "description", page.description)
    add(channel, f"{{{ATOM_NS}}}link", href=page.url, rel="self", type="application/rss+xml")
    add(channel, "docs", "http://www.rssboard.org/rss-specification")
    add(channel, "language", "en-us")
    add(channel, "lastBuildDate", built)
    add(channel, "managingEditor", "rss-help@arxiv.org")
    add(channel, "pubDate", built)
    days = add(channel, "skipDays")
    for day in ("Sunday", "Saturday"):
        add(days, "day", day)
    for line in page.lines:
        _add_item(channel, line, format_datetime(eastern_midnight(page.day)))
    return serialise(root)


def atom(page: FeedPage) -> bytes:
    """The feed as Atom 1.0."""
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap=namespaces(ATOM_NS, **_NAMESPACES))
    built = eastern_midnight(page.built_on).isoformat()
    add(root, "id", page.url)
    add(root, "title", page.title)
    add(root, "updated", built)
    add(root, "link", href=page.url, rel="self", type="application/atom+xml")
    add(root, "subtitle", page.description)
    for line in page.lines:
        _add_entry(root, line, built, eastern_midnight(page.day).isoformat())
    return serialise(root)


def _add_item(channel: etree._Element, line: FeedLine, published: str) -> None:
    paper = line.sample.paper
    item = add(channel, "item")
    add(item, "title", paper.title)
    add(item, "link", paper.abs_url)
    add(item, "description", _summary(line))
    add(item, "guid", _guid(line), isPermaLink="false")
    for category in paper.categories:
        add(item, "category", category)
    add(item, "pubDate", published)
    _add_extensions(item, line)


def _add_entry(root: etree._Element, line: FeedLine, built: str, published: str) -> None:
    paper = line.sample.paper
    entry = add(root, "entry")
    add(entry, "id", _guid(line))
    add(entry, "title", paper.title)
    add(entry, "updated", built)
    add(entry, "link", href=paper.abs_url, rel="alternate", type="text/html")
    add(entry, "summary", _summary(line))
    for category in paper.categories:
        add(entry, "category", term=category)
    add(entry, "published", published)
    _add_extensions(entry, line)


def _add_extensions(parent: etree._Element, line: FeedLine) -> None:
    paper = line.sample.paper
    add(parent, f"{{{ARXIV_NS}}}announce_type", line.announce_type)
    add(parent, f"{{{_DC_NS}}}rights", paper.licence)
    if paper.journal_ref:
        add(parent, f"{{{ARXIV_NS}}}journal_reference", paper.journal_ref)
    if paper.doi:
        add(parent, f"{{{ARXIV_NS}}}DOI", paper.doi)
    add(parent, f"{{{_DC_NS}}}creator", ", ".join(paper.authors))


def _guid(line: FeedLine) -> str:
    return f"oai:arXiv.org:{line.sample.paper.id}v{line.sample.paper.latest_version}"


def _summary(line: FeedLine) -> str:
    name = f"{line.sample.paper.id}v{line.sample.paper.latest_version}"
    return f"arXiv:{name} Announce Type: {line.announce_type} \nAbstract: {line.sample.paper.abstract}"
