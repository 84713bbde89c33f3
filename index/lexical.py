"""Words: a tantivy index with title and text in one scored field, other fields for conditions and for display."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import tantivy

from index.lexical_schema import ABSTRACT, register, unpack
from index.rewording import Rewording, abbreviations, initials, spelled_out, spellings
from index.structure import Structure
from index.terms import analyzer, title_key
from index.textual import TextConditions, any_of, terms_in_order
from pipeline.errors import IndexStateError
from pipeline.ports import F32, I64, IndexedChunk

_MOST_CHUNKS_OF_A_PAPER = 10_000
_DEFINING = 30  # passages that are read for what an abbreviation stands for
_FEWEST_FOR_ALL = 3  # terms; two stand together by chance
_MOST_RUNS = 60  # of words that may have an abbreviation
_MANY = 5_000  # passages with an abbreviation: above, those that rank first tell sooner than a phrase what it means
_COMMON = 20_000  # passages
_REMEMBERED = 4096  # abbreviations


class LexicalIndex:
    """Reads a finished folder; safe to ask from many threads at once.

    Raises IndexStateError where the folder holds no index.
    """

    def __init__(self, folder: Path) -> None:
        try:
            index = tantivy.Index.open(str(folder))
            register(index)
            index.config_reader("manual")  # a generation never changes: no file watcher needed
            index.reload()
        except (ValueError, OSError) as error:
            raise IndexStateError(f"{folder} is not a tantivy index: {error}") from error
        self._schema = index.schema
        self._searcher = index.searcher()
        self._spelled_out = lru_cache(_REMEMBERED)(lambda short: spelled_out(short, self._texts_with(short)))

    def __len__(self) -> int:
        return self._searcher.num_docs

    def search(self, terms: Sequence[str], limit: int, among: Among, asking: Asking | None = None) -> tuple[I64, F32]:
        """Chunk ids and BM25 scores of the best chunks holding any of the terms, best first.

        With `asking`, words count for more than one by one.
        """
        asking = asking or Asking()
        if not terms:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        best = self._scored(self._any(terms), limit, among)
        if asking.all_words and len(terms) >= _FEWEST_FOR_ALL:
            ids, scores = self._scored(self._all_of(*(self._term("body", term) for term in terms)), limit, among)
            best = _better_of(best, (ids, scores + asking.all_words * self._weight(terms)), limit)
        for other in asking.rewordings:
            # Required, so that only the few passages that have it are looked at, and in a search of their own:
            # tantivy skips what cannot come among the best only where all it has is alternative words.
            rest = [term for term in terms if term not in other.instead_of]
            reworded = [(tantivy.Occur.Must, self._phrase(other.phrase)), (tantivy.Occur.Should, self._any(rest))]
            best = _better_of(best, self._scored(tantivy.Query.boolean_query(reworded), limit, among), limit)
        return best

    def rewordings(self, query: str) -> list[Rewording]:
        """Other ways to write what a query asks for, as far as they occur."""
        asked = set(analyzer().analyze(query))
        found = [*spellings(query), *self._abbreviated(query)]
        found += filter(None, map(self._spelled_out, abbreviations(query)))
        return [
            one
            for one in dict.fromkeys(found)
            if not asked.issuperset(one.phrase) and self._is_worth_asking(one.phrase)
        ]

    def _abbreviated(self, query: str) -> Iterator[Rewording]:
        """Abbreviations that some passage defines by these very words."""
        for letters, spelled in islice(initials(query), _MOST_RUNS):
            short = analyzer().analyze(letters)
            if len(short) == 1 and self._is_defined(short[0], spelled):
                yield Rewording(frozenset(spelled), tuple(short))

    def _is_defined(self, short: str, spelled: tuple[str, ...]) -> bool:
        holders = self._searcher.doc_freq("body", short)
        if holders > _MANY:
            known = self._spelled_out(short.upper())
            return known is not None and known.phrase == spelled
        return holders > 0 and len(self._found(self._phrase((*spelled, short)), 1)) > 0

    def _texts_with(self, short: str) -> Iterator[str]:
        """Of passages that have an abbreviation, those that rank first for it."""
        ids = self._found(self._phrase(analyzer().analyze(short)), _DEFINING)
        return (one.chunk.text for one in self.chunks(ids.tolist()).values())

    def _weight(self, terms: Sequence[str]) -> F32:
        """The terms' inverse document frequencies as BM25 has them, added up."""
        found = np.array([self._searcher.doc_freq("body", term) for term in terms], np.float32)
        total: F32 = np.log1p((len(self) - found + 0.5) / (found + 0.5)).sum()
        return total

    def _is_worth_asking(self, terms: Sequence[str]) -> bool:
        """Whether all of them occur, and one of them seldom enough: phrases of common words take 70 ms of a million."""
        return 0 < min(self._searcher.doc_freq("body", term) for term in terms) <= _COMMON

    def _scored(self, wanted: tantivy.Query, limit: int, among: Among) -> tuple[I64, F32]:
        conditions = [] if among.ids is None else [self._ids_query(among.ids)]
        if among.text:
            conditions.append(among.text.query(self._schema))
        if among.structure:
            conditions.append(among.structure.query(self._schema))
        if conditions:
            unscored = [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in conditions]
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), *unscored])
        found = self._searcher.search(wanted, limit, count=False)
        scores = np.array([score for score, _ in found.hits], np.float32)
        return self._ids([address for _, address in found.hits]), scores

    def meeting(self, text: TextConditions, limit: int) -> I64:
        """Chunks that meet the conditions, at most so many."""
        return self._found(text.query(self._schema), limit)

    def abstracts_saying(self, texts: tuple[str, ...], limit: int) -> I64:
        """Abstracts (with their titles) that say any of these words or phrases, at most so many."""
        return self._found(self._all_of(any_of(self._schema, texts), self._term("kind", ABSTRACT)), limit)

    def admitted(self, ids: I64, papers: Sequence[str], text: TextConditions) -> I64:
        """Those of these chunks, of these papers, that meet the conditions."""
        kept = self._found(self._all_of(self._ids_query(ids), text.query(self._schema)), len(ids))
        if not text.left_out or text.abstracts_are_checked or not len(kept):
            return kept
        of_papers = tantivy.Query.term_set_query(self._schema, "paper_id", list(papers))
        saying = self._all_of(of_papers, self._term("kind", ABSTRACT), any_of(self._schema, text.left_out))
        unwanted = {chunk.chunk.paper_id for chunk in self.chunks(self._found(saying, len(papers)).tolist()).values()}
        if not unwanted:
            return kept
        of_unwanted = tantivy.Query.term_set_query(self._schema, "paper_id", sorted(unwanted))
        return np.setdiff1d(kept, self._found(self._all_of(self._ids_query(kept), of_unwanted), len(kept)))

    def ids_titled(self, title: str) -> I64:
        """Chunks of the papers whose title has exactly these words."""
        key = title_key(title)
        return self._ids_with("title_key", key) if key else np.empty(0, np.int64)

    def ids_of_paper(self, paper_id: str) -> I64:
        """All chunks of one paper."""
        return self._ids_with("paper_id", paper_id)

    def chunks(self, ids: Iterable[int]) -> dict[int, IndexedChunk]:
        """The stored chunks by id; unknown ids are left out."""
        wanted = list(ids)
        if not wanted:
            return {}
        query = tantivy.Query.term_set_query(self._schema, "chunk_id", wanted)
        hits = self._searcher.search(query, len(wanted), count=False).hits
        found = (unpack(self._searcher.doc(address)) for _, address in hits)
        return {chunk.chunk.id: chunk for chunk in found}

    def _ids_with(self, field: str, value: str) -> I64:
        found = self._searcher.search(self._term(field, value), _MOST_CHUNKS_OF_A_PAPER, count=False)
        return self._ids([address for _, address in found.hits])

    def _ids(self, addresses: list[tantivy.DocAddress]) -> I64:
        return np.array(self._searcher.fast_field_values("chunk_id", addresses), np.int64)

    def _term(self, field: str, value: str | int) -> tantivy.Query:
        # Terms are given as they are, never parsed: no input of a user can be a syntax error.
        return tantivy.Query.term_query(self._schema, field, value)

    def _any(self, terms: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term("body", term)) for term in terms])

    def _phrase(self, terms: Sequence[str]) -> tantivy.Query:
        return terms_in_order(self._schema, "body", terms)

    def _ids_query(self, ids: I64) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "chunk_id", ids.tolist())

    def _all_of(self, *queries: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])

    def _found(self, query: tantivy.Query, limit: int) -> I64:
        hits = self._searcher.search(query, max(limit, 1), count=False).hits
        return self._ids([address for _, address in hits])


@dataclass(frozen=True, slots=True)
class Among:
    """Where words are looked for: in these chunks (None: in all), as far as they meet the conditions."""

    ids: I64 | None = None
    text: TextConditions | None = None
    structure: Structure | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What counts beyond single words.

    `rewordings`: a chunk that has one as well as the terms it stands for counts by the better of the two. `all_words`:
    what a chunk gains that has all the terms, three at least, as a share of their weights.
    """

    rewordings: Sequence[Rewording] = ()
    all_words: float = 0.0


def _better_of(one: tuple[I64, F32], other: tuple[I64, F32], limit: int) -> tuple[I64, F32]:
    """Two lists as one: each id once, with the better of its scores, best first."""
    ids, scores = np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])
    order = np.argsort(-scores, kind="stable")
    first = np.sort(np.unique(ids[order], return_index=True)[1])[:limit]
    return ids[order][first], scores[order][first]
