"""arXiv as a source: what changed, today's feed, PDFs, ad-hoc look-ups, one author's papers, and the calendar.

Every request goes through one PoliteClient; nothing else in autoreader may talk to arXiv.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.arxiv_source.author_feed import AuthorFeed
from pipeline.arxiv_source.calendar import Calendar, load_calendar
from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.endpoints import Endpoints
from pipeline.arxiv_source.events import Sighting, decide_event, sightings
from pipeline.arxiv_source.lookup import Lookup
from pipeline.arxiv_source.source import ArxivSource
from pipeline.config import ArxivSettings

__all__ = [
    "ArxivSource",
    "AuthorFeed",
    "Calendar",
    "Lookup",
    "Sighting",
    "decide_event",
    "load_calendar",
    "open_arxiv_source",
    "open_author_feed",
    "open_lookup",
    "sightings",
]


def open_arxiv_source(settings: ArxivSettings, home: Path) -> ArxivSource:
    """The source for these settings; its lock file lies in `home`. Raises ConfigError."""
    endpoints = Endpoints.under(settings.base_url)
    return ArxivSource(PoliteClient(settings, home), endpoints)


def open_lookup(settings: ArxivSettings, home: Path) -> Lookup:
    """Search and look-ups for these settings, behind the same lock file. Raises ConfigError."""
    endpoints = Endpoints.under(settings.base_url)
    return Lookup(PoliteClient(settings, home), endpoints.api)


def open_author_feed(settings: ArxivSettings, home: Path) -> AuthorFeed:
    """What arXiv lists under single authors, behind the same lock file. Raises ConfigError."""
    endpoints = Endpoints.under(settings.base_url)
    return AuthorFeed(PoliteClient(settings, home), endpoints)
