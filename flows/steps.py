"""A day as a list of steps over the wired parts, the same for the command, the Prefect flow and the tests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol

from flows.authors import refresh_followed
from flows.day_pages import WAITING, DayPages, pages_of
from flows.turnover import contract_to_build, encoder_to_follow, view_turnover
from flows.wiring import Parts
from pipeline.digest import DayState, OutboxEntry, Ranked
from pipeline.document import Engine
from pipeline.ledger import day_facts, give_up_moment, must_wait, summarize
from pipeline.paper import EventKind
from pipeline.stages import (
    HarvestReport,
    HarvestRequest,
    PagesReport,
    SendReport,
    build_index,
    chunk_papers,
    compose_issues,
    download_papers,
    embed_chunks,
    harvest_day,
    place_pages,
    rank_subscribers,
    read_pages,
    read_papers,
    recall_pages,
    send_outbox,
    wanted_papers,
)
from pipeline.store import UnitOfWork

logger = logging.getLogger(__name__)

# Announcements are at 20:00 US Eastern, OAI-PMH has them at about 22:30
# (docs/decisions/0004).
_OAI_AFTER = timedelta(hours=2, minutes=30)
_TURNOVER_HOURS = timedelta(hours=4)  # done before the owner wakes; `autoreader embed` does it in one go


class StepRunner(Protocol):
    """Runs one named step; Prefect's runner makes a task of it."""

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:  # Any: whatever the step returns
        """Runs the step and returns what it returns."""
        ...


def run_plainly(name: str, step: Callable[[], Any]) -> Any:  # Any: whatever the step returns
    """Just calls it."""
    del name
    return step()


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A digest of the day: its mail, and its papers in the order they are printed."""

    mail: OutboxEntry
    items: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class DayReport:
    """What a run did and what it found; the counts are the day's, not the run's."""

    day: date
    state: DayState
    reason: str
    papers: int = 0
    pages: DayPages = field(default_factory=DayPages)
    chunks: int = 0
    subscribers: int = 0
    digests: tuple[SentDigest, ...] = ()
    sending: SendReport = field(default_factory=SendReport)
    waits_for: str = ""  # why the day's digests are not made yet
    ocr_stopped: dict[Engine, str] = field(default_factory=dict)  # why an engine did not do everything in this run
    done: dict[str, int] = field(default_factory=dict)  # what this run had to do, by step
    seconds: dict[str, float] = field(default_factory=dict)


class _Timed:
    """Runs steps through a runner and keeps their seconds and counts."""

    def __init__(self, run: StepRunner) -> None:
        self._run = run
        self.seconds: dict[str, float] = {}
        self.done: dict[str, int] = {}

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:  # Any: whatever the step returns
        started = time.perf_counter()
        result = self._run(name, step)
        self.seconds[name] = round(time.perf_counter() - started, 3)
        if isinstance(result, int):
            self.done[name] = int(result)
        elif isinstance(result, PagesReport):
            self.done[name] = result.read
        return result


def run_day(parts: Parts, day: date | None = None, run: StepRunner = run_plainly) -> DayReport:
    """Runs a day from arXiv's listing to the mails; by default the newest one announced.

    A step that finds nothing to do does nothing: running a day again is cheap and changes nothing. Where arXiv
    has not published the day yet, what is there is read and indexed, and the digests wait.
    Raises SourceError where arXiv cannot be asked at all; nothing of its answer is stored then.
    """
    timed = _Timed(run)
    day = day or newest_day(parts)
    harvest: HarvestReport = timed(
        "harvest", lambda: harvest_day(parts.context, parts.source, harvest_request(parts, day))
    )
    pages = ingest(parts, day, timed)
    if not harvest.wait_for:
        timed("authors", lambda: refresh_followed(parts))
        timed("rank", lambda: _rank(parts, day))
        timed("compose", lambda: _compose(parts, day))
    sending = timed("send", lambda: send_outbox(parts.context, parts.transport, parts.sender))
    if view_turnover(parts):
        timed("embed anew", lambda: _turn_over(parts))
    timed.done["harvest"] = harvest.new_events
    report = _report(parts, day, timed, sending)
    return replace(report, waits_for=harvest.wait_for, ocr_stopped=pages.stopped)


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """Many days at once; the seconds are of all of them together."""

    days: tuple[DayReport, ...]
    seconds: dict[str, float]
    ocr_stopped: dict[Engine, str] = field(default_factory=dict)


def backfill_days(
    parts: Parts, days: Sequence[date], run: StepRunner = run_plainly, *, with_digests: bool = False
) -> BackfillReport:
    """Harvests from the first of these days on, reads and indexes it all, and, if wanted, mails day by day."""
    timed = _Timed(run)
    timed(
        "harvest",
        lambda: harvest_day(parts.context, parts.source, harvest_request(parts, days[-1], since=days[0])),
    )
    pages = ingest(parts, days[-1], timed)
    if with_digests:
        timed("authors", lambda: refresh_followed(parts))
    for day in days if with_digests else ():
        if not wait_reason(parts, day):
            _rank(parts, day)
            _compose(parts, day)
    sending = timed("send", lambda: send_outbox(parts.context, parts.transport, parts.sender))
    reports = tuple(_report(parts, day, timed, sending) for day in days)
    return BackfillReport(reports, timed.seconds, pages.stopped)


def newest_day(parts: Parts) -> date:
    """The newest listing that OAI-PMH can have: before it is published, the one before is still the newest."""
    return parts.calendar.latest_day(parts.clock.now() - _OAI_AFTER)


def ingest(parts: Parts, until: date, run: StepRunner) -> PagesReport:
    """Downloads, reads, chunks, embeds and indexes whatever of it is still to do; tells how OCR went."""
    run("download", lambda: download_papers(parts.context, parts.source, until))
    run("read", lambda: _read(parts))
    pages: PagesReport = run("pages", lambda: _pages(parts))
    run("chunk", lambda: chunk_papers(parts.context))
    run("embed", lambda: _embed(parts, is_announced=True))
    run("index", lambda: _build(parts))
    return pages


def index_chunks(parts: Parts) -> dict[str, float]:
    """Chunks, embeds and indexes what the store holds; returns the seconds of each step.

    Words are searchable at once, meaning as the embedding goes on: an index is built before it and after it.
    """
    timed = _Timed(run_plainly)
    timed("chunk", lambda: chunk_papers(parts.context))
    timed("index words", lambda: _build(parts))
    timed("embed", lambda: _embed(parts))
    timed("index", lambda: _build(parts))
    return timed.seconds


def harvest_request(parts: Parts, day: date, since: date | None = None) -> HarvestRequest:
    """What the settings ask of arXiv for a day, or for all days since another."""
    arxiv = parts.settings.arxiv
    return HarvestRequest(
        day=day,
        categories=arxiv.categories,
        calendar=parts.calendar,
        lookback_days=arxiv.lookback_days,
        give_up_at=arxiv.give_up_at,
        since=since,
    )


def _read(parts: Parts) -> int:
    with parts.store.read() as work:
        if not work.reading.to_read():
            return 0  # no worker processes for nothing
    return read_papers(parts.context, parts.extractor, parts.engines)


def _pages(parts: Parts) -> PagesReport:
    """Reads what waits for OCR, the most wanted papers first, and puts it into the documents."""
    with parts.store.read() as work:
        if not any(state in WAITING for _, state in work.page_jobs.count()) and not work.reading.to_place():
            return PagesReport()  # no model is loaded, and nobody asked, for nothing
    ids = recall_pages(parts.context, parts.engines, parts.owner)
    if ids:
        wanted = wanted_papers(parts.context, parts.ranker, parts.encoder, ids)
        with parts.store.begin() as work:
            work.page_jobs.set_priorities(wanted)
    report = read_pages(parts.context, parts.engines, parts.page_limits, parts.owner)
    place_pages(parts.context, parts.engines.assembler)
    return report


def _embed(parts: Parts, *, is_announced: bool = False) -> int:
    done = embed_chunks(parts.context, parts.encoder, parts.shards, is_announced=is_announced)
    if is_announced and (old := encoder_to_follow(parts)):
        embed_chunks(parts.context, old, parts.shards, is_announced=True)
    return done


def _turn_over(parts: Parts) -> int:
    """After a change of models: embeds the archive with the new one, for some hours after each day's mails."""
    ends_at = parts.clock.now() + _TURNOVER_HOURS
    done = embed_chunks(parts.context, parts.encoder, parts.shards, goes_on=lambda: parts.clock.now() < ends_at)
    _build(parts)
    return done


def _build(parts: Parts) -> bool:
    from index import sweep_shards

    if build_index(parts.context, parts.builder, contract_to_build(parts)) is None:
        return False
    with parts.store.read() as work:
        named = [shard.path for shard in work.vectors.all_shards()]
    if swept := sweep_shards(parts.home.index, parts.home.vectors, named):
        logger.info("%d vector files that a killed run left were removed", swept)
    return True


def wait_reason(parts: Parts, day: date) -> str:
    """Why no digest of a day may go out yet; empty where it may."""
    with parts.store.read() as work:
        facts = day_facts(work, day)
    return must_wait(facts, parts.clock.now(), give_up_moment(day, parts.settings.arxiv.give_up_at))


def _rank(parts: Parts, day: date) -> int:
    return rank_subscribers(parts.context, parts.rank_tools, day)


def _compose(parts: Parts, day: date) -> int:
    return compose_issues(parts.context, parts.composer, day)


def _report(parts: Parts, day: date, timed: _Timed, sending: SendReport) -> DayReport:
    with parts.store.read() as work:
        summary = summarize(work, day)
        ids = {event.paper_id for event in work.papers.events_on(day) if event.kind is not EventKind.META}
        return DayReport(
            day=day,
            state=summary.state,
            reason=summary.reason,
            papers=len(ids),
            pages=pages_of(work, ids),
            chunks=work.reading.count_chunks(ids),
            subscribers=len(work.subscribers.active()),
            digests=tuple(_digest(work, mail) for mail in work.issues.outbox_of(day)),
            sending=sending,
            done=timed.done,
            seconds=timed.seconds,
        )


def _digest(work: UnitOfWork, mail: OutboxEntry) -> SentDigest:
    ranked = {one.paper_id: one for one in work.issues.ranking(mail.subscriber_id, mail.day)}
    return SentDigest(mail, tuple(ranked[paper_id] for paper_id in work.issues.items_of(mail.issue_id)))
