"""Asking arXiv for the papers of those who are followed by number, before a day is ranked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.wiring import Parts
from pipeline.arxiv_source import AuthorFeed, open_author_feed
from pipeline.stages.authors import refresh_authors


def refresh_followed(parts: Parts) -> int:
    """Asks for whoever was not asked for in the last 20 hours; returns how many. What fails is logged, never raised."""

    @contextmanager
    def opened() -> Iterator[AuthorFeed]:
        with open_author_feed(parts.settings.arxiv, parts.home.root) as feed:
            yield feed

    return refresh_authors(parts.context, opened)
