"""Brings a reader's library: its entries become papers they saved.

What the reader said of a paper by a tap or a command is never touched; a paper that is on the shelf stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flows.library_fetch import Fetched, fetch_ids, look_up_titles
from flows.lock import exclusive_run
from flows.steps import index_chunks
from flows.wiring import Parts
from pipeline.errors import StoreError
from pipeline.library import Broken, Entry, Match, Shelf, match_stored
from pipeline.subscriber import Feedback, FeedbackKind, Origin, Subscriber


class State(StrEnum):
    """What became of an entry that is a paper."""

    NEW = "new"  # on the shelf from now on
    KNOWN = "known"  # on it since an earlier import
    ANSWERED = "answered"  # the reader said what they make of it themselves: that stands
    TWICE = "twice"  # an entry before it is the same paper
    TO_FETCH = "to fetch"  # in a dry run: not stored, arXiv would be asked


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What an import may do."""

    is_dry: bool = False  # stores nothing and fetches nothing
    is_offline: bool = False  # does not ask arXiv
    looks_up: bool = False  # asks arXiv for titles, one by one


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and what became of it; `state` is None where it is no paper that is known.

    `paper_title` is as arXiv has it; empty where the paper is not stored.
    """

    source: str
    entry: Entry
    match: Match
    state: State | None
    paper_title: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; `failure` says why arXiv was not asked to the end, and is empty where it was."""

    email: str
    shelves: tuple[tuple[str, Shelf], ...]
    lines: tuple[Line, ...]
    saves: int
    fetched: int = 0
    failure: str = ""
    is_dry: bool = False

    @property
    def matched(self) -> list[Line]:
        """The entries that are papers."""
        return [line for line in self.lines if line.state]

    @property
    def unmatched(self) -> list[Line]:
        """The entries that are none."""
        return [line for line in self.lines if not line.state]

    @property
    def broken(self) -> list[tuple[str, Broken]]:
        """What was no entry, by source."""
        return [(source, one) for source, shelf in self.shelves for one in shelf.broken]


@dataclass(slots=True)
class _Work:
    """An import under way: the entries of all sources in order, and what is known of them so far."""

    parts: Parts
    subscriber: Subscriber
    options: ImportOptions
    entries: Sequence[Entry]
    matches: list[Match] = field(default_factory=list)
    fetched: Fetched = field(default_factory=Fetched)

    def match(self) -> None:
        """Looks for every entry in the store."""
        with self.parts.store.read() as work:
            self.matches = match_stored(work, self.entries, self._threshold)

    def fetch(self) -> None:
        """Takes in what is not stored: by id in batches, then by title where that is wanted."""
        missing = self._missing_ids()
        if self.options.is_offline or not (missing or self.options.looks_up):
            return
        try:
            with exclusive_run(self.parts.home.lock):
                self.fetched = fetch_ids(self.parts, missing)
                self._match_again()
                if self.options.looks_up and not self.fetched.failure:
                    self._look_up()
                if self.fetched.stored:
                    index_chunks(self.parts)
        except StoreError as error:  # another run is at work: what is stored already is on the shelf all the same
            self.fetched = replace(self.fetched, failure=str(error))

    def _missing_ids(self) -> list[str]:
        return list(dict.fromkeys(id_ for number in self._unmatched() if (id_ := self.entries[number].arxiv_id)))

    def _unmatched(self) -> list[int]:
        return [number for number, match in enumerate(self.matches) if not match.paper_id]

    def _match_again(self) -> None:
        """What was fetched matches now; an entry whose id arXiv does not know may still have a DOI or a title."""
        unknown = self.fetched.unknown
        numbers = [number for number in self._unmatched() if self.entries[number].arxiv_id]
        entries = [self.entries[number] for number in numbers]
        with self.parts.store.read() as work:
            asked = [replace(one, arxiv_id="") if one.arxiv_id in unknown else one for one in entries]
            again = match_stored(work, asked, self._threshold)
        for number, entry, match in zip(numbers, entries, again, strict=True):
            is_told = bool(match.paper_id) or entry.arxiv_id not in unknown
            reason = match.reason if is_told else f"arXiv does not know {entry.arxiv_id}; {match.reason}"
            self.matches[number] = replace(match, reason=reason)

    def _look_up(self) -> None:
        numbers = [number for number in self._unmatched() if self.entries[number].title]
        found, self.fetched = look_up_titles(
            self.parts, [self.entries[number] for number in numbers], self._threshold, self.fetched
        )
        for number, match in zip(numbers, found, strict=True):
            before = self.matches[number].reason
            told = [reason for reason in (before, match.reason) if reason]
            self.matches[number] = match if match.paper_id else Match(reason="; ".join(told))

    @property
    def _threshold(self) -> float:
        return self.parts.settings.library.title_score

    def shelve(self) -> int:
        """Saves what matched, unless the reader said something of it already; returns how many papers they saved."""
        now = self.parts.clock.now()
        given = [
            Feedback(match.paper_id, FeedbackKind.SAVE, min(entry.added_at or now, now), Origin.LIBRARY)
            for entry, match in zip(self.entries, self.matches, strict=True)
            if match.paper_id
        ]
        with self.parts.store.begin() as work:
            # Of a paper that stands there twice the first entry counts.
            work.libraries.shelve(self.subscriber.id, {one.paper_id: one for one in reversed(given)}.values())
            return len(work.subscribers.by_id(self.subscriber.id).profile.saves)


def import_library(
    parts: Parts, subscriber: Subscriber, shelves: Sequence[tuple[str, Shelf]], options: ImportOptions
) -> Report:
    """Matches what the sources hold, and saves it for a subscriber.

    Where arXiv does not answer, what is stored already is saved all the same, and the report says so.
    """
    sources = [source for source, shelf in shelves for _ in shelf.entries]
    work = _Work(parts, subscriber, options, [entry for _, shelf in shelves for entry in shelf.entries])
    work.match()
    with parts.store.read() as stored:
        said = stored.libraries.said(subscriber.id)
    if options.is_dry:
        saves = len(subscriber.profile.saves)
    else:
        work.shelve()  # before arXiv is asked, which may take minutes and be interrupted
        work.fetch()
        saves = work.shelve()
    return Report(
        email=subscriber.email,
        shelves=tuple(shelves),
        lines=tuple(_lines(sources, work, said)),
        saves=saves,
        fetched=work.fetched.stored,
        failure=work.fetched.failure,
        is_dry=options.is_dry,
    )


def _lines(sources: Sequence[str], work: _Work, said: dict[str, Origin]) -> list[Line]:
    with work.parts.store.read() as stored:
        papers = stored.papers.get({match.paper_id for match in work.matches if match.paper_id})
    seen: set[str] = set()
    lines = []
    for source, entry, match in zip(sources, work.entries, work.matches, strict=True):
        paper_id = match.paper_id or (entry.arxiv_id if work.options.is_dry and not work.options.is_offline else "")
        state = _state(paper_id, match, said, seen) if paper_id else None
        title = papers[match.paper_id].title if match.paper_id in papers else ""
        lines.append(Line(source, entry, match, state, title))
        seen.add(paper_id)
    return lines


def _state(paper_id: str, match: Match, said: dict[str, Origin], seen: set[str]) -> State:
    if paper_id in seen:
        return State.TWICE
    if not match.paper_id:
        return State.TO_FETCH
    origin = said.get(paper_id)
    if origin is None:
        return State.NEW
    return State.KNOWN if origin is Origin.LIBRARY else State.ANSWERED
