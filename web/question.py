"""A search as it stands in a URL, for the page and the API alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from pipeline.errors import UsageError
from pipeline.store import Store

MOST_HITS = 50
NEWEST = "newest"
MOST_CHARS = 2000
_CATEGORY = re.compile(r"^[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Za-z-]+|\*))?$|^\*$")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `day` is as it was written: empty, `newest` or a date."""

    text: str
    day: str = ""
    categories: tuple[str, ...] = ()
    limit: int = 10

    def url(self, **changes: str | int) -> str:
        """The query string of this search, with some of it changed; empty values are left out."""
        values = {"q": self.text, "day": self.day, "cat": " ".join(self.categories), "limit": self.limit} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value not in ("", 10)})

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.day or self.categories)


def asked(
    q: Annotated[str, Query(max_length=MOST_CHARS)] = "",
    day: Annotated[str, Query(max_length=20)] = "",
    cat: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 10,
) -> Question:
    """Reads `?q=&day=&cat=&limit=`. Raises UsageError for a category that cannot be one."""
    categories = tuple(cat.replace(",", " ").split())
    for category in categories:
        if not _CATEGORY.match(category):
            raise UsageError(f"not a category: {category!r} (expected e.g. cs.IR, or cs.* for all of cs)")
    return Question(" ".join(q.split()), day.strip(), categories, limit)


AskedDep = Annotated[Question, Depends(asked)]


def day_of(text: str, store: Store) -> date | None:
    """The day a question means; None for any. Raises UsageError for what is no day."""
    if not text:
        return None
    if text == NEWEST:
        with store.read() as work:
            return work.days.newest_listing()
    return parse_day(text)


def parse_day(text: str) -> date:
    """`2026-11-17`. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"not a day: {text!r} (expected e.g. 2026-11-17, or newest)") from None
