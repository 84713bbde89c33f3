"""Turn downloaded PDFs into documents."""

from __future__ import annotations

import logging

from pipeline.document import Document, PageStatus
from pipeline.document_json import encode_document
from pipeline.errors import ReadError
from pipeline.ports import TextExtractor
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.stages.context import StageContext

logger = logging.getLogger(__name__)
_MAX_ATTEMPTS = 3


def read_papers(context: StageContext, extractor: TextExtractor) -> int:
    """Reads every downloaded PDF that was not read yet; returns how many documents came of it.

    A PDF that cannot be read costs its paper the full text, never the run: the outcome says why, and the paper
    goes on with its abstract.
    """
    with context.store.read() as work:
        todo = work.reading.to_read()
    # Two papers may share one file; it is read once.
    keys_of: dict[str, list[tuple[PaperKey, int]]] = {}
    for key, sha256, attempts in todo:
        keys_of.setdefault(sha256, []).append((key, attempts + 1))
    paths = {context.blobs.path(sha256): sha256 for sha256 in keys_of}
    documents = done = 0
    context.progress("read", 0, len(todo))
    for path, result in extractor.extract_many(list(paths)):
        for key, attempts in keys_of[paths[path]]:
            _record(context, key, attempts, result)
            documents += isinstance(result, Document)
            done += 1
        context.progress("read", done, len(todo))
    return documents


def _record(context: StageContext, key: PaperKey, attempts: int, result: Document | ReadError) -> None:
    if isinstance(result, ReadError):
        _record_failure(context, key, attempts, result)
        return
    sha256 = context.blobs.put(encode_document(result))
    degraded = [page for page in result.pages if page.status is not PageStatus.OK]
    stored = StoredDocument(
        key, result.engine_key, sha256, len(result.pages), len(degraded), result.seconds, result.cost_usd
    )
    reasons = "; ".join(sorted({page.reason for page in degraded if page.reason}))
    with context.store.begin() as work:
        work.reading.save_document(stored)
        work.reading.save_outcome(
            Outcome(key, Stage.READ, OutcomeState.DONE, context.clock.now(), reasons, attempts, sha256)
        )


def _record_failure(context: StageContext, key: PaperKey, attempts: int, error: ReadError) -> None:
    is_final = error.permanent or attempts >= _MAX_ATTEMPTS
    state = OutcomeState.FAILED if is_final else OutcomeState.RETRY
    logger.warning("%s was not read: %s", key, error)
    outcome = Outcome(key, Stage.READ, state, context.clock.now(), reason=str(error), attempts=attempts)
    with context.store.begin() as work:
        work.reading.save_outcome(outcome)
