"""A library at Zotero's web API, version 3 (https://www.zotero.org/support/dev/web_api/v3/basics)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import stamina
from pydantic import SecretStr

from pipeline.arxiv_source.client import retry_after_s, translated, user_agent
from pipeline.arxiv_source.turnstile import Time, is_loopback
from pipeline.config import LibrarySettings
from pipeline.errors import (
    ConfigError,
    NotFoundError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
    UsageError,
)
from pipeline.http_headers import masked_address, read_headers
from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.fields import Fields, read_fields

logger = logging.getLogger(__name__)

PAGE_SIZE = 100  # the most that Zotero gives
MAX_WAIT_S = 300.0  # Zotero asks for some seconds; who is asked for more patience is told so
_MAX_BYTES = 32 * 2**20  # of a page of 100 items
_LIBRARY = re.compile(r"(?:users|groups)/\d+")
_COLLECTION = re.compile(r"[A-Z0-9]{8}")
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})
_OK, _DENIED, _MISSING, _TOO_MANY, _SERVER = 200, frozenset({401, 403}), 404, 429, 500
_KEY_HINT = (
    "set library.zotero_key (AUTOREADER_LIBRARY__ZOTERO_KEY, or ..._FILE) to a key that may read it, "
    "made at https://www.zotero.org/settings/keys"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """One answer: what it lists, where its link says that the next one starts, and how many rows there are in all."""

    rows: list[Any]  # Any: JSON
    linked: int | None
    total: int

    def start_after(self, start: int) -> int | None:
        """Where the next page starts; None after the last. Raises SourceFormatError where rows are missing."""
        if self.rows and self.linked is not None and self.linked > start:
            return self.linked
        if start + len(self.rows) < self.total:
            raise SourceFormatError(f"Zotero promised {self.total} rows and sent {start + len(self.rows)}")
        return None


def open_zotero(settings: LibrarySettings, clock: Time | None = None) -> ZoteroLibrary:
    """Zotero as these settings reach it. Raises ConfigError for what cannot be an address or a key."""
    try:
        url = httpx.URL(settings.zotero_url.strip().rstrip("/"))
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        masked = masked_address(settings.zotero_url)
        raise ConfigError(
            f"setting 'library.zotero_url' is {masked!r}: expected an address like https://api.zotero.org"
        )
    key = {"zotero-api-key": settings.zotero_key} if settings.zotero_key.get_secret_value().strip() else {}
    headers = read_headers(SecretStr(""), key, "'library.zotero_key'")
    return ZoteroLibrary(str(url), headers, settings, clock or Time())


class ZoteroLibrary:
    """Reads items, page by page, as slowly as Zotero asks for."""

    def __init__(self, root: str, headers: dict[str, str], settings: LibrarySettings, clock: Time) -> None:
        self._root = root
        self._settings = settings
        self._clock = clock
        self._not_before = 0.0
        self._http = httpx.Client(
            headers={"zotero-api-version": "3", "user-agent": user_agent(""), **headers},
            timeout=settings.timeout_s,
            # A proxy set for the world must not be asked for this machine's own addresses.
            trust_env=not is_loopback(root),
        )

    def shelf(self, library: str, collection: str = "") -> Shelf:
        """All papers of `users/ID` or `groups/ID`, or of one of its collections (its key, or its name).

        Raises UsageError for what is no library, SourceError where the key may not read it, NotFoundError where there
        is no such library or collection, SourceUnavailableError where Zotero does not answer.
        """
        library = library.strip().strip("/")
        if not _LIBRARY.fullmatch(library):
            raise UsageError(
                f"not a Zotero library: {library!r} (expected users/ID or groups/ID; your ID stands at "
                "https://www.zotero.org/settings/keys)"
            )
        folder = f"{library}/collections/{self._collection_key(library, collection)}" if collection else library
        entries: dict[str, Entry] = {}
        broken: list[Broken] = []
        # In the order of their making: a paper that comes in meanwhile moves no other to a page already read.
        for row in self._rows(f"{folder}/items/top", sort="dateAdded", direction="asc"):
            match _read(row):
                case Entry() as entry:
                    entries[entry.place] = entry
                case Broken() as failure:
                    broken.append(failure)
        return Shelf(SourceKind.ZOTERO, tuple(entries.values()), tuple(broken))

    def _collection_key(self, library: str, collection: str) -> str:
        if _COLLECTION.fullmatch(collection):
            return collection
        names = {}
        for row in self._rows(f"{library}/collections"):
            data = row.get("data") if isinstance(row, dict) else None
            if isinstance(data, dict):
                names[str(data.get("key"))] = str(data.get("name"))
        keys = [key for key, name in names.items() if name.casefold() == collection.strip().casefold()]
        if len(keys) == 1:
            return keys[0]
        there = (
            f"{len(keys)} collections have that name, give a key: {', '.join(keys)}"
            if keys
            else "there are: " + (", ".join(sorted(names.values())) or "none")
        )
        raise NotFoundError(f"no single collection {collection!r} in {library}; {there}")

    def _rows(self, path: str, **options: str) -> Iterator[Any]:  # Any: JSON
        start: int | None = 0
        while start is not None:
            query = urlencode({"format": "json", "limit": PAGE_SIZE, "start": start, **options})
            page = self._page(f"{self._root}/{path}?{query}")
            yield from page.rows
            start = page.start_after(start)

    def _page(self, url: str) -> _Page:
        for attempt in stamina.retry_context(
            on=_is_worth_another_try, attempts=self._settings.attempts, timeout=None, wait_initial=1.0, wait_max=60.0
        ):
            with attempt:
                return self._ask(url)
        raise AssertionError  # pragma: no cover - the loop above returns or raises

    def _ask(self, url: str) -> _Page:
        shown = masked_address(url)
        wait_s = self._not_before - self._clock.now()
        if wait_s > MAX_WAIT_S:
            raise SourceUnavailableError(f"Zotero asks to wait {wait_s:.0f} s; try again later", retry_after_s=wait_s)
        if wait_s > 0.0:
            logger.info("Zotero asked to wait; going on in %.0f s", wait_s)
            self._clock.sleep(wait_s)
        with translated(shown):
            response = self._http.send(self._http.build_request("GET", url), stream=True)
            with closing(response):
                self._keep_wait(response)
                self._refuse(response, shown)
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > _MAX_BYTES:
                        raise SourceFormatError(f"{shown} is larger than {_MAX_BYTES // 2**20} MB", url=shown)
        total = response.headers.get("total-results", "")
        rows = _json_list(bytes(content), shown)
        return _Page(rows, _next_start(response), int(total) if total.isascii() and total.isdigit() else 0)

    def _keep_wait(self, response: httpx.Response) -> None:
        """Zotero names a wait in `Backoff` beside a good answer, in `Retry-After` beside a refusal."""
        now = self._clock.now()
        waits = [retry_after_s(response.headers.get(name, ""), now) or 0.0 for name in ("backoff", "retry-after")]
        self._not_before = max(self._not_before, now + max(waits))

    def _refuse(self, response: httpx.Response, url: str) -> None:
        status = response.status_code
        if status == _OK:
            return
        if status in _DENIED:
            raise SourceError(
                f"Zotero refuses {url} ({status}): the library is private or the key is wrong; {_KEY_HINT}"
            )
        if status == _MISSING:
            raise NotFoundError(f"Zotero knows no {urlsplit(url).path.lstrip('/')} (404)")
        if status == _TOO_MANY or status >= _SERVER:
            raise SourceUnavailableError(f"Zotero answered {status} for {url}; try again later", url=url)
        raise SourceError(f"Zotero answered {status} for {url}; look at 'library.zotero_url'", url=url)

    def close(self) -> None:
        """Releases the connections."""
        self._http.close()


def _is_worth_another_try(error: Exception) -> bool:
    return isinstance(error, SourceUnavailableError) and (error.retry_after_s or 0.0) <= MAX_WAIT_S


def _json_list(content: bytes, url: str) -> list[Any]:  # Any: JSON
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise SourceFormatError(f"{url} is not what Zotero's API answers; look at 'library.zotero_url'", url=url)
    return rows


def _next_start(response: httpx.Response) -> int | None:
    """Where the next page starts. Only that is taken from the link: the key goes to nobody but the address set."""
    link = response.links.get("next", {}).get("url", "")
    start = parse_qs(urlsplit(link).query).get("start", [""])[0]
    return int(start) if start.isascii() and start.isdigit() else None


def _read(row: Any) -> Entry | Broken | None:  # Any: JSON
    """None for what is no paper: files and notes that stand by themselves."""
    data = row.get("data") if isinstance(row, dict) else None
    if not isinstance(data, dict):
        return Broken("an item without a key", "it holds no data")
    if data.get("itemType") in _NO_PAPERS:
        return None

    def some(*names: str) -> tuple[str, ...]:
        return tuple(value for name in names if isinstance(value := data.get(name), str) and value.strip())

    return read_fields(
        f"item {data.get('key')}",
        Fields(
            title=" ".join(some("title")[:1]),
            authors=tuple(_names(data.get("creators"))),
            year=" ".join(some("date")),
            doi=" ".join(some("DOI")),
            addresses=some("url"),
            notes=some("extra", "archiveID", "archiveLocation", "number", "reportNumber", "publicationTitle"),
            added=some("dateAdded", "accessDate"),
        ),
    )


def _names(creators: Any) -> Iterator[str]:  # Any: JSON
    for one in creators if isinstance(creators, list) else ():
        if isinstance(one, dict) and one.get("creatorType", "author") == "author":
            last = str(one.get("lastName") or "")
            yield f"{last}, {one.get('firstName') or ''}" if last else str(one.get("name") or "")
