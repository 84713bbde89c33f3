"""The completeness ledger: per day and category what each source listed, what is stored, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pipeline.digest import DayState, DaySummary, LedgerLine, LedgerReason
from pipeline.paper import EventKind, FetchState, Listing, SourceFetch, SourceName
from pipeline.reading import Outcome, OutcomeState, Stage
from pipeline.store import UnitOfWork

_EASTERN = ZoneInfo("America/New_York")
# What the feed leaves out by its own rules (github.com/arXiv/arxiv-feed): replacements from version 6 on.
_FEED_OMITS_FROM_VERSION = 6


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All that is known of a day, as read from the store."""

    day: date
    is_expected: bool
    listings: tuple[Listing, ...] = ()
    fetches: Mapping[SourceName, SourceFetch] = field(default_factory=dict)
    stored: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)  # paper id -> why its full text is not there
    read: frozenset[str] = frozenset()


def day_facts(work: UnitOfWork, day: date, *, is_expected: bool = True) -> DayFacts:
    """Gathers a day from the store."""
    listings = tuple(work.days.listings_on(day))
    ids = {line.paper_id for line in listings}
    papers = work.papers.get(ids)
    outcomes = [o for o in work.reading.outcomes_of(ids) if o.key.version == papers[o.key.paper_id].latest_version]
    return DayFacts(
        day=day,
        is_expected=is_expected,
        listings=listings,
        fetches=work.days.fetches_on(day),
        stored=frozenset(papers),
        unread=_unread(outcomes),
        read=frozenset(o.key.paper_id for o in outcomes if o.stage is Stage.READ and o.state is OutcomeState.DONE),
    )


def _unread(outcomes: Iterable[Outcome]) -> dict[str, str]:
    return {
        outcome.key.paper_id: f"{outcome.stage.value}: {outcome.reason}"
        for outcome in outcomes
        if outcome.stage in (Stage.DOWNLOAD, Stage.READ) and outcome.reason
    }


def day_state(facts: DayFacts) -> tuple[DayState, str]:
    """What is known of the day, and why it is not complete."""
    oai, feed = facts.fetches.get(SourceName.OAI), facts.fetches.get(SourceName.FEED)
    has_papers = any(line.source is SourceName.OAI for line in facts.listings)
    if not facts.is_expected and not facts.listings:
        return DayState.NO_ANNOUNCEMENT, "arXiv announces nothing for this day"
    if oai is None or oai.state is FetchState.FAILED:
        return DayState.AWAITING, oai.reason if oai else "not harvested yet"
    if not has_papers:
        return DayState.AWAITING, "OAI-PMH lists nothing for this day yet"
    if missing := {line.paper_id for line in facts.listings} - facts.stored:
        return DayState.UNCHECKED, f"OAI-PMH does not know {len(missing)} of the papers that the feed lists yet"
    if feed is None or feed.state in (FetchState.OK, FetchState.GONE):
        return DayState.COMPLETE, ""
    return DayState.UNCHECKED, f"the feed could not confirm the day: {feed.reason or feed.state.value}"


def must_wait(facts: DayFacts, now: datetime, give_up_at: datetime) -> str:
    """Why the day's digests should wait for arXiv; empty where they should go out.

    A missing or stale feed is waited for until `give_up_at`, a day without papers for ever.
    """
    state, reason = day_state(facts)
    match state:
        case DayState.AWAITING:
            return reason
        case DayState.UNCHECKED if now < give_up_at:
            return reason
        case DayState.NO_ANNOUNCEMENT:
            return reason
        case _:
            return ""


def give_up_moment(day: date, clock_time: str) -> datetime:
    """The moment, US Eastern `HH:MM` of the listing's date, from which one source is enough."""
    hour, minute = clock_time.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), tzinfo=_EASTERN)


def ledger_lines(facts: DayFacts) -> list[LedgerLine]:
    """One line per category, plus the reasons; a paper listed under two categories counts in both."""
    by_category: dict[str, dict[str, dict[SourceName, Listing]]] = {}
    for line in facts.listings:
        by_category.setdefault(line.category, {}).setdefault(line.paper_id, {})[line.source] = line
    anywhere: dict[str, set[SourceName]] = {}
    for line in facts.listings:
        anywhere.setdefault(line.paper_id, set()).add(line.source)
    return [_line(facts, category, listed, anywhere) for category, listed in sorted(by_category.items())]


def _line(
    facts: DayFacts,
    category: str,
    listed: Mapping[str, Mapping[SourceName, Listing]],
    anywhere: Mapping[str, set[SourceName]],
) -> LedgerLine:
    stored = [paper_id for paper_id in listed if paper_id in facts.stored]
    reasons = [
        LedgerReason(paper_id, text)
        for paper_id, lines in sorted(listed.items())
        for text in _reasons(facts, paper_id, lines, anywhere[paper_id])
    ]
    return LedgerLine(facts.day, category, len(listed), len(stored), len(listed) - len(stored), tuple(reasons))


def _reasons(
    facts: DayFacts, paper_id: str, lines: Mapping[SourceName, Listing], sources: set[SourceName]
) -> Iterable[str]:
    if paper_id not in facts.stored:
        yield "missing: the feed lists it, but OAI-PMH does not know it yet; asked again by the next run"
    elif SourceName.OAI not in sources and _answered(facts, SourceName.OAI):
        yield "left out by OAI-PMH's list; found through the feed and fetched by itself"
    elif SourceName.FEED not in sources and _answered(facts, SourceName.FEED) and not _is_left_out_by_rule(lines):
        yield "left out by the feed; found through OAI-PMH"
    if why := facts.unread.get(paper_id):
        yield why


def _answered(facts: DayFacts, source: SourceName) -> bool:
    fetch = facts.fetches.get(source)
    return fetch is not None and fetch.state is FetchState.OK


def _is_left_out_by_rule(lines: Mapping[SourceName, Listing]) -> bool:
    return any(
        line.announce_type == EventKind.REPLACE.value and line.version >= _FEED_OMITS_FROM_VERSION
        for line in lines.values()
    )


def summarize(work: UnitOfWork, day: date) -> DaySummary:
    """A day in figures; a paper counts once however many categories list it."""
    return summary_of(work, day_facts(work, day))


def summary_of(work: UnitOfWork, facts: DayFacts) -> DaySummary:
    """The same of facts that were gathered already."""
    state, reason = day_state(facts)
    listed = {line.paper_id for line in facts.listings}
    documents = work.reading.documents_of(facts.read)
    newest = {key.paper_id: documents[key] for key in sorted(documents, key=lambda key: key.version)}
    return DaySummary(
        day=facts.day,
        state=state,
        listed=len(listed),
        stored=len(facts.stored),
        read=len(facts.read),
        reason=reason,
        pages=sum(document.pages for document in newest.values()),
        cost_usd=work.reading.reading_cost(facts.day),
    )
