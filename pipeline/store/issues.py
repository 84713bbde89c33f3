"""Rankings, issues and the outbox: what a subscriber was offered, sent, and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from pipeline.digest import Issue, OutboxEntry, OutboxState, Part, Passage, Ranked
from pipeline.document import Box
from pipeline.errors import NotFoundError
from pipeline.paper import EventKind
from pipeline.store.engine import upsert
from pipeline.tables import events, issue_items, issues, outbox, papers, rankings, subscribers


class IssueRows:
    """Reads and writes the mail side on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_day(self, subscriber_id: int) -> date | None:
        """The first day that was ranked for them; None for somebody new."""
        query = select(func.min(rankings.c.day)).where(rankings.c.subscriber_id == subscriber_id)
        day: date | None = self._connection.execute(query).scalar_one()
        return day

    def has_issue(self, subscriber_id: int, day: date) -> bool:
        """Whether their issue of a day was decided on; it may be one that held nothing and was not mailed."""
        query = select(issues.c.id).where(issues.c.subscriber_id == subscriber_id, issues.c.day == day)
        return self._connection.execute(query).first() is not None

    def eligible(self, subscriber_id: int, since: date, until: date) -> set[str]:
        """New papers of these days that no issue before `until` held or passed over.

        A ranking without an issue decides nothing: its run died between the two.
        """
        decided = and_(issues.c.subscriber_id == rankings.c.subscriber_id, issues.c.day == rankings.c.day)
        considered = (
            select(rankings.c.paper_id)
            .join(issues, decided)
            .where(rankings.c.subscriber_id == subscriber_id, rankings.c.day < until)
        )
        query = (
            select(events.c.paper_id)
            .join(papers, papers.c.id == events.c.paper_id)
            .where(
                events.c.announced_on.between(since, until),
                events.c.kind.in_([EventKind.NEW.value, EventKind.CROSS.value]),
                papers.c.is_withdrawn.is_(False),
                events.c.paper_id.not_in(considered),
                events.c.paper_id.not_in(
                    select(issue_items.c.paper_id).where(issue_items.c.subscriber_id == subscriber_id)
                ),
            )
        )
        return set(self._connection.execute(query).scalars())

    def save_ranking(self, subscriber_id: int, day: date, ranking: Sequence[Ranked]) -> None:
        """Records how the papers of an issue stood for its reader, also those not chosen."""
        rows = [
            {
                "subscriber_id": subscriber_id,
                "paper_id": ranked.paper_id,
                "day": day,
                "score": ranked.score,
                "probability": ranked.probability,
                "why": ranked.why,
                "interest": ranked.interest,
                "passage": _passage_json(ranked.passage),
                "place": ranked.place,
                "is_exploration": ranked.is_exploration,
                "parts": [[part.name, part.log_odds, part.words] for part in ranked.parts],
                "like": list(ranked.like),
                "same_as": ranked.same_as,
                "ranker": ranked.ranker,
            }
            for ranked in ranking
        ]
        columns = tuple(column.name for column in rankings.c if not column.primary_key)
        upsert(self._connection, rankings, rows, update=columns)

    def ranking(self, subscriber_id: int, day: date) -> list[Ranked]:
        """The recorded ranking of an issue, best first."""
        query = (
            select(rankings)
            .where(rankings.c.subscriber_id == subscriber_id, rankings.c.day == day)
            .order_by(rankings.c.score.desc(), rankings.c.paper_id)
        )
        return [_ranked(row) for row in self._connection.execute(query)]

    def save_empty(self, issue: Issue) -> None:
        """Records that nothing of a day was worth mailing."""
        row = insert(issues).values(subscriber_id=issue.subscriber_id, day=issue.day, considered=issue.considered)
        self._connection.execute(row)

    def save(self, issue: Issue, message_id: str, message_sha256: str, html_sha256: str) -> int:
        """Records a composed issue and puts its mail into the outbox, once per (subscriber, day).

        Returns the outbox id. Raises StoreError where the issue exists, or an item was
        already sent to this subscriber: callers ask `has_issue` and `eligible` first, in the same transaction.
        """
        issue_id = self._connection.execute(
            insert(issues)
            .values(subscriber_id=issue.subscriber_id, day=issue.day, considered=issue.considered)
            .returning(issues.c.id)
        ).scalar_one()
        if issue.items:
            rows = [
                {
                    "subscriber_id": issue.subscriber_id,
                    "paper_id": item.paper_id,
                    "issue_id": issue_id,
                    "position": position,
                }
                for position, item in enumerate(issue.items)
            ]
            self._connection.execute(insert(issue_items), rows)
        entry = insert(outbox).values(
            issue_id=issue_id,
            message_id=message_id,
            message_sha256=message_sha256,
            html_sha256=html_sha256,
            state=OutboxState.PENDING.value,
            attempts=0,
            claimed_by="",
            reason="",
            location="",
        )
        outbox_id: int = self._connection.execute(entry.returning(outbox.c.id)).scalar_one()
        return outbox_id

    def items_of(self, issue_id: int) -> list[str]:
        """Paper ids of an issue in their printed order."""
        query = select(issue_items.c.paper_id).where(issue_items.c.issue_id == issue_id)
        return list(self._connection.execute(query.order_by(issue_items.c.position)).scalars())

    def outbox_of(self, day: date) -> list[OutboxEntry]:
        """The messages of a day, whatever their state."""
        return self._entries(_outbox_query().where(issues.c.day == day))

    def in_state(self, states: Collection[OutboxState]) -> list[OutboxEntry]:
        """Messages in any of these states, oldest first."""
        return self._entries(_outbox_query().where(outbox.c.state.in_([state.value for state in states])))

    def _entries(self, query: Select[Any]) -> list[OutboxEntry]:  # Any: the columns of _outbox_query
        return [_entry(row) for row in self._connection.execute(query.order_by(outbox.c.id))]

    def claim(self, outbox_id: int, claimed_by: str, now: datetime) -> bool:
        """Takes a pending message for sending; False where somebody else has it or it is done."""
        statement = (
            update(outbox)
            .where(outbox.c.id == outbox_id, outbox.c.state == OutboxState.PENDING.value)
            .values(
                state=OutboxState.SENDING.value,
                attempts=outbox.c.attempts + 1,
                claimed_by=claimed_by,
                claimed_at=now,
            )
        )
        return self._connection.execute(statement).rowcount == 1

    def drop_unsubscribed(self) -> int:
        """Gives up waiting messages to those who unsubscribed since; returns how many."""
        left = select(issues.c.id).join(subscribers).where(subscribers.c.is_active.is_(False))
        statement = (
            update(outbox)
            .where(outbox.c.state == OutboxState.PENDING.value, outbox.c.issue_id.in_(left))
            .values(state=OutboxState.FAILED.value, reason="unsubscribed before it was sent")
        )
        return self._connection.execute(statement).rowcount

    def mark_handover(self, outbox_id: int, now: datetime) -> None:
        """Notes that from now on the message may have been delivered."""
        self._connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(handed_over_at=now))

    def release_interrupted(self) -> tuple[int, int]:
        """Settles messages whose sender died: those not handed over wait again, the others are held.

        Returns how many of each. Call it only while no other sender runs.
        """
        sending = outbox.c.state == OutboxState.SENDING.value
        held = self._connection.execute(
            update(outbox)
            .where(sending, outbox.c.handed_over_at.is_not(None))
            .values(state=OutboxState.HELD.value, reason="the sender died after handing it over; it may have arrived")
        ).rowcount
        waiting = self._connection.execute(
            update(outbox)
            .where(sending)
            .values(state=OutboxState.PENDING.value, reason="the sender died before sending")
        ).rowcount
        return waiting, held

    def requeue(self, outbox_id: int) -> None:
        """Lets a held or failed message wait again, at the owner's word. Raises NotFoundError."""
        states = [OutboxState.HELD.value, OutboxState.FAILED.value]
        wanted = select(issues.c.id).join(subscribers).where(subscribers.c.is_active.is_(True))
        statement = (
            update(outbox)
            .where(outbox.c.id == outbox_id, outbox.c.state.in_(states), outbox.c.issue_id.in_(wanted))
            .values(state=OutboxState.PENDING.value, attempts=0, handed_over_at=None, reason="sent again by the owner")
        )
        if self._connection.execute(statement).rowcount == 0:
            what = f"no held or failed mail number {outbox_id} to somebody who still wants mail"
            raise NotFoundError(f"{what}; see: autoreader outbox")

    def finish(self, outbox_id: int, state: OutboxState, *, reason: str = "", location: str = "") -> None:
        """Records how sending ended."""
        values: dict[str, object] = {"state": state.value, "reason": reason, "location": location}
        if state is OutboxState.PENDING:  # it was refused before, or in spite of, the handover
            values["handed_over_at"] = None
        self._connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))

    def mark_sent(self, outbox_id: int, location: str, now: datetime) -> None:
        """Records that the transport took the message."""
        self.finish(outbox_id, OutboxState.SENT, location=location)
        self._connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(sent_at=now))


def _outbox_query() -> Select[Any]:  # Any: columns of three tables
    return (
        select(outbox, issues.c.day, issues.c.subscriber_id, subscribers.c.email)
        .join(issues, issues.c.id == outbox.c.issue_id)
        .join(subscribers, subscribers.c.id == issues.c.subscriber_id)
    )


def _entry(row: Row[Any]) -> OutboxEntry:  # Any: a row of _outbox_query
    return OutboxEntry(
        id=row.id,
        issue_id=row.issue_id,
        subscriber_id=row.subscriber_id,
        email=row.email,
        day=row.day,
        message_id=row.message_id,
        message_sha256=row.message_sha256,
        html_sha256=row.html_sha256,
        state=OutboxState(row.state),
        attempts=row.attempts,
        reason=row.reason,
        location=row.location,
        sent_at=row.sent_at,
    )


def _passage_json(passage: Passage | None) -> dict[str, Any] | None:  # Any: JSON
    if passage is None:
        return None
    box = passage.box
    return {
        "text": passage.text,
        "section": passage.section,
        "page": passage.page,
        "box": None if box is None else [box.left, box.top, box.right, box.bottom],
        "chunk_id": passage.chunk_id,
    }


def _ranked(row: Row[Any]) -> Ranked:  # Any: a row of `rankings`
    passage = row.passage
    return Ranked(
        paper_id=row.paper_id,
        score=row.score,
        probability=row.probability,
        why=row.why,
        interest=row.interest,
        passage=None
        if passage is None
        else Passage(
            text=passage["text"],
            section=passage["section"],
            page=passage["page"],
            box=None if passage["box"] is None else Box(*passage["box"]),
            chunk_id=passage["chunk_id"],
        ),
        place=row.place,
        is_exploration=row.is_exploration,
        parts=tuple(Part(*part) for part in row.parts),
        like=tuple(row.like),
        same_as=row.same_as,
        ranker=row.ranker,
    )
