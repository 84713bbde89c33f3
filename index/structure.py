"""Days and categories as a condition: masks for the vectors, a query for the lexical index, which needs no mask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy

from index.columns import Columns, Mask
from index.query import SearchQuery


@dataclass(frozen=True, slots=True)
class Structure:
    """Days `since` to `until` (ordinals, inclusive); of each set in `among` one category; none of those `without`."""

    since: int | None = None
    until: int | None = None
    among: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: SearchQuery, columns: Columns) -> Structure:
        """A query's days and categories, as the columns have them."""
        since = [query.since.toordinal()] if query.since else []
        until = [query.until.toordinal()] if query.until else []
        newest = [columns.newest_day or 0] if query.is_newest_day else []
        return cls(
            max(since + newest, default=None),
            min(until + newest, default=None),
            tuple(columns.names_among(wanted) for wanted in (query.categories, query.also_categories) if wanted),
            columns.names_among(query.excluded_categories),
        )

    def __bool__(self) -> bool:
        """Whether it sets any condition."""
        return self != Structure()

    def masks(self, columns: Columns) -> Iterator[Mask]:
        """A mask for each condition it sets: all rows of the columns, dead ones too."""
        # Only those that are set: each takes milliseconds at a million rows.
        if self.since is not None:
            yield columns.days >= self.since
        if self.until is not None:
            yield columns.days <= self.until
        for names in self.among:
            yield columns.in_categories(names)
        if self.without:
            yield ~columns.in_categories(self.without)

    def query(self, schema: tantivy.Schema) -> tantivy.Query:
        """The chunks that meet all; scores mean nothing."""
        parts = [(tantivy.Occur.Must, _categories(schema, names)) for names in self.among]
        if self.since is not None or self.until is not None:
            kind = tantivy.FieldType.Unsigned
            parts.append((tantivy.Occur.Must, tantivy.Query.range_query(schema, "day", kind, self.since, self.until)))
        if self.without:
            parts.append((tantivy.Occur.MustNot, _categories(schema, self.without)))
        if not any(occur == tantivy.Occur.Must for occur, _ in parts):
            parts.append((tantivy.Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(parts)


def _categories(schema: tantivy.Schema, names: tuple[str, ...]) -> tantivy.Query:
    return tantivy.Query.term_set_query(schema, "category", list(names))
