"""What a reader answered to earlier digests: the only thing that tells how sure a probability should be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, select, true

from pipeline.subscriber import FeedbackKind, Origin
from pipeline.tables import feedback, issue_items, rankings

_OWN_WORD = ("negative", "avoided")  # begins the names of parts that overrule all evidence
# Parts that are no evidence of the paper's subject (`rerank.parts`).
_NO_EVIDENCE = ("answers", "author")


class AnswerRows:
    """Reads answers on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, subscriber_id: int, before: datetime | None = None) -> tuple[tuple[float, bool], ...]:
        """For each answered paper of a sent issue its log-odds then, and whether it was wanted, oldest answer first.

        Only answers given `before` a moment count, where one is told. A library that was imported answers nothing, and
        what was overruled had no odds of its own.
        """
        same = and_(rankings.c.subscriber_id == feedback.c.subscriber_id, rankings.c.paper_id == feedback.c.paper_id)
        sent = and_(
            issue_items.c.subscriber_id == feedback.c.subscriber_id, issue_items.c.paper_id == feedback.c.paper_id
        )
        query = (
            select(rankings.c.parts, feedback.c.kind)
            .join(rankings, same)
            .join(issue_items, sent)
            .where(feedback.c.subscriber_id == subscriber_id, feedback.c.origin != Origin.LIBRARY.value)
            .where(feedback.c.given_at < before if before else true())
            .order_by(feedback.c.given_at, feedback.c.paper_id)
        )
        return tuple(
            (odds, row.kind != FeedbackKind.DISLIKE.value)
            for row in self._connection.execute(query)
            if (odds := _evidence(row.parts)) is not None
        )


def _evidence(parts: list[list[object]]) -> float | None:
    """The log-odds that the evidence alone came to; None where there is none, or it was overruled."""
    told = [(str(name), float(str(log_odds))) for name, log_odds, _ in parts]
    evidence = [log_odds for name, log_odds in told if name not in _NO_EVIDENCE]
    return None if not evidence or any(name.startswith(_OWN_WORD) for name, _ in told) else sum(evidence)
