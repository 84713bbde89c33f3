"""The OCR work queue and what it spent. A job is a page for one engine key; nobody works on a leased one twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, func, insert, select, update

from pipeline.batches import batched
from pipeline.document import NO_USAGE, Engine, Usage
from pipeline.page_work import PageJob, PageState
from pipeline.reading import PaperKey
from pipeline.store.engine import upsert
from pipeline.tables import page_jobs, papers, spending

_BATCH = 500
_RECENT = 200  # attempts that say what the next one will take
_USAGE = ("seconds", "cpu_seconds", "prompt_tokens", "completion_tokens", "cost_usd")


class PageJobRows:
    """Reads and writes the queue, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, jobs: Iterable[PageJob]) -> None:
        """Queues jobs; one that is there already (same page and engine key) stays as it is."""
        if rows := [_row(job) for job in jobs]:
            upsert(self._connection, page_jobs, rows, update=())

    def claim(self, engine: Engine, owner: str, now: datetime, lease: timedelta) -> PageJob | None:
        """Leases the most wanted job of an engine that is queued, or whose lease ran out; None where there is none."""
        is_abandoned = and_(page_jobs.c.state == PageState.LEASED.value, page_jobs.c.lease_until < now)
        # One after the other: together they would sort the whole queue for every claim, 12 ms with 15,000 pages.
        for is_free in (is_abandoned, page_jobs.c.state == PageState.QUEUED.value):
            if job := self._claim(and_(page_jobs.c.engine == engine.value, is_free), owner, now + lease):
                return job
        return None

    def claim_submitted(self, engine: Engine, owner: str, now: datetime, lease: timedelta) -> PageJob | None:
        """As `claim`, of the queued jobs that an earlier run has submitted to a remote endpoint."""
        is_submitted = and_(page_jobs.c.state == PageState.QUEUED.value, page_jobs.c.remote_id != "")
        return self._claim(and_(page_jobs.c.engine == engine.value, is_submitted), owner, now + lease)

    def reclaim(self, owner: str) -> int:
        """Puts back what a predecessor of this name held when it was killed; returns how many jobs."""
        is_held = and_(page_jobs.c.state == PageState.LEASED.value, page_jobs.c.leased_by == owner)
        change = {"state": PageState.QUEUED.value, "leased_by": "", "lease_until": None}
        return self._connection.execute(update(page_jobs).where(is_held).values(change)).rowcount

    def release(self, ids: Collection[int], owner: str, reason: str = "") -> None:
        """Puts claimed jobs back, as if they had not been tried."""
        change: dict[str, Any] = {"state": PageState.QUEUED.value, "leased_by": "", "lease_until": None}
        for some in batched(sorted(ids), _BATCH):
            is_ours = and_(page_jobs.c.id.in_(some), page_jobs.c.leased_by == owner)
            self._connection.execute(update(page_jobs).where(is_ours).values(change | {"reason": reason}))

    def save_remote_id(self, job_id: int, remote_id: str) -> None:
        """Remembers a submitted remote job, before it is polled; an empty id forgets it."""
        self._change(job_id, {"remote_id": remote_id})

    def finish(self, job: PageJob, at: datetime, spent: Usage) -> None:
        """Records how an attempt ended and what it took, and ends the lease."""
        self.charge(job, at, spent)
        change = {
            "state": job.state.value,
            "attempts": job.attempts,
            "reason": job.reason,
            "result_sha256": job.result_sha256,
            "remote_id": job.remote_id,
            "finished_at": None if job.state is PageState.QUEUED else at,
            "leased_by": "",
            "lease_until": None,
        }
        self._change(job.id, change)

    def charge(self, job: PageJob, at: datetime, spent: Usage) -> None:
        """Adds what an attempt took to its job and to the day's spending."""
        if spent != NO_USAGE:
            added = _usage_row(spent)
            self._change(job.id, {name: page_jobs.c[name] + value for name, value in added.items()})
            self._connection.execute(insert(spending), [_spending_row(job, at) | added])

    def reroute(self, job: PageJob, engine: Engine, engine_key: str, why: str) -> None:
        """Queues a waiting job for another engine, with all its attempts; one that has it already makes it needless."""
        is_same_page = and_(
            page_jobs.c.paper_id == job.key.paper_id,
            page_jobs.c.version == job.key.version,
            page_jobs.c.page == job.number,
        )
        taken = select(page_jobs.c.id).where(is_same_page, page_jobs.c.engine_key == engine_key)
        if self._connection.execute(taken.where(page_jobs.c.id != job.id)).first() is not None:
            self.withdraw(job)
            return
        change = {"engine": engine.value, "engine_key": engine_key, "why": why}
        self._change(job.id, change | {"attempts": 0, "remote_id": "", "reason": ""})

    def withdraw(self, job: PageJob) -> None:
        """Takes a waiting job out of the queue; one that was read before and only replayed keeps its result."""
        if job.result_sha256:
            self._change(job.id, {"state": PageState.DONE.value, "remote_id": ""})
        else:
            self._connection.execute(delete(page_jobs).where(page_jobs.c.id == job.id))

    def explain(self, engine: Engine, reason: str) -> None:
        """Says of all untried pages that wait for an engine why they do."""
        is_waiting = and_(page_jobs.c.engine == engine.value, page_jobs.c.state == PageState.QUEUED.value)
        self._connection.execute(update(page_jobs).where(is_waiting, page_jobs.c.attempts == 0).values(reason=reason))

    def set_priorities(self, priorities: Mapping[str, float]) -> None:
        """How much each paper is wanted; the waiting pages of the most wanted one are read first."""
        is_waiting = and_(page_jobs.c.paper_id == bindparam("wanted"), page_jobs.c.state == PageState.QUEUED.value)
        change = update(page_jobs).where(is_waiting).values(priority=bindparam("how_much"))
        if rows := [{"wanted": paper_id, "how_much": priority} for paper_id, priority in priorities.items()]:
            self._connection.execute(change, rows)

    def in_state(self, states: Sequence[PageState]) -> list[PageJob]:
        """Jobs of the newest versions in any of these states, in the order of papers and pages."""
        query = (
            _newest_versions()
            .where(page_jobs.c.state.in_([state.value for state in states]))
            .order_by(page_jobs.c.paper_id, page_jobs.c.version, page_jobs.c.page)
        )
        return [_job(row) for row in self._connection.execute(query)]

    def of(self, key: PaperKey) -> list[PageJob]:
        """All jobs of one paper version, page by page."""
        query = (
            select(page_jobs)
            .where(page_jobs.c.paper_id == key.paper_id, page_jobs.c.version == key.version)
            .order_by(page_jobs.c.page, page_jobs.c.id)
        )
        return [_job(row) for row in self._connection.execute(query)]

    def of_papers(self, ids: Collection[str]) -> Iterator[PageJob]:
        """All jobs of the newest versions of these papers."""
        for some in batched(sorted(set(ids)), _BATCH):
            query = _newest_versions().where(page_jobs.c.paper_id.in_(some))
            yield from (_job(row) for row in self._connection.execute(query))

    def retry(self, ids: Collection[int]) -> int:
        """Queues finished or dead jobs anew with all their attempts; returns how many."""
        changed = 0
        values = {"state": PageState.QUEUED.value, "attempts": 0, "remote_id": "", "finished_at": None}
        for some in batched(sorted(ids), _BATCH):
            is_idle = and_(page_jobs.c.id.in_(some), page_jobs.c.state != PageState.LEASED.value)
            changed += self._connection.execute(update(page_jobs).where(is_idle).values(values)).rowcount
        return changed

    def count(self) -> dict[tuple[Engine, PageState], int]:
        """How many jobs of the newest versions there are, by engine and state."""
        query = (
            select(page_jobs.c.engine, page_jobs.c.state, func.count())
            .join(papers, and_(papers.c.id == page_jobs.c.paper_id, papers.c.latest_version == page_jobs.c.version))
            .group_by(page_jobs.c.engine, page_jobs.c.state)
        )
        return {(Engine(row[0]), PageState(row[1])): row[2] for row in self._connection.execute(query)}

    def spent_since(self, moment: datetime, engine: Engine | None = None) -> Usage:
        """What all attempts since a moment took together, or those of one engine."""
        totals = [func.coalesce(func.sum(spending.c[name]), 0) for name in _USAGE]
        query = select(*totals).where(spending.c.at >= moment)
        return Usage(*self._connection.execute(query if engine is None else query.where(_is_by(engine))).one())

    def usual(self, engine: Engine) -> Usage | None:
        """What one attempt takes an engine on average, by its newest ones; None where there was none yet."""
        newest = select(spending).where(_is_by(engine)).order_by(spending.c.id.desc()).limit(_RECENT).subquery()
        row = self._connection.execute(select(*(func.avg(newest.c[name]) for name in _USAGE))).one()
        return None if row[0] is None else Usage(row[0], row[1], round(row[2]), round(row[3]), row[4])

    def _claim(self, is_wanted: ColumnElement[bool], owner: str, until: datetime) -> PageJob | None:
        query = (
            _newest_versions()
            .where(is_wanted)
            .order_by(page_jobs.c.priority.desc(), page_jobs.c.paper_id.desc(), page_jobs.c.attempts, page_jobs.c.page)
            .limit(1)
            .with_for_update(of=page_jobs, skip_locked=True)
        )
        if (row := self._connection.execute(query).first()) is None:
            return None
        self._change(row.id, {"state": PageState.LEASED.value, "leased_by": owner, "lease_until": until})
        return _job(row, state=PageState.LEASED, lease_until=until)

    def _change(self, job_id: int, values: dict[str, Any]) -> None:  # Any: column values
        self._connection.execute(update(page_jobs).where(page_jobs.c.id == job_id).values(values))


def _newest_versions() -> Select[Any]:  # Any: rows of `page_jobs`
    return select(page_jobs).join(
        papers, and_(papers.c.id == page_jobs.c.paper_id, papers.c.latest_version == page_jobs.c.version)
    )


def _is_by(engine: Engine) -> ColumnElement[bool]:
    return spending.c.engine_key.startswith(engine.value)  # every engine's key begins with its name


def _row(job: PageJob) -> dict[str, Any]:  # Any: column values
    return {
        "paper_id": job.key.paper_id,
        "version": job.key.version,
        "page": job.number,
        "pdf_sha256": job.pdf_sha256,
        "engine": job.engine.value,
        "engine_key": job.engine_key,
        "state": job.state.value,
        "why": job.why,
        "priority": job.priority,
        "attempts": job.attempts,
        "leased_by": "",
        "lease_until": job.lease_until,
        "remote_id": job.remote_id,
        "reason": job.reason,
        "result_sha256": job.result_sha256,
        "finished_at": job.finished_at,
    } | _usage_row(job.usage)


def _usage_row(usage: Usage) -> dict[str, Any]:  # Any: column values
    return {name: getattr(usage, name) for name in _USAGE}


def _spending_row(job: PageJob, at: datetime) -> dict[str, Any]:  # Any: column values
    return {
        "at": at,
        "engine_key": job.engine_key,
        "paper_id": job.key.paper_id,
        "version": job.key.version,
        "page": job.number,
    }


def _job(row: Row[Any], **changes: Any) -> PageJob:  # Any: a row of `page_jobs`, and fields of PageJob
    values: dict[str, Any] = {
        "id": row.id,
        "key": PaperKey(row.paper_id, row.version),
        "pdf_sha256": row.pdf_sha256,
        "number": row.page,
        "engine": Engine(row.engine),
        "engine_key": row.engine_key,
        "state": PageState(row.state),
        "why": row.why,
        "attempts": row.attempts,
        "lease_until": row.lease_until,
        "remote_id": row.remote_id,
        "reason": row.reason,
        "result_sha256": row.result_sha256,
        "usage": Usage(*(getattr(row, name) for name in _USAGE)),
        "priority": row.priority,
        "finished_at": row.finished_at,
    }
    return PageJob(**(values | changes))
