"""Which part of the archive a query looks at: exactly, whether that is all of it or one paper in a million.

What columns tell (dates, categories, papers, features) is a mask over all rows. What only the text tells (phrases,
left-out words, titles, authors) is asked of the lexical index: where few chunks meet it they are put into the mask as
well, else each candidate is checked. So no condition is ever approximate, and none costs more than its candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from index.columns import Columns, Mask
from index.features import bits_of
from index.lexical import LexicalIndex
from index.query import SearchQuery
from index.structure import Structure
from index.textual import TextConditions
from pipeline.ports import I64

_MOST_GATHERED = 100_000  # ids out of tantivy cost 0.3 us each: 34 ms; above, candidates are checked instead


def narrowed(query: SearchQuery, day: date | None, categories: tuple[str, ...]) -> SearchQuery:
    """The query with a day and categories from outside (a form's fields) as further conditions."""
    if day is not None:
        since = day if query.since is None else max(query.since, day)
        until = day if query.until is None else min(query.until, day)
        query = replace(query, since=since, until=until)
    if categories and query.categories:
        return replace(query, also_categories=categories)
    return replace(query, categories=categories) if categories else query


@dataclass(frozen=True)
class Selection:
    """The rows a query may find. `text` holds the conditions that are not in the mask yet."""

    columns: Columns
    lexical: LexicalIndex
    mask: Mask | None  # None: all living rows; else living ones only
    text: TextConditions
    structure: Structure | None = None  # all there is of conditions, where it is only days and categories

    @classmethod
    def of(cls, columns: Columns, lexical: LexicalIndex, query: SearchQuery) -> Selection:
        """Evaluates the conditions of a query on a generation."""
        structure, text = Structure.of(query, columns), TextConditions.of(query)
        mask = _structural_mask(columns, query, structure)
        if structure and not (text or query.ids or query.like or query.has):
            return cls(columns, lexical, mask, text, structure)
        if text.left_out and len(ids := lexical.abstracts_saying(text.left_out, _MOST_GATHERED + 1)) <= _MOST_GATHERED:
            papers = columns.papers[_known(columns.rows_of(ids))]
            mask = _both(mask, ~(columns.of_places(papers) | columns.is_dead))
            text = replace(text, abstracts_are_checked=True)
        # What is only left out leaves most: in a large archive it is not worth asking how much.
        may_be_few = text.selects or (text.demands and len(columns) <= _MOST_GATHERED)
        if may_be_few and len(ids := lexical.meeting(text, _MOST_GATHERED + 1)) <= _MOST_GATHERED:
            gathered = np.zeros(len(columns), bool)
            gathered[_known(columns.rows_of(ids))] = True
            mask, text = _both(mask, gathered), text.only_left_out_abstracts()
        return cls(columns, lexical, mask, text)

    @cached_property
    def size(self) -> int:
        """How many rows the mask admits; the remaining text conditions may leave fewer."""
        return len(self.columns.live) if self.mask is None else int(np.count_nonzero(self.mask))

    def papers(self) -> int:
        """How many papers can be found (with conditions on the text that many meet: at most)."""
        if self.mask is None:
            return self.columns.living_papers
        return int(np.count_nonzero(np.bincount(self.columns.papers[self.mask])))

    def admits(self, rows: I64) -> Mask:
        """Which of these rows may be found."""
        admitted = np.ones(len(rows), bool) if self.mask is None else self.mask[rows]
        if self.text and admitted.any():
            ids = self.columns.ids[rows[admitted]]
            papers = [str(self.columns.paper_ids[place]) for place in np.unique(self.columns.papers[rows[admitted]])]
            admitted[admitted] = np.isin(ids, self.lexical.admitted(ids, papers, self.text))
        return admitted


def _structural_mask(columns: Columns, query: SearchQuery, structure: Structure) -> Mask | None:
    """What the columns tell; None where the query sets no such condition."""
    masks = [*structure.masks(columns), *_other_masks(columns, query)]
    if not masks:
        return None
    mask: Mask = np.logical_and.reduce([*masks, ~columns.is_dead] if columns.has_dead else masks)
    return mask


def _other_masks(columns: Columns, query: SearchQuery) -> Iterator[Mask]:
    if query.ids:
        yield columns.of_papers(query.ids)
    if query.like:
        yield ~columns.of_papers(query.like)
    if bits := bits_of(query.has):
        yield (columns.features & bits) == bits


def _both(mask: Mask | None, other: Mask) -> Mask:
    return other if mask is None else mask & other


def _known(rows: I64) -> I64:
    return rows[rows >= 0]
