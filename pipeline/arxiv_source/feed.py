"""arXiv's daily feed: what is announced today, in arXiv's own words.

It only ever holds today's announcement and is rebuilt at midnight US Eastern; on days without one it is empty.
Sources: https://info.arxiv.org/help/rss_specifications.html, /help/atom_specifications.html, and the server's
database.py (github.com/arXiv/arxiv-feed): at most 2000 entries, ordered new, cross, replace, replace-cross; no
replacement from version 6 on; one entry per paper.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from pipeline.arxiv_source.calendar import EASTERN
from pipeline.arxiv_source.strict_xml import parse_strictly, text_of
from pipeline.errors import SourceError, SourceFormatError
from pipeline.ports import Feed, FeedEntry

logger = logging.getLogger(__name__)

LIMIT = 2000
_NAMESPACES = {"atom": "http://www.w3.org/2005/Atom", "arxiv": "http://arxiv.org/schemas/atom"}
_GUID = re.compile(r"^oai:arXiv\.org:(?P<id>.+)v(?P<version>[1-9]\d*)$")


@dataclass(frozen=True, slots=True)
class _Form:
    """Where Atom and RSS keep the same things. Paths of dates: the entry's own, then the feed's, best first."""

    root: str
    title: str
    entries: str
    guid: str
    entry_dates: tuple[str, ...]
    feed_dates: tuple[str, ...]


# An Atom entry's `updated` is when the file was made; only `published` is the day of the announcement.
_ATOM = _Form(
    root="{http://www.w3.org/2005/Atom}feed",
    title="atom:title",
    entries="atom:entry",
    guid="atom:id",
    entry_dates=("atom:published",),
    feed_dates=("atom:published", "atom:updated"),
)
_RSS = _Form(
    root="rss",
    title="channel/title",
    entries="channel/item",
    guid="guid",
    entry_dates=("pubDate",),
    feed_dates=("channel/pubDate", "channel/lastBuildDate"),
)


def read_feed(content: bytes, url: str) -> Feed:
    """The feed of one day, Atom 1.0 or RSS 2.0.

    The day is that of the entries where they tell it (a stale batch comes under a fresh head, seen 2026-08-12),
    else the feed's own, in US Eastern. Raises SourceFormatError, or SourceError with arXiv's words for an error feed.
    """
    form = _RSS if b"<rss" in content[:1000] else _ATOM
    root = parse_strictly(content, form.root, url)
    title = text_of(root, form.title, _NAMESPACES)
    if title.startswith("Feed error"):
        words = text_of(root, "atom:subtitle", _NAMESPACES) or text_of(root, "channel/description", _NAMESPACES)
        raise SourceError(f"arXiv has no such feed: {words or title}", url=url)
    elements = root.findall(form.entries, _NAMESPACES)
    days = [_day(element, form.entry_dates, url) for element in elements]
    day = max((day for day in days if day is not None), default=None) or _day(root, form.feed_dates, url)
    if day is None:
        raise SourceFormatError(f"{url} answered a feed without a date", url=url)
    current = [element for element, own in zip(elements, days, strict=True) if own in (None, day)]
    if len(current) < len(elements):
        logger.warning("the feed of %s also holds %d entries of earlier days", day, len(elements) - len(current))
    may_be_cut = len(elements) >= LIMIT
    if may_be_cut:
        logger.warning("the feed of %s holds %d entries, arXiv's limit: its tail may be cut", day, len(elements))
    entries = {entry.paper_id: entry for entry in (_entry(element, form, url) for element in reversed(current))}
    return Feed(day, tuple(reversed(entries.values())), may_be_cut=may_be_cut)


def _entry(element: etree._Element, form: _Form, url: str) -> FeedEntry:
    guid = text_of(element, form.guid, _NAMESPACES)
    if (match := _GUID.match(guid)) is None:
        raise SourceFormatError(f"{url} holds an entry with the id {guid!r}", url=url)
    announce_type = text_of(element, "arxiv:announce_type", _NAMESPACES)
    if not announce_type:
        raise SourceFormatError(f"{url} does not say how {guid} is announced", url=url)
    tags = [*element.iterfind("category"), *element.iterfind("atom:category", _NAMESPACES)]
    categories = tuple((tag.get("term") or tag.text or "").strip() for tag in tags)
    return FeedEntry(match["id"], int(match["version"]), announce_type, categories)


def _day(element: etree._Element, paths: tuple[str, ...], url: str) -> date | None:
    for path in paths:
        if written := text_of(element, path, _NAMESPACES):
            return _eastern_day(written, url)
    return None


def _eastern_day(written: str, url: str) -> date:
    try:
        moment = datetime.fromisoformat(written) if written[:4].isdigit() else parsedate_to_datetime(written)
    except ValueError as error:
        raise SourceFormatError(f"{url} holds the date {written!r}", url=url) from error
    # A date without a zone is already the one arXiv prints.
    return moment.date() if moment.tzinfo is None else moment.astimezone(EASTERN).date()
