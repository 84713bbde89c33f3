"""A Zotero on loopback: items and collections by pages, keys, and the moods its documentation tells of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback_http import FakeServer, Reply, Request

KEY = "zk-0123456789abcdef"


def item(key: str, title: str, **data: Any) -> dict[str, Any]:  # Any: JSON
    """An item as `format=json` gives it."""
    made = {"key": key, "itemType": "preprint", "title": title, "creators": [], "dateAdded": "2026-10-01T10:00:00Z"}
    return {"key": key, "version": 7, "library": {"type": "user"}, "data": made | data}


def author(last: str, first: str = "A.") -> dict[str, str]:
    """One of an item's creators."""
    return {"creatorType": "author", "lastName": last, "firstName": first}


@dataclass
class Moods:
    """What happens before answers come as they should."""

    refusals: list[Reply] = field(default_factory=list)  # given once each
    backoff: str = ""  # a header on every page
    link_host: str = ""  # where the link to the next page points instead
    forgets_link: bool = False


class FakeZotero(FakeServer):
    """Serves one private library, `users/77`, with one collection; remembers what it was asked."""

    def __init__(self, items: list[dict[str, Any]], page_size: int = 100, moods: Moods | None = None) -> None:
        super().__init__()
        self.asked: list[Request] = []
        self._items = items
        self._page_size = page_size
        self._moods = moods or Moods()

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.asked.append(request)
            if self._moods.refusals:
                return self._moods.refusals.pop(0)
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        if request.headers.get("zotero-api-key") != KEY:
            return Reply(b"Forbidden", 403)
        if request.headers.get("zotero-api-version") != "3":
            return Reply(b"API version?", 400)
        rows = self._rows(path)
        if rows is None:
            return Reply(b"Not found", 404)
        return self._page(path, rows, int(query["start"][0]), min(int(query["limit"][0]), self._page_size))

    def _rows(self, path: str) -> list[dict[str, Any]] | None:
        match path:
            case "/users/77/items/top":
                return self._items
            case "/users/77/collections/ROBOTS01/items/top":
                return [one for one in self._items if "ROBOTS01" in one["data"].get("collections", ())]
            case "/users/77/collections":
                return [{"key": "ROBOTS01", "data": {"key": "ROBOTS01", "name": "Robots"}}]
            case _:
                return None

    def _page(self, path: str, rows: list[dict[str, Any]], start: int, size: int) -> Reply:
        headers = {"total-results": str(len(rows)), "last-modified-version": "7"}
        if start + size < len(rows) and not self._moods.forgets_link:
            host = self._moods.link_host or self.root
            headers["link"] = (
                f'<{host}{path}?format=json&limit={size}&start={start + size}>; rel="next", '
                f'<{host}{path}?format=json&limit={size}&start={len(rows) - 1}>; rel="last"'
            )
        if self._moods.backoff:
            headers["backoff"] = self._moods.backoff
        return Reply(json.dumps(rows[start : start + size]).encode(), 200, headers)
