"""Search as the page, the command line and the API ask for it: hybrid, exact over a day, with passages and reasons."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from pathlib import Path

from index.conditions import Selection, narrowed
from index.generation import Generation, GenerationFolder
from index.hits import PaperMatch, SearchResult
from index.look import Look
from index.query import SearchQuery, Sort, parse_query
from pipeline.errors import IndexStateError, UsageError
from pipeline.ports import Encoder

logger = logging.getLogger(__name__)

_MOST_HITS = 200
_LONGEST_QUERY = 10_000

_Opened = tuple[tuple[int, int, int], Generation]  # the pointer's state when it was opened


class SearchService:
    """Answers queries from the live generation and follows it when another goes live.

    One instance serves all threads of a process. Raises IndexStateError from `search` where there is no index, or only
    a broken one or one made with another encoder.
    """

    def __init__(self, index_folder: Path, encoder: Encoder) -> None:
        self._folder = GenerationFolder(index_folder)
        self._encoder = encoder
        self._opening = threading.Lock()
        self._opened: _Opened | None = None

    def search(
        self, query: str, limit: int = 10, day: date | None = None, categories: tuple[str, ...] = ()
    ) -> SearchResult:
        """The best papers for a query in the language of `index.query`; pinned ones (their arXiv id or whole title
        is in the query) first.

        Day and categories are further conditions; categories are alternatives and may be `cs.*`. Raises UsageError for
        a query without content, and for an operator that makes no sense.
        """
        started = time.perf_counter()
        text = _checked(query, limit)
        generation = self._live()
        newest = date.fromordinal(generation.columns.newest_day or 1)
        asked = narrowed(parse_query(text, newest), day, categories)
        look = Look(generation, Selection.of(generation.columns, generation.lexical, asked))
        matches = self._matches(look, asked, limit)
        if asked.sort is Sort.DATE:
            matches.sort(key=look.day_of, reverse=True)
        hits = look.show(matches[:limit], asked.words)
        return SearchResult(hits, time.perf_counter() - started, look.selection.papers())

    def _matches(self, look: Look, asked: SearchQuery, limit: int) -> list[PaperMatch]:
        """Pinned papers, then ranked ones, each paper once. A query that is only an id ranks nothing."""
        if asked.like:
            return look.near(asked, limit)
        if not asked.words:
            return look.newest(limit)
        pinned, words = look.pin_ids(asked.words)
        ranked: list[PaperMatch] = []
        if words:
            vector = self._encoder.encode_queries([words])[0]
            pinned += look.pin_title(words, vector)
            deep = limit if asked.sort is Sort.SCORE else max(limit, _MOST_HITS)
            ranked = look.rank(words, vector, deep + len(pinned))
        first: dict[int, PaperMatch] = {}
        for match in (*pinned, *ranked):
            first.setdefault(match.paper, match)
        return list(first.values())

    def _live(self) -> Generation:
        opened, state = self._opened, self._folder.state()
        if opened is not None and state in (None, opened[0]):
            return opened[1]
        # While one thread opens the new generation the others go on with the old one, if there is one.
        if not self._opening.acquire(blocking=opened is None) and opened is not None:
            return opened[1]
        try:
            self._opened = self._open(self._opened)
        finally:
            self._opening.release()
        return self._opened[1]

    def _open(self, opened: _Opened | None) -> _Opened:
        state, live = self._folder.state(), self._folder.live()
        if opened is not None and state in (None, opened[0]):
            return opened
        if state is None or live is None:
            raise IndexStateError(
                "there is no search index yet; `autoreader run` builds it, `autoreader demo` shows one"
            )
        try:
            generation = Generation.open(live)
            generation.check_contract(self._encoder.contract)
        except IndexStateError as error:
            if opened is None:
                raise
            logger.warning("the old index goes on serving: %s", error)
            return state, opened[1]
        return state, generation


def _checked(query: str, limit: int) -> str:
    """The query as it is searched for. Raises UsageError where it cannot be."""
    asked = query.encode(errors="replace").decode().strip()  # half a surrogate pair would stop tantivy
    if not asked:
        raise UsageError("the search needs at least one word")
    if len(asked) > _LONGEST_QUERY:
        raise UsageError(f"a query has at most {_LONGEST_QUERY} characters, this one has {len(asked)}")
    if not 1 <= limit <= _MOST_HITS:
        raise UsageError(f"a search returns 1 to {_MOST_HITS} papers, not {limit}")
    return asked
