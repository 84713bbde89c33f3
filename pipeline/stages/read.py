"""Turn downloaded PDFs into documents: the text layer of each, and a queue of the pages that need more."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from pipeline.document import Document
from pipeline.document_json import encode_document
from pipeline.errors import ReadError
from pipeline.page_work import PageJob, PageRoute, PageState
from pipeline.ports import TextExtractor
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.stages.context import StageContext
from pipeline.stages.routes import PageEngines, degraded, missing_words, routed, standing
from pipeline.store import UnitOfWork

logger = logging.getLogger(__name__)
_MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper whose PDF is to be read, and which try this is."""

    key: PaperKey
    pdf_sha256: str
    attempt: int


def read_papers(context: StageContext, extractor: TextExtractor, engines: PageEngines) -> int:
    """Reads the text layer of every downloaded PDF that was not read yet; returns how many documents came of it.

    Pages that the router gives to another engine are queued for it, and stand as their text layer has them until
    they are read (`read_pages`). A PDF that cannot be read costs its paper the full text, never the run: the
    outcome says why, and the paper goes on with its abstract.
    """
    with context.store.read() as work:
        todo = [_Paper(key, sha256, attempts + 1) for key, sha256, attempts in work.reading.to_read()]
    # Two papers may share one file; it is read once.
    papers_of: dict[str, list[_Paper]] = {}
    for paper in todo:
        papers_of.setdefault(paper.pdf_sha256, []).append(paper)
    paths = {context.blobs.path(sha256): sha256 for sha256 in papers_of}
    documents = done = 0
    context.progress("read", 0, len(todo))
    for path, result in extractor.extract_many(list(paths)):
        for paper in papers_of[paths[path]]:
            if isinstance(result, Document):
                _record(context, engines, paper, result)
                documents += 1
            else:
                _record_failure(context, paper.key, paper.attempt, result)
            done += 1
        context.progress("read", done, len(todo))
    return documents


def _record(context: StageContext, engines: PageEngines, paper: _Paper, result: Document) -> None:
    evidence, routes = routed(result, engines)
    jobs = [_job(paper, route, engines) for route in routes]
    document = standing(evidence, jobs, {}, engines.assembler)
    text_layer_sha256 = context.blobs.put(encode_document(evidence))
    stored = StoredDocument(
        paper.key,
        document.engine_key,
        context.blobs.put(encode_document(document)) if jobs else text_layer_sha256,
        len(document.pages),
        len(degraded(document)),
        document.seconds,
        document.cost_usd,
        text_layer_sha256,
    )
    with context.store.begin() as work:
        work.page_jobs.add(jobs)
        save_reading(work, stored, document, context.clock.now(), paper.attempt)


def _job(paper: _Paper, route: PageRoute, engines: PageEngines) -> PageJob:
    engine_key = engines.readers[route.engine].engine_key
    return PageJob(0, paper.key, paper.pdf_sha256, route.number, route.engine, engine_key, PageState.QUEUED, route.why)


def save_reading(work: UnitOfWork, stored: StoredDocument, document: Document, at: datetime, attempts: int = 1) -> None:
    """Records a document, what it shows and cites, and what is missing of it."""
    reason = missing_words(document)
    work.reading.save_document(stored)
    work.figures.replace(stored.key, document.figures, document.references)
    work.reading.save_outcome(
        Outcome(stored.key, Stage.READ, OutcomeState.DONE, at, reason, attempts, stored.blob_sha256)
    )


def _record_failure(context: StageContext, key: PaperKey, attempts: int, error: ReadError) -> None:
    is_final = error.permanent or attempts >= _MAX_ATTEMPTS
    state = OutcomeState.FAILED if is_final else OutcomeState.RETRY
    logger.warning("%s was not read: %s", key, error)
    outcome = Outcome(key, Stage.READ, state, context.clock.now(), reason=str(error), attempts=attempts)
    with context.store.begin() as work:
        work.reading.save_outcome(outcome)
