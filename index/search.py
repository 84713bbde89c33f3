"""Search as the page, the command line and the API ask for it: hybrid, exact over a day, with passages and reasons."""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from index.conditions import Selection, narrowed
from index.fusion import fuse
from index.generation import Generation, GenerationFolder
from index.hits import MOST_PASSAGES, Hit, PaperMatch, SearchResult, group, make_hit
from index.lexical import Among
from index.query import SearchQuery, Sort, parse_query
from index.terms import query_words
from pipeline.errors import IndexStateError, UsageError
from pipeline.ports import F32, I64, Encoder

logger = logging.getLogger(__name__)

_DEPTH = 200  # chunks taken from each list: SciFact .736 with 50, .737 with 100, .739 with 200, .737 with 500
_DEPTH_PER_HIT = 10  # a paper may fill a list with its chunks
_MOST_HITS = 200
_WIDER = 4  # times as far, where the conditions left too few
_MOST_NAMED = 20_000  # rows that are named to tantivy one by one (30 ms at most); above, more is asked for and filtered
_STEP = 2000
_LONGEST_QUERY = 10_000
_ID_IN_TEXT = re.compile(
    r"(?i:\S*arxiv(?:\.org/(?:abs|pdf)/|:\s?))?(?<![\w.-])(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?!\w)"
)

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
        look = _Look(generation, Selection.of(generation.columns, generation.lexical, asked))
        matches = self._matches(look, asked, limit)
        if asked.sort is Sort.DATE:
            matches.sort(key=look.day_of, reverse=True)
        hits = look.show(matches[:limit], asked.words)
        return SearchResult(hits, time.perf_counter() - started, look.selection.papers())

    def _matches(self, look: _Look, asked: SearchQuery, limit: int) -> list[PaperMatch]:
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


@dataclass(frozen=True, slots=True)
class _Look:
    """One query's view of a generation: the rows that may be found."""

    generation: Generation
    selection: Selection

    def day_of(self, match: PaperMatch) -> int:
        return int(self.generation.columns.days[match.rows[0]])

    def rank(self, words: str, vector: F32, limit: int) -> list[PaperMatch]:
        """The best papers by meaning and words together; without words by meaning alone."""
        depth = max(_DEPTH, _DEPTH_PER_HIT * limit)
        columns, dense = self.generation.columns, self.generation.dense
        with_words, found = self._by_words(list(query_words(words)) if words else [], depth)
        rows = np.union1d(self._by_meaning(vector, depth), with_words)
        by_words = np.zeros(len(rows), np.float32)
        by_words[np.searchsorted(rows, with_words)] = found
        fused = fuse(rows, dense.scores(vector, rows), by_words)
        return group(fused, columns.papers[fused.rows], limit)

    def newest(self, limit: int) -> list[PaperMatch]:
        """The newest papers that meet the conditions, where there is nothing else to go by."""
        columns = self.generation.columns
        rows = np.arange(len(columns)) if self.selection.mask is None else np.flatnonzero(self.selection.mask)
        rows = rows[np.lexsort((columns.ids[rows], -columns.days[rows]))]
        found: dict[int, PaperMatch] = {}
        for start in range(0, len(rows), _STEP):
            step = rows[start : start + _STEP]
            for row in step[self.selection.admits(step)].tolist():
                paper = int(columns.papers[row])
                found.setdefault(paper, PaperMatch(paper, (row,), 1.0, 0.0, 0.0, reason="It meets the conditions."))
                if len(found) == limit:
                    return list(found.values())
        return list(found.values())

    def near(self, asked: SearchQuery, limit: int) -> list[PaperMatch]:
        """Papers near to the ones named, by the middle of their passages, and by further words if there are any."""
        columns = self.generation.columns
        places = [np.flatnonzero(columns.of_papers([paper_id])) for paper_id in asked.like]
        if missing := [paper_id for paper_id, rows in zip(asked.like, places, strict=True) if not len(rows)]:
            raise UsageError(f"like:{missing[0]}: that paper is not in the index")
        middles = np.stack([self.generation.dense.vectors(rows).mean(axis=0) for rows in places])
        reason = f"Near to {', '.join(asked.like)}."
        return [replace(match, reason=reason) for match in self.rank(asked.words, middles.mean(axis=0), limit)]

    def _by_meaning(self, vector: F32, depth: int) -> I64:
        """The nearest rows that may be found."""
        dense, selection, limit = self.generation.dense, self.selection, depth
        while True:
            rows = dense.search(vector, limit, selection.mask)[0]
            admitted = rows[selection.admits(rows)] if selection.text else rows
            if len(admitted) >= depth or len(rows) < limit:
                return admitted[:depth]
            limit *= _WIDER

    def _by_words(self, terms: list[str], depth: int) -> tuple[I64, F32]:
        """The rows that may be found and hold any of the terms, with their scores, best first."""
        lexical, columns, selection = self.generation.lexical, self.generation.columns, self.selection
        text = selection.text or None
        if selection.mask is None or selection.size <= _MOST_NAMED:
            named = None if selection.mask is None else columns.ids[selection.mask]
            ids, scores = lexical.search(terms, depth, Among(named, text))
            rows = columns.rows_of(ids)
            admitted = selection.admits(rows) if text else np.ones(len(rows), bool)
            return rows[admitted], scores[admitted]
        limit = _WIDER * depth * len(columns) // max(selection.size, 1)
        while True:
            ids, scores = lexical.search(terms, limit, Among(None, text))
            rows = columns.rows_of(ids)
            admitted = np.flatnonzero(selection.admits(rows))[:depth]
            if len(admitted) == depth or len(ids) < limit:
                return rows[admitted], scores[admitted]
            limit *= _WIDER

    def pin_ids(self, query: str) -> tuple[list[PaperMatch], str]:
        """The papers whose arXiv ids a query names, each with its first passage, and what else the query says."""
        pinned: list[PaperMatch] = []
        rest = query
        for named in _ID_IN_TEXT.finditer(query):
            rows = self._rows(self.generation.lexical.ids_of_paper(named["id"]))
            if len(rows):
                pinned.append(self._pinned(rows[:1], "It is the paper you named."))
            if len(rows) or named[0] == query:
                rest = rest.replace(named[0], " ")
        return pinned, rest.strip()

    def pin_title(self, title: str, vector: F32) -> list[PaperMatch]:
        """Papers that bear this very title, with their nearest passages."""
        rows = self._rows(self.generation.lexical.ids_titled(title))
        nearest = rows[np.argsort(-self.generation.dense.scores(vector, rows), kind="stable")]
        papers = self.generation.columns.papers[nearest]
        return [
            self._pinned(nearest[papers == paper][:MOST_PASSAGES], "Its title is what you typed.")
            for paper in dict.fromkeys(papers.tolist())
        ]

    def show(self, matches: list[PaperMatch], query: str) -> tuple[Hit, ...]:
        """The hits with their text."""
        ids = self.generation.columns.ids
        chunks = self.generation.lexical.chunks(int(ids[row]) for match in matches for row in match.rows)
        return tuple(make_hit(match, [chunks[int(ids[row])] for row in match.rows], query) for match in matches)

    def _rows(self, ids: I64) -> I64:
        rows = self.generation.columns.rows_of(np.sort(ids))
        return rows[self.selection.admits(rows)]

    def _pinned(self, rows: I64, reason: str) -> PaperMatch:
        paper = int(self.generation.columns.papers[rows[0]])
        return PaperMatch(paper, tuple(rows.tolist()), score=1.0, by_meaning=0.0, by_words=0.0, reason=reason)


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
