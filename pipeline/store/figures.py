"""Figures and bibliographies of read documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from pipeline.batches import batched
from pipeline.document import Box, Figure, FigureKind, Reference
from pipeline.reading import PaperKey, StoredFigure
from pipeline.store.citations import CitationRows
from pipeline.tables import bibliography, figures

_BATCH = 500


class FigureRows:
    """Reads and writes what a document shows and whom it cites, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, key: PaperKey, shown: Sequence[Figure], cited: Sequence[Reference]) -> None:
        """Gives a paper these figures and references instead of the ones it had, of any version.

        A figure that is the same as before keeps its picture.
        """
        pictures = {_identity(one): one.image_sha256 for one in self.of([key.paper_id]).get(key.paper_id, ())}
        for table in (figures, bibliography):
            self._connection.execute(delete(table).where(table.c.paper_id == key.paper_id))
        rows = [_figure_row(key, ordinal, figure) for ordinal, figure in enumerate(shown)]
        for row, figure in zip(rows, shown, strict=True):
            row["image_sha256"] = pictures.get(_identity(StoredFigure(key, 0, figure)), "")
        if rows:
            self._connection.execute(insert(figures), rows)
        if cited:
            self._connection.execute(
                insert(bibliography), [_reference_row(key, ordinal, one) for ordinal, one in enumerate(cited)]
            )
        CitationRows(self._connection).replace(key.paper_id, cited)

    def of(self, ids: Collection[str]) -> dict[str, tuple[StoredFigure, ...]]:
        """The figures and tables of these papers in the order of their documents."""
        found: dict[str, tuple[StoredFigure, ...]] = {}
        for some in batched(sorted(set(ids)), _BATCH):
            query = select(figures).where(figures.c.paper_id.in_(some)).order_by(figures.c.paper_id, figures.c.ordinal)
            for row in self._connection.execute(query):
                found[row.paper_id] = (*found.get(row.paper_id, ()), _figure(row))
        return found

    def save_picture(self, key: PaperKey, ordinal: int, image_sha256: str) -> None:
        """Remembers the cropped image of a figure."""
        self._connection.execute(
            update(figures)
            .where(figures.c.paper_id == key.paper_id, figures.c.version == key.version, figures.c.ordinal == ordinal)
            .values(image_sha256=image_sha256)
        )

    def references_of(self, paper_id: str) -> tuple[Reference, ...]:
        """A paper's bibliography in its order."""
        query = select(bibliography).where(bibliography.c.paper_id == paper_id).order_by(bibliography.c.ordinal)
        return tuple(_reference(row) for row in self._connection.execute(query))


def _identity(stored: StoredFigure) -> tuple[object, ...]:
    return stored.key, stored.figure.kind, stored.figure.page, stored.figure.box


def _figure_row(key: PaperKey, ordinal: int, figure: Figure) -> dict[str, Any]:  # Any: column values
    return {
        "paper_id": key.paper_id,
        "version": key.version,
        "ordinal": ordinal,
        "kind": figure.kind.value,
        "label": figure.label[:64],
        "caption": figure.caption,
        "page": figure.page,
        "box": list(astuple(figure.box)),
    }


def _figure(row: Row[Any]) -> StoredFigure:  # Any: a row of `figures`
    figure = Figure(FigureKind(row.kind), row.label, row.caption, row.page, Box(*row.box))
    return StoredFigure(PaperKey(row.paper_id, row.version), row.ordinal, figure, row.image_sha256)


def _reference_row(key: PaperKey, ordinal: int, one: Reference) -> dict[str, Any]:  # Any: column values
    return {
        "paper_id": key.paper_id,
        "version": key.version,
        "ordinal": ordinal,
        "label": one.label[:64],
        "text": one.text,
        "authors": list(one.authors),
        "title": one.title,
        "year": one.year,
        "venue": one.venue,
        "arxiv_id": one.arxiv_id[:32],
        "doi": one.doi[:255],
        "url": one.url,
        "page": one.page,
        "box": list(astuple(one.box)),
    }


def _reference(row: Row[Any]) -> Reference:  # Any: a row of `bibliography`
    return Reference(
        row.text,
        row.page,
        Box(*row.box),
        row.label,
        tuple(row.authors),
        row.title,
        row.year,
        row.venue,
        row.arxiv_id,
        row.doi,
        row.url,
    )
