"""Who is followed by number, and the papers that arXiv lists under them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from pipeline.author_papers import AuthorFetch, AuthorPapers
from pipeline.batches import batched
from pipeline.store.engine import upsert
from pipeline.tables import author_fetches, author_papers, followed_authors, subscribers

_BATCH = 500  # bound parameters a statement may hold in SQLite: 32,766


class AuthorRows:
    """Reads and writes followed authors on one transaction; an author is shared by all who follow them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def followed(self) -> list[str]:
        """Everybody whom an active subscriber follows, as the profiles name them, each once, in order."""
        query = (
            select(followed_authors.c.name)
            .join(subscribers, subscribers.c.id == followed_authors.c.subscriber_id)
            .where(subscribers.c.is_active.is_(True), followed_authors.c.is_avoided.is_(False))
            .distinct()
            .order_by(followed_authors.c.name)
        )
        return list(self._connection.execute(query).scalars())

    def fetches(self, authors: Collection[str]) -> dict[str, AuthorFetch]:
        """What is known of these author ids, by id; those never asked for are missing."""
        found: dict[str, AuthorFetch] = {}
        papers = func.count(author_papers.c.paper_id)
        for some in batched(sorted(authors), _BATCH):
            query = (
                select(author_fetches, papers.label("papers"))
                .outerjoin(author_papers, author_papers.c.author == author_fetches.c.author)
                .where(author_fetches.c.author.in_(some))
                .group_by(author_fetches.c.author, author_fetches.c.name, author_fetches.c.fetched_at)
            )
            for row in self._connection.execute(query):
                found[row.author] = AuthorFetch(row.author, row.name, row.papers, row.fetched_at)
        return found

    def save(self, author: str, found: AuthorPapers, now: datetime) -> None:
        """Replaces what was known of an author."""
        self._connection.execute(delete(author_papers).where(author_papers.c.author == author))
        rows = [{"author": author, "paper_id": paper_id} for paper_id in found.paper_ids]
        upsert(self._connection, author_papers, rows)
        fetch = {"author": author, "name": found.name, "fetched_at": now}
        upsert(self._connection, author_fetches, [fetch], update=("name", "fetched_at"))

    def papers_by(self, authors: Collection[str]) -> dict[str, str]:
        """Paper ids with the author among these whom each is by; of several the first in alphabetical order."""
        found: dict[str, str] = {}
        for some in batched(sorted(authors), _BATCH):
            query = select(author_papers).where(author_papers.c.author.in_(some)).order_by(author_papers.c.author)
            for row in self._connection.execute(query):
                found.setdefault(row.paper_id, row.author)
        return found

    def drop_unfollowed(self) -> None:
        """Forgets the papers of authors whom no profile names any more."""
        named = select(followed_authors.c.name)
        for table in (author_papers, author_fetches):
            self._connection.execute(delete(table).where(table.c.author.not_in(named)))
