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

_DEPTH = 100  # chunks taken from each list; facts: .729 at 100, .7275 at 1000
_DEPTH_PER_HIT = 10  # a paper may fill a list with its chunks
_MOST_HITS = 200
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
        if not query.strip():
            raise UsageError("the search needs at least one word")
        if not 1 <= limit <= _MOST_HITS:
            raise UsageError(f"a search returns 1 to {_MOST_HITS} papers, not {limit}")
        generation = self._live()
        narrowing = Narrowing(day, tuple(categories))
        look = _Look(generation, narrowing, generation.columns.select(narrowing) if narrowing else None)
        hits = self._hits(look, query, limit)
        return SearchResult(hits, time.perf_counter() - started, look.papers_in_play())

    def _hits(self, look: _Look, query: str, limit: int) -> tuple[Hit, ...]:
        words = query
        pinned: list[PaperMatch] = []
        for named in _ID_IN_TEXT.finditer(query):
            match = look.pin_id(named["id"])
            if match or query.strip() == named[0]:
                words = words.replace(named[0], " ")
            pinned += [match] if match else []
        if words.strip():
            vector = self._encoder.encode_queries([words])[0]
            pinned += look.pin_title(words, vector)
            matches = look.rank(words, vector, limit + len(pinned))
        else:
            matches = []
        taken = {match.paper for match in pinned}
        return look.show([*pinned, *(match for match in matches if match.paper not in taken)][:limit], query)

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
        """Both lists, fused, by paper."""
        depth = max(_DEPTH, _DEPTH_PER_HIT * limit)
        columns, terms = self.generation.columns, list(query_words(words))
        ids, scores = self.generation.lexical.search(terms, depth, self.narrowing)
        fused = fuse(self.generation.dense.search(vector, depth, self.mask), (columns.rows_of(ids), scores))
        return group(fused, columns.papers[fused.rows], limit)

    def pin_id(self, paper_id: str) -> PaperMatch | None:
        """The paper an arXiv id means, with its first passage."""
        rows = self._rows(self.generation.lexical.ids_of_paper(paper_id))
        return self._pinned(rows[:1], "It is the paper you named.") if len(rows) else None

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
