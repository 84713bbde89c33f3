"""Conditions that only the text can meet, as queries of the lexical index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import tantivy

from index.names import asked_terms
from index.query import SearchQuery
from index.terms import analyzer

_TWO_WORDS = 2


@dataclass(frozen=True, slots=True)
class TextConditions:
    """What chunks must say, and what they and their papers' abstracts must not.

    `abstracts_are_checked`: papers whose abstract says what is left out are out already.
    """

    phrases: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    left_out_titles: tuple[str, ...] = ()
    left_out_authors: tuple[str, ...] = ()
    abstracts_are_checked: bool = False

    @classmethod
    def of(cls, query: SearchQuery) -> TextConditions:
        """Those of a query."""
        return cls(
            query.phrases,
            query.titles,
            query.authors,
            query.excluded,
            query.excluded_titles,
            query.excluded_authors,
        )

    @property
    def demands(self) -> bool:
        """Whether there is any condition on a chunk itself."""
        wanted = (self.phrases, self.titles, self.authors, self.left_out, self.left_out_titles, self.left_out_authors)
        return any(wanted)

    @property
    def selects(self) -> bool:
        """Whether a chunk must have something, not only lack it."""
        return any((self.phrases, self.titles, self.authors))

    def __bool__(self) -> bool:
        """Whether anything remains to be checked."""
        return self.demands

    def only_left_out_abstracts(self) -> TextConditions:
        """What remains once the chunks were checked: the abstracts, where they were not."""
        rest = () if self.abstracts_are_checked else self.left_out
        return replace(TextConditions(), left_out=rest)

    def query(self, schema: tantivy.Schema) -> tantivy.Query:
        """The chunks that meet all; scores mean nothing."""
        must = [
            *(phrase_query(schema, "body", phrase) for phrase in self.phrases),
            *(phrase_query(schema, "title", title) for title in self.titles),
            *(_author_query(schema, author) for author in self.authors),
        ]
        must_not = [
            *(phrase_query(schema, "body", words) for words in self.left_out),
            *(phrase_query(schema, "title", title) for title in self.left_out_titles),
            *(_author_query(schema, author) for author in self.left_out_authors),
        ]
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.all_query()),
                *((tantivy.Occur.Must, one) for one in must),
                *((tantivy.Occur.MustNot, one) for one in must_not),
            ]
        )


def any_of(schema: tantivy.Schema, texts: tuple[str, ...]) -> tantivy.Query:
    """Chunks that say any of these words or phrases."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, phrase_query(schema, "body", text)) for text in texts])


def phrase_query(schema: tantivy.Schema, field: str, text: str) -> tantivy.Query:
    """Chunks with these words in this order, in any inflection."""
    return terms_in_order(schema, field, analyzer().analyze(text))


def terms_in_order(schema: tantivy.Schema, field: str, terms: Sequence[str]) -> tantivy.Query:
    """Chunks with these terms in this order; with none of them, no chunk."""
    if len(terms) < _TWO_WORDS:
        return tantivy.Query.term_query(schema, field, terms[0] if terms else "")
    return tantivy.Query.phrase_query(schema, field, list(terms))


def _author_query(schema: tantivy.Schema, name: str) -> tantivy.Query:
    words, initials = asked_terms(name)
    conditions = [
        *(tantivy.Query.term_query(schema, "authors", word) for word in words),
        *(tantivy.Query.term_query(schema, "author_keys", key) for key in initials),
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in conditions])
