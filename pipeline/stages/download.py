"""Fetch the PDF of every newly announced version, one after the other as arXiv's rules ask."""

from __future__ import annotations

import logging
from datetime import date

from pipeline.errors import SourceError
from pipeline.ports import PaperSource
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage
from pipeline.stages.context import StageContext

logger = logging.getLogger(__name__)
_MAX_ATTEMPTS = 5  # runs, not requests: the client has its own retries within one


def download_papers(context: StageContext, source: PaperSource, until: date) -> int:
    """Downloads what was announced up to a day and is still missing; returns how many PDFs came.

    A paper whose PDF cannot be had gets an outcome that says why, and is tried again by later runs while
    that can help; the others go on.
    """
    with context.store.read() as work:
        todo = work.reading.to_download(until)
    fetched = 0
    for done, (key, attempts) in enumerate(todo):
        context.progress("download", done, len(todo))
        outcome = _download(context, source, key, attempts + 1)
        with context.store.begin() as work:
            work.reading.save_outcome(outcome)
        fetched += outcome.state is OutcomeState.DONE
    context.progress("download", len(todo), len(todo))
    return fetched


def _download(context: StageContext, source: PaperSource, key: PaperKey, attempts: int) -> Outcome:
    try:
        content = source.pdf(key.paper_id, key.version)
    except SourceError as error:
        is_final = error.permanent or attempts >= _MAX_ATTEMPTS
        state = OutcomeState.FAILED if is_final else OutcomeState.RETRY
        logger.warning("no PDF of %s: %s", key, error)
        return Outcome(key, Stage.DOWNLOAD, state, context.clock.now(), reason=str(error), attempts=attempts)
    sha256 = context.blobs.put(content)
    return Outcome(key, Stage.DOWNLOAD, OutcomeState.DONE, context.clock.now(), attempts=attempts, blob_sha256=sha256)
