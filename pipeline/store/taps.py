"""What a reader's taps on papers have left: how each stands, and taking one back."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from pipeline.subscriber import Feedback, FeedbackKind, Origin
from pipeline.tables import feedback, rankings


class TapRows:
    """Reads what was said of single papers, and takes it back, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, subscriber_id: int, paper_id: str) -> Feedback | None:
        """Their newest word on a paper; None where they said nothing."""
        query = select(feedback).where(feedback.c.subscriber_id == subscriber_id, feedback.c.paper_id == paper_id)
        if (row := self._connection.execute(query).one_or_none()) is None:
            return None
        return Feedback(row.paper_id, FeedbackKind(row.kind), row.given_at, Origin(row.origin))

    def take_back(self, subscriber_id: int, paper_id: str, kind: FeedbackKind) -> bool:
        """Forgets a tap of this kind; False where their newest word is another one, which then stays."""
        statement = delete(feedback).where(
            feedback.c.subscriber_id == subscriber_id,
            feedback.c.paper_id == paper_id,
            feedback.c.kind == kind.value,
            feedback.c.origin == Origin.TAP.value,
        )
        return self._connection.execute(statement).rowcount > 0

    def matched_interest(self, subscriber_id: int, paper_id: str) -> str:
        """The interest by which a paper was ranked for them; empty where there was none."""
        query = select(rankings.c.interest).where(
            rankings.c.subscriber_id == subscriber_id, rankings.c.paper_id == paper_id
        )
        return self._connection.execute(query).scalar_one_or_none() or ""
