"""What readers made of papers that rankers drafted against each other."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, and_, select

from pipeline.digest import OutboxState
from pipeline.interleaving import Drafted, read_label
from pipeline.subscriber import FeedbackKind, Origin
from pipeline.tables import feedback, issue_items, issues, outbox, rankings

# A library is a taste, but no answer to what a digest held.
_ANSWERS = (Origin.TAP.value, Origin.COMMAND.value)


class CreditRows:
    """Reads drafted digests and the answers to them on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def drafted(self, since: date) -> list[Drafted]:
        """The drafted papers of digests of these days that were sent; only answers given since then count."""
        answered = and_(
            feedback.c.subscriber_id == issue_items.c.subscriber_id,
            feedback.c.paper_id == issue_items.c.paper_id,
            feedback.c.origin.in_(_ANSWERS),
            feedback.c.given_at >= outbox.c.sent_at,
        )
        query = (
            select(issues.c.id, rankings.c.ranker, feedback.c.kind)
            .select_from(issue_items)
            .join(issues, issues.c.id == issue_items.c.issue_id)
            .join(outbox, outbox.c.issue_id == issues.c.id)
            .join(
                rankings,
                and_(
                    rankings.c.subscriber_id == issue_items.c.subscriber_id,
                    rankings.c.paper_id == issue_items.c.paper_id,
                ),
            )
            .outerjoin(feedback, answered)
            .where(issues.c.day >= since, outbox.c.state == OutboxState.SENT.value)
            .order_by(issues.c.id, issue_items.c.position)
        )
        return [
            Drafted(row.id, row.ranker, FeedbackKind(row.kind) if row.kind else None)
            for row in self._connection.execute(query)
            if read_label(row.ranker)
        ]
