"""Asks arXiv for papers of a library that are not stored, by identifier or, one by one, by title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.loading import store_found
from flows.wiring import Parts
from pipeline.arxiv_source import Lookup
from pipeline.batches import batched
from pipeline.errors import SourceError, SourceUnavailableError, UsageError
from pipeline.library import Candidate, Entry, Match, MatchedBy, Title, choose, compare
from pipeline.paper import Paper

_BATCH = 100  # identifiers a request, as the look-up asks for them
_SEARCHED_WORDS = 8  # of a title; more make a query no sharper
_SHORTEST_WORD = 4  # letters: arXiv does not index the, of, for
_RESULTS = 10


@dataclass(frozen=True, slots=True)
class Fetched:
    """How asking arXiv went: papers that are new here, ids it does not know, and why it was not asked to the end."""

    stored: int = 0
    unknown: frozenset[str] = frozenset()
    failure: str = ""


def fetch_ids(parts: Parts, ids: Sequence[str]) -> Fetched:
    """Takes these papers in, a hundred a request; what was stored before a failure stays."""
    stored, unknown = 0, set[str]()
    try:
        for done, some in enumerate(batched(ids, _BATCH)):
            parts.context.progress("fetch", done * _BATCH, len(ids))
            papers = _ask(parts.lookup, some)
            stored += store_found(parts, papers)
            unknown |= set(some) - {paper.id for paper in papers}
            parts.context.progress("fetch", min((done + 1) * _BATCH, len(ids)), len(ids))
    except SourceError as error:
        return Fetched(stored, frozenset(unknown), str(error))
    return Fetched(stored, frozenset(unknown))


def _ask(lookup: Lookup, ids: list[str]) -> list[Paper]:
    """These papers, as far as arXiv knows them; an identifier it finds impossible must not cost the others."""
    try:
        return lookup.find_ids(ids, skip_missing=True)
    except UsageError:
        if len(ids) == 1:
            return []
        half = len(ids) // 2
        return [*_ask(lookup, ids[:half]), *_ask(lookup, ids[half:])]


def look_up_titles(
    parts: Parts, entries: Sequence[Entry], threshold: float, before: Fetched
) -> tuple[list[Match], Fetched]:
    """Asks arXiv for each title, three seconds each, and takes in what matches; one match an entry, in order."""
    matches: list[Match] = []
    stored, failure = before.stored, ""
    for done, entry in enumerate(entries):
        parts.context.progress("look up", done, len(entries))
        match, papers = Match(), list[Paper]()
        if not failure:
            try:
                match, papers = _look_up(parts.lookup, entry, threshold)
            except SourceUnavailableError as error:  # it would not answer the next title either
                failure = str(error)
            except (SourceError, UsageError) as error:
                match = Match(reason=f"arXiv was asked in vain: {error}")
        stored += store_found(parts, papers)
        matches.append(match)
    parts.context.progress("look up", len(entries), len(entries))
    return matches, replace(before, stored=stored, failure=failure)


def _look_up(lookup: Lookup, entry: Entry, threshold: float) -> tuple[Match, list[Paper]]:
    title = Title.of(entry.title)
    words = {word for word in title.words if word.isascii() and len(word) >= _SHORTEST_WORD}
    if not words:
        return Match(reason="its title has no word to ask arXiv for"), []
    longest = sorted(words, key=lambda word: (-len(word), word))[:_SEARCHED_WORDS]
    query = " AND ".join(f"ti:{word}" for word in longest)
    papers = {paper.id: paper for paper in lookup.find(query, _RESULTS)}
    candidates = [Candidate(paper.id, compare(title, Title.of(paper.title))) for paper in papers.values()]
    candidates.sort(key=lambda one: -one.alike.score)
    verdict = choose(entry, candidates, papers, threshold)
    if not verdict.paper_id:
        return Match(reason="arXiv has no paper of this title and these authors"), []
    return Match(verdict.paper_id, MatchedBy.TITLE, verdict.score), [papers[verdict.paper_id]]
