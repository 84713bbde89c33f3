"""Outcomes of stages, read documents, and the chunks made of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, Text, and_, cast, delete, exists, func, insert, or_, select

from pipeline.batches import batched
from pipeline.document import Box, Chunk
from pipeline.paper import EventKind
from pipeline.ports import Census, IndexedChunk
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.store.engine import upsert
from pipeline.tables import chunks, documents, events, outcomes, papers

_BATCH = 500
READABLE_KINDS = (EventKind.NEW, EventKind.CROSS, EventKind.REPLACE)


class ReadingRows:
    """Reads and writes how far each paper has come, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_outcome(self, outcome: Outcome) -> None:
        """Records how a stage ended; the newest counts."""
        row = {
            "paper_id": outcome.key.paper_id,
            "version": outcome.key.version,
            "stage": outcome.stage.value,
            "state": outcome.state.value,
            "reason": outcome.reason,
            "attempts": outcome.attempts,
            "blob_sha256": outcome.blob_sha256,
            "at": outcome.at,
        }
        upsert(self._connection, outcomes, [row], update=("state", "reason", "attempts", "blob_sha256", "at"))

    def outcomes_of(self, ids: Collection[str]) -> Iterator[Outcome]:
        """Every recorded outcome of these papers."""
        for some in batched(sorted(set(ids)), _BATCH):
            query = select(outcomes).where(outcomes.c.paper_id.in_(some))
            yield from (_outcome(row) for row in self._connection.execute(query))

    def to_download(self, until: date) -> list[tuple[PaperKey, int]]:
        """Newest versions announced up to a day that have no PDF yet, with the tries so far; newest first."""
        download = outcomes.alias()
        query = (
            select(papers.c.id, papers.c.latest_version, func.coalesce(download.c.attempts, 0))
            .join(events, events.c.paper_id == papers.c.id)
            .outerjoin(download, _same_version(download, Stage.DOWNLOAD))
            .where(
                events.c.announced_on <= until,
                events.c.kind.in_([kind.value for kind in READABLE_KINDS]),
                papers.c.is_withdrawn.is_(False),
                or_(download.c.state.is_(None), download.c.state == OutcomeState.RETRY.value),
            )
            .distinct()
            .order_by(papers.c.id.desc())
        )
        return [(PaperKey(row[0], row[1]), row[2]) for row in self._connection.execute(query)]

    def to_read(self) -> list[tuple[PaperKey, str, int]]:
        """Downloaded newest versions that were not read yet: key, PDF blob, tries so far."""
        download, read = outcomes.alias(), outcomes.alias()
        query = (
            select(papers.c.id, papers.c.latest_version, download.c.blob_sha256, func.coalesce(read.c.attempts, 0))
            .join(download, _same_version(download, Stage.DOWNLOAD))
            .outerjoin(read, _same_version(read, Stage.READ))
            .where(
                download.c.state == OutcomeState.DONE.value,
                or_(read.c.state.is_(None), read.c.state == OutcomeState.RETRY.value),
            )
            .order_by(papers.c.id)
        )
        return [(PaperKey(row[0], row[1]), row[2], row[3]) for row in self._connection.execute(query)]

    def to_place(self) -> list[PaperKey]:
        """Newest versions to which pages came that their document does not hold yet."""
        pages = outcomes.alias()
        query = (
            select(papers.c.id, papers.c.latest_version)
            .join(pages, _same_version(pages, Stage.PAGES))
            .where(pages.c.state == OutcomeState.RETRY.value)
            .order_by(papers.c.id)
        )
        return [PaperKey(row[0], row[1]) for row in self._connection.execute(query)]

    def save_document(self, document: StoredDocument) -> None:
        """Records a read document; a later reading of the same version takes its place."""
        row = {
            "paper_id": document.key.paper_id,
            "version": document.key.version,
            "engine_key": document.engine_key,
            "blob_sha256": document.blob_sha256,
            "pages": document.pages,
            "degraded_pages": document.degraded_pages,
            "seconds": document.seconds,
            "cost_usd": document.cost_usd,
            "text_layer_sha256": document.text_layer_sha256 or document.blob_sha256,
        }
        upsert(self._connection, documents, [row], update=tuple(row)[2:])

    def documents_of(self, ids: Collection[str]) -> dict[PaperKey, StoredDocument]:
        """The read documents of these papers, all versions."""
        found: dict[PaperKey, StoredDocument] = {}
        for some in batched(sorted(set(ids)), _BATCH):
            for row in self._connection.execute(select(documents).where(documents.c.paper_id.in_(some))):
                key = PaperKey(row.paper_id, row.version)
                found[key] = StoredDocument(
                    key,
                    row.engine_key,
                    row.blob_sha256,
                    row.pages,
                    row.degraded_pages,
                    row.seconds,
                    row.cost_usd,
                    row.text_layer_sha256,
                )
        return found

    def reading_cost(self, day: date) -> float:
        """US dollars that reading the papers announced on a day has cost, failed attempts included."""
        is_announced = exists().where(
            events.c.paper_id == documents.c.paper_id,
            events.c.version == documents.c.version,
            events.c.announced_on == day,
            events.c.kind.in_([kind.value for kind in READABLE_KINDS]),
        )
        query = select(func.coalesce(func.sum(documents.c.cost_usd), 0.0)).where(is_announced)
        return float(self._connection.execute(query).scalar_one())

    def to_chunk(self, chunker: str, limit: int) -> list[tuple[PaperKey, str]]:
        """Papers whose chunks are missing, or older than their document or the chunker, with the document's blob.

        The blob is empty where there is no document: then the abstract is all there is.
        """
        chunked = outcomes.alias()
        blob = func.coalesce(documents.c.blob_sha256, "")
        query = (
            select(papers.c.id, papers.c.latest_version, blob)
            .outerjoin(
                documents,
                and_(documents.c.paper_id == papers.c.id, documents.c.version == papers.c.latest_version),
            )
            .outerjoin(chunked, _same_version(chunked, Stage.CHUNK))
            .where(
                or_(chunked.c.state.is_(None), chunked.c.blob_sha256 != blob, chunked.c.reason != chunker),
            )
            .order_by(papers.c.first_listed, papers.c.id)
            .limit(limit)
        )
        return [(PaperKey(row[0], row[1]), row[2]) for row in self._connection.execute(query)]

    def forget_chunking(self, ids: Iterable[str]) -> None:
        """Makes these papers due for chunking again: their title or abstract changed."""
        for some in batched(sorted(set(ids)), _BATCH):
            is_due = and_(outcomes.c.stage == Stage.CHUNK.value, outcomes.c.paper_id.in_(some))
            self._connection.execute(delete(outcomes).where(is_due))

    def replace_chunks(self, paper_id: str, made: Sequence[Chunk], chunker: str) -> None:
        """Gives a paper these chunks instead of the ones it had, of any version."""
        self._connection.execute(delete(chunks).where(chunks.c.paper_id == paper_id))
        if made:
            self._connection.execute(insert(chunks), [_chunk_row(chunk, chunker) for chunk in made])

    def chunks_of(self, ids: Collection[str], *, abstracts_only: bool = False) -> Iterator[Chunk]:
        """The chunks of these papers, paper by paper in their order; their first ones are the abstracts."""
        for some in batched(sorted(set(ids)), _BATCH):
            query = select(chunks).where(chunks.c.paper_id.in_(some)).order_by(chunks.c.paper_id, chunks.c.ordinal)
            if abstracts_only:
                query = query.where(chunks.c.ordinal == 0)
            yield from (_chunk(row) for row in self._connection.execute(query))

    def census(self) -> Census:
        """Every chunk's id, with a mark that changes with its paper's title, authors, categories, day or withdrawal."""
        told = select(
            papers.c.id,
            papers.c.title,
            cast(papers.c.authors, Text).label("authors"),
            cast(papers.c.categories, Text).label("categories"),
            papers.c.first_listed,
            papers.c.is_withdrawn,
        )
        marks = {row.id: _mark(row) for row in self._connection.execute(told.execution_options(yield_per=2000))}
        query = select(chunks.c.id, chunks.c.paper_id).order_by(chunks.c.id).execution_options(yield_per=10_000)
        ids, of_chunks = array("q"), array("Q")
        for chunk_id, paper_id in self._connection.execute(query):
            ids.append(chunk_id)
            of_chunks.append(marks[paper_id])
        return Census(np.array(ids, np.int64), np.array(of_chunks, np.uint64))

    def indexed_chunks(self, ids: Iterable[int]) -> Iterator[IndexedChunk]:
        """These chunks (ids ascending) with what an index tells of their papers, in that order."""
        columns = (papers.c.title, papers.c.authors, papers.c.categories, papers.c.first_listed, papers.c.is_withdrawn)
        query = select(chunks, *columns).join(papers, papers.c.id == chunks.c.paper_id).order_by(chunks.c.id)
        for some in batched(ids, _BATCH):
            for row in self._connection.execute(query.where(chunks.c.id.in_(some))):
                yield IndexedChunk(
                    _chunk(row),
                    row.title,
                    tuple(row.authors),
                    tuple(row.categories),
                    row.first_listed,
                    is_withdrawn=row.is_withdrawn,
                )

    def count_chunks(self, ids: Iterable[str] | None = None) -> int:
        """How many chunks are stored, of these papers or of all."""
        query = select(func.count()).select_from(chunks)
        if ids is None:
            return self._connection.execute(query).scalar_one()
        return sum(
            self._connection.execute(query.where(chunks.c.paper_id.in_(some))).scalar_one()
            for some in batched(sorted(set(ids)), _BATCH)
        )


def _same_version(outcome: Any, stage: Stage) -> ColumnElement[bool]:  # Any: an alias of `outcomes`
    return and_(
        outcome.c.paper_id == papers.c.id,
        outcome.c.version == papers.c.latest_version,
        outcome.c.stage == stage.value,
    )


def _outcome(row: Row[Any]) -> Outcome:  # Any: a row of `outcomes`
    return Outcome(
        PaperKey(row.paper_id, row.version),
        Stage(row.stage),
        OutcomeState(row.state),
        row.at,
        reason=row.reason,
        attempts=row.attempts,
        blob_sha256=row.blob_sha256,
    )


def _chunk_row(chunk: Chunk, chunker: str) -> dict[str, Any]:  # Any: column values
    box = chunk.box
    return {
        "paper_id": chunk.paper_id,
        "version": chunk.version,
        "ordinal": chunk.ordinal,
        "section": chunk.section,
        "page": chunk.page,
        "box": None if box is None else [box.left, box.top, box.right, box.bottom],
        "text": chunk.text,
        "chunker": chunker,
    }


def _mark(row: Row[Any]) -> int:  # Any: a row of `papers`
    told = "\x00".join((row.title, row.authors, row.categories, str(row.first_listed), str(row.is_withdrawn)))
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest())


def _chunk(row: Row[Any]) -> Chunk:  # Any: a row of `chunks`
    return Chunk(
        row.paper_id,
        row.version,
        row.ordinal,
        row.section,
        row.page,
        row.text,
        box=None if row.box is None else Box(*row.box),
        id=row.id,
    )
