"""Search as the page, the command line and the API ask for it: hybrid, exact over a day, with passages and reasons."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.conditions import Selection, narrowed
from index.duplicates import abstract_nearness, fold
from index.generation import Generation, GenerationFolder
from index.head import SecondLook
from index.hits import Hit, PaperMatch, SearchResult, best_passage, make_hit
from index.look import Look
from index.query import SearchQuery, Sort, parse_query
from index.terms import query_words
from index.ties import NEAR
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError, UsageError
from pipeline.kinship import KinOf, nobody
from pipeline.ports import Encoder, IndexedChunk

logger = logging.getLogger(__name__)

_MOST_HITS = 200
_LONGEST_QUERY = 10_000
_SPARE = 5  # papers more than are shown, for those that turn out to be one work
_FEWEST_TO_ORDER = 2
_ENCODING = 4  # threads that ask the encoder, whose turn is one at a time

EncoderOf = Callable[[EmbeddingContract], Encoder]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation, the encoder that its vectors were made with, and the pointer's state when it was opened."""

    state: tuple[int, int, int]
    generation: Generation
    encoder: Encoder


class SearchService:
    """Answers queries from the live generation and follows it when another goes live.

    One instance serves all threads of a process. A generation made with another model than the encoder's is searched
    with the encoder that `others` opens for it. Raises IndexStateError from `search` where there is no index, or only
    a broken one or one whose model cannot be opened.
    """

    def __init__(
        self,
        index_folder: Path,
        encoder: Encoder,
        second: SecondLook | None = None,
        others: EncoderOf | None = None,
        kin_of: KinOf = nobody,
    ) -> None:
        self._folder = GenerationFolder(index_folder)
        self._encoder = encoder
        self._second = second
        self._others = others
        self._kin_of = kin_of
        self._encoding = ThreadPoolExecutor(_ENCODING, thread_name_prefix="encode")  # its threads start when needed
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
        live = self._live()
        today = date.fromordinal(live.generation.columns.newest_day or 1)
        return self._answer(live, narrowed(parse_query(text, today), day, categories), limit, started)

    def related(self, paper_id: str, limit: int = 10) -> SearchResult:
        """What `like:` finds for one paper, which the reasons call "this paper", as far as it is near or well tied.

        Raises UsageError for a paper that is not in the index.
        """
        started = time.perf_counter()
        return self._answer(self._live(), SearchQuery(like=(paper_id,)), limit, started, is_list=True)

    def _answer(
        self, live: _Opened, asked: SearchQuery, limit: int, started: float, *, is_list: bool = False
    ) -> SearchResult:
        """The result. Where it `is_list` of what is related to a paper, nothing far is in it."""
        generation = live.generation
        look = Look(generation, Selection.of(generation.columns, generation.lexical, asked))
        if asked.like:
            near = look.near(asked, limit + _SPARE, self._kin_of(asked.like), "this paper" if is_list else "")
            found = _Found((), [match for match in near if match.score >= NEAR or not is_list])
        else:
            found = self._found(look, live.encoder, asked, limit + _SPARE)
        hits = _shown(look, found, asked, limit)
        return SearchResult(hits, time.perf_counter() - started, look.selection.papers(), found.is_reranked)

    def _found(self, look: Look, encoder: Encoder, asked: SearchQuery, limit: int) -> _Found:
        """Papers, each once. A query that is only an id ranks nothing."""
        if not asked.words:
            return _Found((), look.newest(limit))
        pinned, words = look.pin_ids(asked.words)
        if not words:
            return _Found.of(pinned, ())
        deep = max(limit, _MOST_HITS if asked.sort is Sort.DATE else 0, self._second.depth if self._second else 0)
        # Neither needs the other, and both leave Python alone: words are looked up while the encoder computes.
        encoding = self._encoding.submit(encoder.encode_queries, [words])
        worded = look.find_words(words, deep)
        vector = encoding.result()[0]
        pinned += look.pin_title(words, vector)
        found = _Found.of(pinned, look.rank(words, vector, deep + len(pinned), worded))
        return self._looked_at_again(look, words, found) if asked.sort is Sort.SCORE else found

    def _looked_at_again(self, look: Look, words: str, found: _Found) -> _Found:
        """The ranked papers with their head in the order of the second look, where there is one."""
        if self._second is None or len(found.ranked) < _FEWEST_TO_ORDER:
            return found
        head, tail = found.ranked[: self._second.depth], found.ranked[self._second.depth :]
        wanted = query_words(words)
        passages = [best_passage(chunks, wanted) for chunks in _chunks_of(look, head)]
        rescored = self._second.rescore(words, head, passages)
        return found if rescored is None else _Found(found.pinned, (*rescored, *tail), is_reranked=True)

    def _live(self) -> _Opened:
        opened, state = self._opened, self._folder.state()
        if opened is not None and state in (None, opened.state):
            return opened
        # While one thread opens the new generation the others go on with the old one, if there is one.
        if not self._opening.acquire(blocking=opened is None) and opened is not None:
            return opened
        try:
            self._opened = self._open(self._opened)
        finally:
            self._opening.release()
        return self._opened

    def _open(self, opened: _Opened | None) -> _Opened:
        state, live = self._folder.state(), self._folder.live()
        if opened is not None and state in (None, opened.state):
            return opened
        if state is None or live is None:
            raise IndexStateError(
                "there is no search index yet; `autoreader run` builds it, `autoreader demo` shows one"
            )
        try:
            generation = Generation.open(live)
            return _Opened(state, generation, self._encoder_of(generation))
        except IndexStateError as error:
            if opened is None:
                raise
            logger.warning("the old index goes on serving: %s", error)
            return replace(opened, state=state)

    def _encoder_of(self, generation: Generation) -> Encoder:
        contract = generation.manifest.contract
        if self._others is not None and contract.key != self._encoder.contract.key:
            return self._others(contract)
        generation.check_contract(self._encoder.contract)
        return self._encoder


@dataclass(frozen=True, slots=True)
class _Found:
    """Papers that a query names, and those that it ranks; none is in both."""

    pinned: Sequence[PaperMatch]
    ranked: Sequence[PaperMatch]
    is_reranked: bool = False

    @classmethod
    def of(cls, pinned: Sequence[PaperMatch], ranked: Sequence[PaperMatch]) -> _Found:
        """Each paper once, named before ranked."""
        named: dict[int, PaperMatch] = {}
        for match in pinned:
            named.setdefault(match.paper, match)
        return cls(list(named.values()), [match for match in ranked if match.paper not in named])


def _shown(look: Look, found: _Found, asked: SearchQuery, limit: int) -> tuple[Hit, ...]:
    """The first `limit` hits, of each work one; where that leaves too few, further matches are looked at.

    Withdrawn papers come last, unless they are asked for by name.
    """
    columns = look.generation.columns
    pinned = {match.paper: str(columns.paper_ids[match.paper]) for match in found.pinned}
    matches = [*found.pinned, *found.ranked]
    if asked.sort is Sort.DATE:
        matches.sort(key=look.day_of, reverse=True)
    matches.sort(key=lambda match: match.paper not in pinned and bool(columns.is_withdrawn[match.rows[0]]))
    wanted, nearness = look.wanted(asked), abstract_nearness(look.generation)
    hits: list[Hit] = []
    shown: list[Hit] = []
    while len(shown) < limit and len(hits) < len(matches):
        step = matches[len(hits) : len(hits) + limit - len(shown)]
        texts = zip(step, _chunks_of(look, step), strict=True)
        hits += [make_hit(match, chunks, wanted) for match, chunks in texts]
        shown = fold(hits, nearness, set(pinned.values()))
    return tuple(shown)


def _chunks_of(look: Look, matches: Sequence[PaperMatch]) -> list[list[IndexedChunk]]:
    """The text of each match's rows."""
    ids = look.generation.columns.ids
    chunks = look.generation.lexical.chunks(int(ids[row]) for match in matches for row in match.rows)
    return [[chunks[int(ids[row])] for row in match.rows] for match in matches]


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
