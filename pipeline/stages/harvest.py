"""Ask arXiv what a day holds, and write down what each source says.

OAI-PMH is the truth and the feed the cross-check: neither has always been complete (docs/decisions/0004), so what
one lists and the other does not is fetched by itself and named in the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.arxiv_source import Calendar, Sighting, decide_event, sightings
from pipeline.errors import SourceError
from pipeline.ledger import day_facts, give_up_moment, must_wait
from pipeline.paper import (
    EventKind,
    FetchState,
    Listing,
    Paper,
    PaperEvent,
    SourceFetch,
    SourceName,
    Watermark,
    matches_category,
)
from pipeline.ports import Feed, PaperSource, SourceRecord
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork

logger = logging.getLogger(__name__)
_OVERLAP = timedelta(days=1)  # datestamps are UTC days, listings Eastern ones
_MAX_SINGLE_RECORDS = 200  # ten minutes of asking one by one; beyond that OAI-PMH is simply behind


@dataclass(frozen=True, slots=True)
class HarvestRequest:
    """Which day, which categories, and how far to look back behind what is already known."""

    day: date
    categories: tuple[str, ...]
    calendar: Calendar
    lookback_days: int = 7
    give_up_at: str = "06:00"  # US Eastern
    since: date | None = None  # a backfill's first day


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """What came in. `wait_for` says why the day's digests must wait; empty: they need not."""

    day: date
    records: int
    new_events: int
    wait_for: str


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the sources said, before anything of it is stored."""

    records: list[SourceRecord]
    feed: Feed | None
    feed_error: str
    single: list[SourceRecord]  # asked for one by one, because only the feed listed them


def harvest_day(context: StageContext, source: PaperSource, request: HarvestRequest) -> HarvestReport:
    """Stores everything both sources tell of the days since the last harvest, in one transaction.

    Raises SourceError where OAI-PMH cannot be asked, or answers with something broken: then only that fact is
    stored. A feed that fails is noted in the ledger and the harvest goes on without it.
    """
    now = context.clock.now()
    with context.store.read() as work:
        span = _span(request, work.days.watermark(request.categories))
    try:
        answers = _ask(context, source, request, span)
    except SourceError as error:
        with context.store.begin() as work:
            work.days.save_fetch(SourceFetch(request.day, SourceName.OAI, FetchState.FAILED, 0, now, str(error)))
        raise
    with context.store.begin() as work:
        new_events = _store_papers(work, request, answers, span.since, now)
        _store_listings(work, request, answers)
        _store_fetches(work, request, answers, max(span.since, span.ask_from), now)
        work.days.set_watermark(request.categories, Watermark(span.since, now.date()))
        wait_for = _wait_for(work, request, now)
    return HarvestReport(request.day, len(answers.records) + len(answers.single), new_events, wait_for)


@dataclass(frozen=True, slots=True)
class _Span:
    since: date  # first listing day covered: nothing announced before it is taken in
    ask_from: date  # OAI-PMH's `from`


def _span(request: HarvestRequest, mark: Watermark | None) -> _Span:
    wanted = min(request.since or request.day, request.day)
    if mark is None or wanted < mark.since:
        return _Span(wanted, wanted - _OVERLAP)
    behind = mark.until - timedelta(days=request.lookback_days)
    return _Span(mark.since, max(behind, mark.since) - _OVERLAP)


def _ask(context: StageContext, source: PaperSource, request: HarvestRequest, span: _Span) -> _Answers:
    records: list[SourceRecord] = []
    for page in source.changed_since(span.ask_from, request.categories):
        records += page
        context.progress("harvest", len(records), len(records))
    feed, feed_error = _ask_feed(source, request.categories)
    single = _ask_singly(context, source, records, feed, span.ask_from)
    return _Answers(records, feed, feed_error, single)


def _ask_feed(source: PaperSource, categories: tuple[str, ...]) -> tuple[Feed | None, str]:
    try:
        return source.feed(categories), ""
    except SourceError as error:
        logger.warning("the feed cannot be used: %s", error)
        return None, str(error)


def _ask_singly(
    context: StageContext, source: PaperSource, records: list[SourceRecord], feed: Feed | None, since: date
) -> list[SourceRecord]:
    """Records of what only a feed lists, today's or an earlier one; none while OAI-PMH has nothing of today's."""
    have = {record.paper.id: record.paper.latest_version for record in records}
    entries = feed.entries if feed else ()
    if entries and not any(entry.paper_id in have for entry in entries):
        return []
    with context.store.read() as work:
        unheard = work.days.unheard_of(since)
        announced = {event.paper_id: event.version for event in work.papers.events_of([e.paper_id for e in entries])}
    have |= {paper_id: max(have.get(paper_id, 0), version) for paper_id, version in announced.items()}
    wanted = [entry.paper_id for entry in entries if have.get(entry.paper_id, 0) < entry.version]
    wanted += sorted(unheard - set(wanted) - set(have))
    if len(wanted) > _MAX_SINGLE_RECORDS:
        logger.warning("%d papers are only in the feed; asking for %d now", len(wanted), _MAX_SINGLE_RECORDS)
    found = (source.record(paper_id) for paper_id in wanted[:_MAX_SINGLE_RECORDS])
    return [record for record in found if record is not None]


def _store_papers(work: UnitOfWork, request: HarvestRequest, answers: _Answers, since: date, now: datetime) -> int:
    met = sightings([*answers.records, *answers.single], answers.feed, request.calendar, now)
    known = _known(work, met)
    events: list[PaperEvent] = []
    by_day: dict[date, list[Paper]] = {}
    for sighting in met:
        paper = sighting.record.paper
        if paper.id not in known and sighting.day < since:
            continue
        event = decide_event(known.get(paper.id), sighting, request.categories)
        if event is not None:
            events.append(event)
            by_day.setdefault(_first_listed(paper, event), []).append(paper)
    for day, papers in by_day.items():
        work.papers.save(papers, day)
    work.papers.add_events(events)
    work.reading.forget_chunking(event.paper_id for event in events if event.kind is EventKind.META)
    return len(events)


def _first_listed(paper: Paper, event: PaperEvent) -> date:
    """The day of its announcement; for one that is met later in its life, the day it was submitted."""
    if event.kind in (EventKind.NEW, EventKind.CROSS) or not paper.versions:
        return event.announced_on
    return paper.versions[0].submitted_at.date()


def _known(work: UnitOfWork, met: Iterable[Sighting]) -> dict[str, Paper]:
    """Stored papers that came by an event; one loaded from a file or looked up is still to be announced."""
    ids = {sighting.record.paper.id for sighting in met}
    announced = {event.paper_id for event in work.papers.events_of(ids)}
    return work.papers.get(announced)


def _store_listings(work: UnitOfWork, request: HarvestRequest, answers: _Answers) -> None:
    listed = {record.paper.id: record.paper for record in answers.records}
    work.days.add_listings(
        Listing(event.announced_on, SourceName.OAI, category, event.paper_id, event.version, event.kind.value)
        for event in work.papers.events_of(listed)
        if event.kind is not EventKind.META
        for category in _chosen(listed[event.paper_id].categories, request.categories)
    )
    if feed := answers.feed:
        lines = [
            Listing(feed.day, SourceName.FEED, category, entry.paper_id, entry.version, entry.announce_type)
            for entry in feed.entries
            for category in _chosen(entry.categories, request.categories)
        ]
        work.days.replace_listings(feed.day, SourceName.FEED, lines)


def _chosen(categories: tuple[str, ...], patterns: tuple[str, ...]) -> list[str]:
    return [category for category in categories if matches_category((category,), patterns)]


def _store_fetches(work: UnitOfWork, request: HarvestRequest, answers: _Answers, since: date, now: datetime) -> None:
    for day in request.calendar.days_between(since, request.day):
        listed = len({line.paper_id for line in work.days.listings_on(day) if line.source is SourceName.OAI})
        state = FetchState.OK if listed else FetchState.EMPTY
        work.days.save_fetch(SourceFetch(day, SourceName.OAI, state, listed, now))
    fetch = _feed_fetch(request.day, answers, now)
    before = work.days.fetches_on(request.day).get(SourceName.FEED)
    if fetch.state is FetchState.OK or before is None or before.state is not FetchState.OK:
        work.days.save_fetch(fetch)
    if (feed := answers.feed) and feed.day != request.day and request.calendar.is_expected(feed.day):
        work.days.save_fetch(SourceFetch(feed.day, SourceName.FEED, FetchState.OK, len(feed.entries), now))


def _feed_fetch(day: date, answers: _Answers, now: datetime) -> SourceFetch:
    feed = answers.feed
    if feed is None:
        return SourceFetch(day, SourceName.FEED, FetchState.FAILED, 0, now, answers.feed_error)
    if feed.day < day:
        reason = f"it still shows {feed.day:%A %d %B}"
        return SourceFetch(day, SourceName.FEED, FetchState.STALE, 0, now, reason)
    if feed.day > day:
        return SourceFetch(day, SourceName.FEED, FetchState.GONE, 0, now, "it keeps one day only")
    reason = "as long as a feed may be; its end may be cut off" if feed.may_be_cut else ""
    return SourceFetch(day, SourceName.FEED, FetchState.OK, len(feed.entries), now, reason)


def _wait_for(work: UnitOfWork, request: HarvestRequest, now: datetime) -> str:
    facts = day_facts(work, request.day, is_expected=request.calendar.is_expected(request.day))
    return must_wait(facts, now, give_up_moment(request.day, request.give_up_at))
