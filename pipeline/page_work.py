"""The work of OCR, page by page, as values: who shall read a page and why, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.document import NO_USAGE, Engine, Page, Usage
from pipeline.reading import PaperKey


@dataclass(frozen=True, slots=True)
class PageRoute:
    """The router's decision on a page, and its reason in words."""

    number: int
    engine: Engine
    why: str


class PageState(StrEnum):
    """Where a page job stands."""

    QUEUED = "queued"
    LEASED = "leased"  # somebody works on it, until the lease runs out
    DONE = "done"
    DEGRADED = "degraded"  # read, but something is missing; `reason` says what
    DEAD = "dead"  # given up after its attempts; the page keeps its text layer, `pages --retry` replays it


@dataclass(frozen=True, slots=True)
class PageJob:
    """One page for one engine, as the queue holds it."""

    id: int
    key: PaperKey
    pdf_sha256: str
    number: int
    engine: Engine
    engine_key: str
    state: PageState
    why: str  # the router's reason
    attempts: int = 0
    lease_until: datetime | None = None
    remote_id: str = ""
    reason: str = ""  # what the last attempt said
    result_sha256: str = ""
    usage: Usage = NO_USAGE  # of all attempts
    priority: float = 0.0  # the higher, the sooner
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageTask:
    """What an engine is asked: a page of a file, and its text layer as evidence to check the answer against.

    `remote_id` names a job that an earlier run submitted and that may be ready. `attempt` counts from 1.
    """

    id: int
    name: str  # for people and logs, e.g. "2401.12345v1 page 3"
    pdf: Path
    number: int
    evidence: Page
    remote_id: str = ""
    attempt: int = 1


class OutcomeKind(StrEnum):
    """How an attempt at a page ended."""

    DONE = "done"
    DEGRADED = "degraded"  # the best that can be had; `page` is None where that is the text layer
    FAILED = "failed"  # this attempt failed, another may not
    POSTPONED = "postponed"  # nobody's fault: the attempt does not count


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What came of a task; `usage` counts whatever it took, also where it failed."""

    task: PageTask
    kind: OutcomeKind
    page: Page | None = None
    reason: str = ""
    usage: Usage = NO_USAGE
    permanent: bool = False  # of a failure: no further attempt can help
