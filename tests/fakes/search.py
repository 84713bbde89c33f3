"""A search service without an index: it finds what shares a word with the query, in the order it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from index import Hit, SearchResult, highlight
from pipeline.errors import UsageError
from pipeline.paper import matches_category


@dataclass
class FakeSearch:
    """Implements `web.site.Searcher`; `asked` records every question, `error` is raised where one is given."""

    hits: Sequence[Hit] = ()
    error: Exception | None = None
    asked: list[tuple[str, int, date | None, tuple[str, ...]]] = field(default_factory=list)

    def search(
        self, query: str, limit: int = 10, day: date | None = None, categories: tuple[str, ...] = ()
    ) -> SearchResult:
        self.asked.append((query, limit, day, categories))
        if self.error is not None:
            raise self.error
        found = [hit for hit in self.hits if highlight(f"{hit.title} {hit.passages[0].text}", query)]
        found = [hit for hit in found if day in (None, hit.day)]
        found = [hit for hit in found if not categories or matches_category(hit.categories, categories)]
        return SearchResult(tuple(found[:limit]), 0.043, len(self.hits))

    def related(self, paper_id: str, limit: int = 10) -> SearchResult:
        if self.error is not None:
            raise self.error
        found = [hit for hit in self.hits if hit.paper_id != paper_id]
        if len(found) == len(self.hits):
            raise UsageError(f"like:{paper_id}: that paper is not in the index")
        return SearchResult(tuple(found[:limit]), 0.043, len(self.hits))
