"""Read the pages that wait for an engine, and put them into their documents.

    ids = recall_pages(context, engines, owner)            # what waits, after the router looked at it again
    report = read_pages(context, engines, limits, owner)   # engine by engine, within the budget of the day
    place_pages(context, engines.assembler)                # the documents as their pages now stand

Nothing is lost between any two of these: a page's result is stored before its job says so, in one transaction with
the mark that makes its paper due for `place_pages`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import NO_USAGE, Document, Engine
from pipeline.document_json import decode_document, decode_page, encode_document
from pipeline.errors import StoreError
from pipeline.page_work import PageJob, PageRoute, PageState
from pipeline.ports import Assembler
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.stages.budget import PageLimits
from pipeline.stages.context import StageContext
from pipeline.stages.engine_run import EngineReport, EngineRun
from pipeline.stages.read import save_reading
from pipeline.stages.routes import PageEngines, degraded, standing

logger = logging.getLogger(__name__)

# The best first: a page that two of them may read is read by the better one.
ENGINE_ORDER = (Engine.SURYA, Engine.LAYOUT, Engine.RAPIDOCR)


@dataclass(frozen=True, slots=True)
class PagesReport:
    """What a run read, engine by engine."""

    engines: tuple[EngineReport, ...] = ()

    @property
    def read(self) -> int:
        """Pages that came to an end, well or not."""
        return sum(one.done + one.degraded + one.dead for one in self.engines)

    @property
    def stopped(self) -> dict[Engine, str]:
        """Why an engine did not do everything."""
        return {one.engine: one.stopped for one in self.engines if one.stopped}


def recall_pages(context: StageContext, engines: PageEngines, owner: str) -> set[str]:
    """Takes back what a killed run held, asks the router again about every waiting page; returns the papers' ids.

    Settings may have changed since a page was queued: an engine came, or went. Only one run may use a name of
    `owner` at a time.
    """
    with context.store.begin() as work:
        work.page_jobs.reclaim(owner)
        waiting = work.page_jobs.in_state([PageState.QUEUED])
    by_key: dict[PaperKey, list[PageJob]] = {}
    for job in waiting:
        by_key.setdefault(job.key, []).append(job)
    for key, jobs in by_key.items():
        _reroute(context, engines, key, jobs)
    return {key.paper_id for key in by_key}


def _reroute(context: StageContext, engines: PageEngines, key: PaperKey, jobs: list[PageJob]) -> None:
    with context.store.read() as work:
        stored = work.reading.documents_of([key.paper_id]).get(key)
    try:
        routes = {} if stored is None else _routes(context, engines, stored)
    except StoreError as error:
        logger.warning("%s: its pages are not routed again: %s", key, error)
        return
    changed = [job for job in jobs if not _is_meant(engines, job, routes.get(job.number))]
    if not changed:
        return
    with context.store.begin() as work:
        for job in changed:
            route = routes.get(job.number)
            if route is None or route.engine not in engines.readers:
                work.page_jobs.withdraw(job)
            else:
                work.page_jobs.reroute(job, route.engine, engines.readers[route.engine].engine_key, route.why)
        work.reading.save_outcome(Outcome(key, Stage.PAGES, OutcomeState.RETRY, context.clock.now()))


def _routes(context: StageContext, engines: PageEngines, stored: StoredDocument) -> dict[int, PageRoute]:
    evidence = decode_document(context.blobs.get(stored.text_layer_sha256))
    return {route.number: route for route in engines.router.route(evidence)}


def _is_meant(engines: PageEngines, job: PageJob, route: PageRoute | None) -> bool:
    reader = None if route is None else engines.readers.get(route.engine)
    return reader is not None and reader.engine_key == job.engine_key


def read_pages(context: StageContext, engines: PageEngines, limits: PageLimits, owner: str) -> PagesReport:
    """Reads waiting pages, the most wanted paper's first, until none is left or the day's budget is used up.

    A page that fails costs its paper that page's OCR, an engine that cannot go on costs the day that engine: both
    are reported, never raised. Raises StoreError.
    """
    with context.store.read() as work:
        has_work = {engine for engine, state in work.page_jobs.count() if state in (PageState.QUEUED, PageState.LEASED)}
    return PagesReport(
        tuple(
            EngineRun(context, engine, limits, owner).run(engines.readers[engine])
            for engine in ENGINE_ORDER
            if engine in has_work and engine in engines.readers
        )
    )


def place_pages(context: StageContext, assembler: Assembler) -> int:
    """Makes every document anew to which pages came; returns how many.

    A document that changes is due for chunking by its new hash; one that does not is left alone by it.
    """
    with context.store.read() as work:
        due = work.reading.to_place()
    for done, key in enumerate(due):
        context.progress("assemble", done, len(due))
        with context.store.read() as work:
            stored = work.reading.documents_of([key.paper_id]).get(key)
            jobs = work.page_jobs.of(key)
        at = context.clock.now()
        outcome = Outcome(key, Stage.PAGES, OutcomeState.DONE, at)
        try:
            placed = None if stored is None else _placed(context, assembler, stored, jobs)
        except StoreError as error:
            logger.warning("the pages of %s cannot be put in place: %s", key, error)
            placed, outcome = None, replace(outcome, state=OutcomeState.FAILED, reason=str(error))
        with context.store.begin() as work:
            if placed is not None:
                save_reading(work, placed[0], placed[1], at)
            work.reading.save_outcome(outcome)
    context.progress("assemble", len(due), len(due))
    return len(due)


def _placed(
    context: StageContext, assembler: Assembler, stored: StoredDocument, jobs: Sequence[PageJob]
) -> tuple[StoredDocument, Document]:
    evidence = decode_document(context.blobs.get(stored.text_layer_sha256))
    hashes = {job.result_sha256 for job in jobs if job.result_sha256}
    results = {sha256: decode_page(context.blobs.get(sha256)) for sha256 in hashes}
    document = standing(evidence, jobs, results, assembler)
    spent = sum((job.usage for job in jobs), NO_USAGE)  # of all attempts, also those that came to nothing
    changed = replace(
        stored,
        blob_sha256=context.blobs.put(encode_document(document)),
        degraded_pages=len(degraded(document)),
        seconds=evidence.seconds + spent.seconds,
        cost_usd=evidence.cost_usd + spent.cost_usd,
    )
    return changed, document
