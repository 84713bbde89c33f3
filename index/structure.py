"""Days and categories as a condition of the lexical index, which then finds the best passages that meet it at once."""

from __future__ import annotations

from dataclasses import dataclass

import tantivy

from index.columns import Columns
from index.query import SearchQuery


@dataclass(frozen=True, slots=True)
class Structure:
    """Days `since` to `until` (ordinals, inclusive); of each set in `among` one category; none of those `without`."""

    since: int | None = None
    until: int | None = None
    among: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: SearchQuery, columns: Columns) -> Structure | None:
        """All conditions of a query; None where it sets others as well, which take a mask, or none."""
        if query.ids or query.like or query.has:
            return None
        days = [day.toordinal() for day in (query.since,) if day is not None]
        ends = [day.toordinal() for day in (query.until,) if day is not None]
        if query.is_newest_day:
            days.append(columns.newest_day or 0)
            ends.append(columns.newest_day or 0)
        structure = cls(
            max(days, default=None),
            min(ends, default=None),
            tuple(columns.names_among(wanted) for wanted in (query.categories, query.also_categories) if wanted),
            columns.names_among(query.excluded_categories),
        )
        return None if structure == cls() else structure

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
