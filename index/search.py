"""Search as the page, the command line and the API ask for it: hybrid, exact over a day, with passages and reasons."""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index.columns import Mask
from index.fusion import fuse
from index.generation import Generation, GenerationFolder
from index.hits import MOST_PASSAGES, Hit, PaperMatch, SearchResult, group, make_hit
from index.narrowing import Narrowing
from index.terms import query_words
from pipeline.errors import IndexStateError, UsageError
from pipeline.ports import F32, I64, Encoder

logger = logging.getLogger(__name__)

_DEPTH = 200  # chunks taken from each list: SciFact .736 with 50, .737 with 100, .739 with 200, .737 with 500
_DEPTH_PER_HIT = 10  # a paper may fill a list with its chunks
_MOST_HITS = 200
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
        """The best papers for a query, pinned ones (their arXiv id or whole title is in the query) first.

        Categories are alternatives and may be `cs.*`. Raises UsageError for a query without content.
        """
        started = time.perf_counter()
        asked = _checked(query, limit)
        generation = self._live()
        narrowing = Narrowing(day, tuple(categories))
        look = _Look(generation, narrowing, generation.columns.select(narrowing) if narrowing else None)
        hits = look.show(self._matches(look, asked, limit)[:limit], asked)
        return SearchResult(hits, time.perf_counter() - started, look.papers_in_play())

    def _matches(self, look: _Look, query: str, limit: int) -> list[PaperMatch]:
        """Pinned papers, then ranked ones, each paper once. A query that is only an id ranks nothing."""
        pinned, words = look.pin_ids(query)
        ranked: list[PaperMatch] = []
        if words:
            vector = self._encoder.encode_queries([words])[0]
            pinned += look.pin_title(words, vector)
            ranked = look.rank(words, vector, limit + len(pinned))
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
    """One query's view of a generation: the rows that may be found (None: all)."""

    generation: Generation
    narrowing: Narrowing
    mask: Mask | None

    def papers_in_play(self) -> int:
        if self.mask is None:
            return self.generation.manifest.papers
        return int(np.count_nonzero(np.bincount(self.generation.columns.papers[self.mask])))

    def rank(self, words: str, vector: F32, limit: int) -> list[PaperMatch]:
        """The best papers by meaning and words together."""
        depth = max(_DEPTH, _DEPTH_PER_HIT * limit)
        columns, dense = self.generation.columns, self.generation.dense
        ids, found = self.generation.lexical.search(list(query_words(words)), depth, self.narrowing)
        with_words = columns.rows_of(ids)
        rows = np.union1d(dense.search(vector, depth, self.mask)[0], with_words)
        by_words = np.zeros(len(rows), np.float32)
        by_words[np.searchsorted(rows, with_words)] = found
        fused = fuse(rows, dense.scores(vector, rows), by_words)
        return group(fused, columns.papers[fused.rows], limit)

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
        return rows if self.mask is None else rows[self.mask[rows]]

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
