"""The queue of pages, as its owner looks at it and replays it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import product

from flows.day_pages import Waiting, waiting_by_engine
from flows.wiring import Parts
from pipeline.document import Engine, Usage
from pipeline.errors import NotFoundError
from pipeline.page_work import PageJob, PageState
from pipeline.paper import ArxivId

_FINISHED = (PageState.DONE, PageState.DEGRADED, PageState.DEAD)


@dataclass(frozen=True, slots=True)
class QueueView:
    """How many pages stand where, what was given up, and what today took against what it may take."""

    counts: tuple[tuple[Engine, PageState, int], ...]
    waiting: tuple[Waiting, ...]
    failed: tuple[PageJob, ...]
    today: Usage
    max_usd: float
    max_cpu_seconds: float


def named_pages(parts: Parts, ids: Sequence[str]) -> frozenset[str]:
    """The papers of these identifiers. Raises UsageError for none, NotFoundError for one that is not stored."""
    wanted = {ArxivId.parse(text).id for text in ids}
    with parts.store.read() as work:
        if unknown := wanted - work.papers.known_ids(wanted):
            raise NotFoundError(f"no paper {', '.join(sorted(unknown))} here")
    return frozenset(wanted)


def view_queue(parts: Parts, ids: Collection[str]) -> QueueView:
    """The queue as it stands, of these papers or of all."""
    ocr = parts.settings.ocr
    midnight = parts.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with parts.store.read() as work:
        jobs = work.page_jobs.in_state(tuple(PageState))
        today = work.page_jobs.spent_since(midnight)
    some = [job for job in jobs if not ids or job.key.paper_id in ids]
    counts = Counter((job.engine, job.state) for job in some)
    return QueueView(
        tuple((*place, counts[place]) for place in product(Engine, PageState) if counts[place]),
        waiting_by_engine(some),
        tuple(job for job in some if job.state is PageState.DEAD),
        today,
        ocr.max_usd_per_day,
        ocr.max_cpu_seconds_per_day,
    )


def retry_pages(parts: Parts, ids: Collection[str]) -> int:
    """Queues what was given up anew, or every finished page of these papers; returns how many pages.

    What was read before stays in place until something better comes.
    """
    states = _FINISHED if ids else (PageState.DEAD,)
    with parts.store.begin() as work:
        chosen = [job.id for job in work.page_jobs.in_state(states) if not ids or job.key.paper_id in ids]
        return work.page_jobs.retry(chosen)
