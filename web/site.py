"""What the web application is made of; chosen in `flows.wiring`, handed over whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol
from urllib.parse import urlsplit

from fastapi import Depends, Request

from index import SearchResult
from pipeline.blobs import Blobs
from pipeline.config import WebSettings
from pipeline.ports import Clock, PageImages
from pipeline.store import Store


class Searcher(Protocol):
    """What the pages need of `index.SearchService`."""

    def search(
        self, query: str, limit: int = 10, day: date | None = None, categories: tuple[str, ...] = ()
    ) -> SearchResult:
        """The best papers for a query. Raises UsageError, IndexStateError."""
        ...

    def related(self, paper_id: str, limit: int = 10) -> SearchResult:
        """The papers nearest to one. Raises UsageError where that is not in the index, IndexStateError."""
        ...


def no_generation() -> int | None:
    """Says that no index is live; for a site without one."""
    return None


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the pages work with.

    `search` opens the search service on first use (it loads the model) and is called by many threads; `secret` signs
    links; `images` draws pages; `settings` name the address it really listens on, for that decides who its audience
    is; `generation` tells the number of the live index, None where there is none, without loading anything.
    """

    store: Store
    blobs: Blobs
    images: PageImages
    search: Callable[[], Searcher]
    secret: str
    settings: WebSettings
    clock: Clock
    generation: Callable[[], int | None] = no_generation

    @property
    def root_path(self) -> str:
        """The folder the site lives in at its public address, e.g. `/papers`; empty for a site of its own."""
        return urlsplit(self.settings.base_url).path.rstrip("/")


def site_of(request: Request) -> Site:
    """The site that `create_app` was given."""
    site: Site = request.app.state.site
    return site


SiteDep = Annotated[Site, Depends(site_of)]
