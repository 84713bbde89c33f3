"""What `autoreader import` asks of the store: titles and DOIs of all papers, and a shelf for those that matched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select

from pipeline.store.engine import upsert
from pipeline.store.subscribers import feedback_row
from pipeline.subscriber import Feedback, Origin
from pipeline.tables import feedback, papers

_ROWS_AT_ONCE = 5000


class LibraryRows:
    """Matches libraries on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def titles(self) -> Iterator[tuple[str, str]]:
        """(paper id, title) of all that is stored, never all in memory."""
        query = select(papers.c.id, papers.c.title)
        for row in self._connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
            yield row.id, row.title

    def by_doi(self, dois: Collection[str]) -> dict[str, str]:
        """The papers with these DOIs (in lower case), by DOI; of several versions of one work the newest."""
        wanted = set(dois)
        if not wanted:
            return {}
        query = select(papers.c.id, papers.c.doi).where(papers.c.doi != "").order_by(papers.c.first_listed, papers.c.id)
        return {
            doi: row.id
            for row in self._connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
            for doi in row.doi.lower().split()  # arXiv names several with blanks between them
            if doi in wanted
        }

    def said(self, subscriber_id: int) -> dict[str, Origin]:
        """Every paper a subscriber said something of, and how."""
        query = select(feedback.c.paper_id, feedback.c.origin).where(feedback.c.subscriber_id == subscriber_id)
        return {row.paper_id: Origin(row.origin) for row in self._connection.execute(query)}

    def shelve(self, subscriber_id: int, given: Iterable[Feedback]) -> None:
        """Records feedback on papers of which nothing was said yet; what was said stays as it is."""
        upsert(self._connection, feedback, [feedback_row(subscriber_id, one) for one in given])
