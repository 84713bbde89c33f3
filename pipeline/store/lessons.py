"""What all readers together made of their days, for models that the owner trains on purpose; for nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from pipeline.batches import batched
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from pipeline.tables import feedback, issues, papers, rankings

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Offered:
    """A paper as a reader's issue ranked it, under the interest it matched."""

    day: date
    paper_id: str
    interest: str
    score: float


class LessonRows:
    """Reads what training learns from, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def feedback(self) -> dict[int, list[Feedback]]:
        """All that each reader made of papers, oldest first, by the reader's number."""
        found: dict[int, list[Feedback]] = {}
        for row in self._connection.execute(select(feedback).order_by(feedback.c.given_at, feedback.c.paper_id)):
            one = Feedback(row.paper_id, FeedbackKind(row.kind), row.given_at, Origin(row.origin))
            found.setdefault(row.subscriber_id, []).append(one)
        return found

    def offered(self, subscriber_id: int) -> list[Offered]:
        """The rankings behind every issue a reader had, by day, best first."""
        had = (issues.c.subscriber_id == rankings.c.subscriber_id) & (issues.c.day == rankings.c.day)
        query = (
            select(rankings.c.day, rankings.c.paper_id, rankings.c.interest, rankings.c.score)
            .join(issues, had)
            .where(rankings.c.subscriber_id == subscriber_id)
            .order_by(rankings.c.day, rankings.c.score.desc(), rankings.c.paper_id)
        )
        return [Offered(row.day, row.paper_id, row.interest, row.score) for row in self._connection.execute(query)]

    def first_listed(self, ids: Collection[str]) -> dict[str, date]:
        """The day on which each stored paper was first listed."""
        found: dict[str, date] = {}
        for some in batched(sorted(set(ids)), _BATCH):
            query = select(papers.c.id, papers.c.first_listed).where(papers.c.id.in_(some))
            found.update((row.id, row.first_listed) for row in self._connection.execute(query))
        return found
