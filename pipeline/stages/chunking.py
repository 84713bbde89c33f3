"""Cut papers into passages: the abstract always, the full text where it was read."""

from __future__ import annotations

from pipeline.chunk import CHUNKER, chunk_document
from pipeline.document import Document
from pipeline.document_json import decode_document
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage
from pipeline.stages.context import StageContext

_BATCH = 500  # papers a transaction


def chunk_papers(context: StageContext) -> int:
    """Chunks every paper whose chunks are missing or older than its document; returns how many chunks came."""
    made = papers_done = 0
    while True:
        with context.store.read() as work:
            todo = work.reading.to_chunk(CHUNKER, _BATCH)
        if not todo:
            return made
        made += _chunk_batch(context, todo)
        papers_done += len(todo)
        context.progress("chunk", papers_done, papers_done + (len(todo) == _BATCH))


def _chunk_batch(context: StageContext, todo: list[tuple[PaperKey, str]]) -> int:
    with context.store.read() as work:
        papers = work.papers.get([key.paper_id for key, _ in todo])
    chunked = [(key, sha256, chunk_document(papers[key.paper_id], _document(context, sha256))) for key, sha256 in todo]
    with context.store.begin() as work:
        for key, sha256, chunks in chunked:
            work.reading.replace_chunks(key.paper_id, chunks, CHUNKER)
            # `reason` holds the chunker: a new one makes the paper due again.
            work.reading.save_outcome(
                Outcome(key, Stage.CHUNK, OutcomeState.DONE, context.clock.now(), reason=CHUNKER, blob_sha256=sha256)
            )
    return sum(len(chunks) for _, _, chunks in chunked)


def _document(context: StageContext, sha256: str) -> Document | None:
    return decode_document(context.blobs.get(sha256)) if sha256 else None
