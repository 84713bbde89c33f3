"""How the pages of some papers were read, as a run reports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pipeline.document import NO_USAGE, Engine, Usage
from pipeline.page_work import PageJob, PageState
from pipeline.store import UnitOfWork

WAITING = (PageState.QUEUED, PageState.LEASED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pages that wait for an engine, and why."""

    engine: Engine
    pages: int
    why: str


@dataclass(frozen=True, slots=True)
class DayPages:
    """Pages by the engine that read them, what is missing, and what OCR took; of the papers, not of a run."""

    total: int = 0
    by_engine: dict[Engine, int] = field(default_factory=dict)
    degraded: int = 0
    dead: int = 0
    waiting: tuple[Waiting, ...] = ()
    usage: Usage = NO_USAGE


def pages_of(work: UnitOfWork, ids: Collection[str]) -> DayPages:
    """Gathers it for the newest versions of these papers."""
    newest = {paper.id: paper.latest_version for paper in work.papers.get(ids).values()}
    documents = [
        document for key, document in work.reading.documents_of(ids).items() if newest.get(key.paper_id) == key.version
    ]
    jobs = list(work.page_jobs.of_papers(ids))
    total = sum(document.pages for document in documents)
    read = {(job.key, job.number): job.engine for job in sorted(jobs, key=_when) if job.result_sha256}
    by_engine = Counter(read.values())
    by_engine[Engine.TEXT_LAYER] = total - by_engine.total()
    return DayPages(
        total,
        {engine: by_engine[engine] for engine in Engine if by_engine[engine]},
        sum(document.degraded_pages for document in documents),
        sum(job.state is PageState.DEAD for job in jobs),
        waiting_by_engine(jobs),
        sum((job.usage for job in jobs), NO_USAGE),
    )


def waiting_by_engine(jobs: Iterable[PageJob]) -> tuple[Waiting, ...]:
    """What waits for each engine, with the commonest reason."""
    reasons: dict[Engine, Counter[str]] = {}
    for job in jobs:
        if job.state in WAITING:
            reasons.setdefault(job.engine, Counter())[job.reason] += 1
    return tuple(
        Waiting(engine, reasons[engine].total(), reasons[engine].most_common(1)[0][0] or "for the next run")
        for engine in Engine
        if engine in reasons
    )


def _when(job: PageJob) -> float:
    return job.finished_at.timestamp() if job.finished_at else 0.0
