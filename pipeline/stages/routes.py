"""Who reads which page of a document, and the document as its pages stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.document import Document, Engine, Page, PageStatus
from pipeline.page_work import PageJob, PageRoute, PageState
from pipeline.ports import Assembler, PageReader, PageRouter

_MAX_REASONS = 5  # of one paper, in one line


@dataclass(frozen=True, slots=True)
class PageEngines:
    """Who decides about a page, who can read it, and who puts the document together again."""

    router: PageRouter
    readers: Mapping[Engine, PageReader]
    assembler: Assembler


def routed(document: Document, engines: PageEngines) -> tuple[Document, list[PageRoute]]:
    """The document with the router's word on every page, and the decisions that send a page to another engine."""
    routes = engines.router.route(document)
    whys = {route.number: route.why for route in routes}
    pages = tuple(replace(page, route=whys.get(page.number, page.route)) for page in document.pages)
    return replace(document, pages=pages), [route for route in routes if route.engine in engines.readers]


def standing(
    evidence: Document, jobs: Iterable[PageJob], results: Mapping[str, Page], assembler: Assembler
) -> Document:
    """The document as its page jobs stand: results put in, by their hash, and what is missing marked and explained."""
    chosen: dict[int, PageJob] = {}
    for job in sorted(jobs, key=_worth):
        chosen[job.number] = job
    read = [_result(job, results[job.result_sha256]) for job in chosen.values() if job.result_sha256 in results]
    document = assembler.assemble(evidence, read) if read else evidence
    unread = {job.number: job for job in chosen.values() if job.result_sha256 not in results}
    return replace(
        document,
        pages=tuple(_unread(page, unread[page.number]) if page.number in unread else page for page in document.pages),
    )


def degraded(document: Document) -> list[Page]:
    """The pages of which something is missing."""
    return [page for page in document.pages if page.status is not PageStatus.OK]


def missing_words(document: Document) -> str:
    """What is missing of a document and why, for its outcome; empty where it is whole."""
    reasons = sorted({page.reason for page in degraded(document) if page.reason})
    more = len(reasons) - _MAX_REASONS
    return "; ".join(reasons[:_MAX_REASONS] + ([f"and {more} more reasons"] if more > 0 else []))


def _worth(job: PageJob) -> tuple[bool, float, int]:
    """Of several jobs for one page the newest result counts, and where there is none, the newest job."""
    return bool(job.result_sha256), job.finished_at.timestamp() if job.finished_at else 0.0, job.id


def _result(job: PageJob, page: Page) -> Page:
    page = replace(page, number=job.number, route=job.why)
    if job.state is PageState.DEGRADED and page.status is PageStatus.OK:
        return replace(page, status=PageStatus.DEGRADED, reason=job.reason)
    return page


def _unread(page: Page, job: PageJob) -> Page:
    return replace(page, status=PageStatus.DEGRADED, reason=_why_unread(page, job), route=job.why)


def _why_unread(page: Page, job: PageJob) -> str:
    match job.state:
        case PageState.QUEUED | PageState.LEASED:
            # Why it has to wait changes from run to run and stands in its job: in the document it would make the
            # paper due for chunking and embedding again.
            return f"waits for {job.engine.value}" + (f" ({page.reason})" if page.reason else "")
        case PageState.DEAD:
            return f"{job.engine.value} gave it up after {job.attempts} attempts: {job.reason}"
        case _:
            return job.reason or f"{job.engine.value} read nothing"
