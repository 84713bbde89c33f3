"""Papers, their versions, and the events that brought them in."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from pipeline.batches import batched
from pipeline.paper import EventKind, Paper, PaperEvent, PaperVersion
from pipeline.store.citations import CitationRows
from pipeline.store.engine import upsert
from pipeline.tables import events, paper_versions, papers

_BATCH = 500  # bound parameters a statement may hold in SQLite: 32,766
_METADATA = (
    "title",
    "authors",
    "abstract",
    "categories",
    "comment",
    "journal_ref",
    "doi",
    "licence",
    "is_withdrawn",
    "latest_version",
)


class PaperRows:
    """Reads and writes papers on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, found: Iterable[Paper], first_listed: date) -> None:
        """Stores papers; known ones get the newer metadata and keep the day they were first listed."""
        found = list(found)
        upsert(self._connection, papers, [_paper_row(paper, first_listed) for paper in found], update=_METADATA)
        upsert(
            self._connection,
            paper_versions,
            [_version_row(paper.id, version) for paper in found for version in paper.versions],
            update=("submitted_at", "size_kb", "source_type"),
        )
        CitationRows(self._connection).name(found)

    def get(self, ids: Collection[str]) -> dict[str, Paper]:
        """The papers that are stored, by id."""
        found: dict[str, Paper] = {}
        for some in _batches(ids):
            versions: dict[str, list[PaperVersion]] = {}
            query = select(paper_versions).where(paper_versions.c.paper_id.in_(some)).order_by(paper_versions.c.number)
            for row in self._connection.execute(query):
                version = PaperVersion(row.number, row.submitted_at, row.size_kb, row.source_type)
                versions.setdefault(row.paper_id, []).append(version)
            for row in self._connection.execute(select(papers).where(papers.c.id.in_(some))):
                found[row.id] = _paper(row, tuple(versions.get(row.id, ())))
        return found

    def known_ids(self, ids: Collection[str]) -> set[str]:
        """Which of these are stored."""
        return {
            row.id
            for some in _batches(ids)
            for row in self._connection.execute(select(papers.c.id).where(papers.c.id.in_(some)))
        }

    def count(self) -> int:
        """How many papers are stored."""
        return self._connection.execute(select(func.count()).select_from(papers)).scalar_one()

    def add_events(self, found: Iterable[PaperEvent]) -> None:
        """Records events; one that is known for (paper, version, kind) stays as it was first seen."""
        rows = [
            {
                "paper_id": event.paper_id,
                "version": event.version,
                "kind": event.kind.value,
                "announced_on": event.announced_on,
                "first_seen": event.first_seen,
            }
            for event in found
        ]
        upsert(self._connection, events, rows)

    def events_on(self, day: date, kinds: Collection[EventKind] = tuple(EventKind)) -> list[PaperEvent]:
        """What was announced on a day, in the order it was seen."""
        query = (
            select(events)
            .where(events.c.announced_on == day, events.c.kind.in_([kind.value for kind in kinds]))
            .order_by(events.c.id)
        )
        return [_event(row) for row in self._connection.execute(query)]

    def events_of(self, ids: Collection[str]) -> Iterator[PaperEvent]:
        """All events of these papers, oldest first."""
        for some in _batches(ids):
            query = select(events).where(events.c.paper_id.in_(some)).order_by(events.c.id)
            yield from (_event(row) for row in self._connection.execute(query))

    def sample(self, before: date, size: int) -> list[str]:
        """Ids of at most so many papers first listed before a day, drawn at random, in the order they were drawn.

        The same papers are drawn again as long as they are here: whatever is learned from them changes slowly.
        """
        query = select(papers.c.id).where(papers.c.first_listed < before, papers.c.is_withdrawn.is_(False))
        ids = self._connection.execute(query.execution_options(yield_per=10_000)).scalars()
        return heapq.nsmallest(size, ids, key=_lot)

    def listed_on(self, day: date) -> set[str]:
        """Ids of the papers first listed on a day, however they came in."""
        return set(self._connection.execute(select(papers.c.id).where(papers.c.first_listed == day)).scalars())


def _lot(paper_id: str) -> bytes:
    return hashlib.blake2b(paper_id.encode(), digest_size=8).digest()


def _batches(ids: Collection[str]) -> Iterator[list[str]]:
    return batched(sorted(set(ids)), _BATCH)


def _paper_row(paper: Paper, first_listed: date) -> dict[str, Any]:  # Any: column values
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "abstract": paper.abstract,
        "categories": list(paper.categories),
        "comment": paper.comment,
        "journal_ref": paper.journal_ref,
        "doi": paper.doi,
        "licence": paper.licence,
        "is_withdrawn": paper.is_withdrawn,
        "latest_version": paper.latest_version,
        "first_listed": first_listed,
    }


def _version_row(paper_id: str, version: PaperVersion) -> dict[str, Any]:  # Any: column values
    return {
        "paper_id": paper_id,
        "number": version.number,
        "submitted_at": version.submitted_at,
        "size_kb": version.size_kb,
        "source_type": version.source_type,
    }


def _paper(row: Row[Any], versions: tuple[PaperVersion, ...]) -> Paper:  # Any: a row of `papers`
    return Paper(
        id=row.id,
        title=row.title,
        authors=tuple(row.authors),
        abstract=row.abstract,
        categories=tuple(row.categories),
        versions=versions,
        comment=row.comment,
        journal_ref=row.journal_ref,
        doi=row.doi,
        licence=row.licence,
        is_withdrawn=row.is_withdrawn,
    )


def _event(row: Row[Any]) -> PaperEvent:  # Any: a row of `events`
    return PaperEvent(row.paper_id, row.version, EventKind(row.kind), row.announced_on, row.first_seen)
