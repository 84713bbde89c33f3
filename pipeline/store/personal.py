"""All that is stored about one reader, wherever it stands, to be taken away or erased.

Which tables that are is not listed but found: those whose rows belong to a subscriber, directly or through a row that
does. A table that is added later is exported and erased without a change here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from pipeline.batches import batched
from pipeline.digest import OutboxState
from pipeline.tables import metadata, outbox, pair_scores, subscribers

_BATCH = 500  # bound parameters a statement may hold in SQLite: 32,766


@dataclass(frozen=True, slots=True)
class MailTrace:
    """A mail to a reader: where it stands, and the files it lies in."""

    state: OutboxState
    claimed_at: datetime | None
    message_sha256: str
    html_sha256: str
    location: str


class PersonalRows:
    """Reads and erases one reader's rows on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, subscriber_id: int) -> dict[str, list[dict[str, Any]]]:  # Any: column values
        """Every row that is theirs, by table; tables without one are left out."""
        found = {}
        for table in personal_tables():
            query = select(table).where(_belongs(table, subscriber_id)).order_by(*table.primary_key)
            if rows := [dict(row) for row in self._connection.execute(query).mappings()]:
                found[table.name] = rows
        return found

    def mails(self, subscriber_id: int) -> list[MailTrace]:
        """Every mail to them. Until the transaction ends nobody else can claim one."""
        query = select(outbox).where(_belongs(outbox, subscriber_id)).order_by(outbox.c.id).with_for_update()
        return [
            MailTrace(OutboxState(row.state), row.claimed_at, row.message_sha256, row.html_sha256, row.location)
            for row in self._connection.execute(query)
        ]

    def stop_mails(self, subscriber_id: int) -> int:
        """Ends their subscription and gives up the mails that wait; returns how many did."""
        self._connection.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(is_active=False))
        statement = (
            update(outbox)
            .where(_belongs(outbox, subscriber_id), outbox.c.state == OutboxState.PENDING.value)
            .values(state=OutboxState.FAILED.value, reason="the subscriber was erased before it was sent")
        )
        return self._connection.execute(statement).rowcount

    def blobs_of_others(self, subscriber_id: int) -> set[str]:
        """The SHA-256 of every file that a row names which is not theirs."""
        found: set[str] = set()
        for table in metadata.sorted_tables:
            is_theirs = _belonging(table, subscriber_id)
            for column in (column for column in table.c if column.name.endswith("sha256")):
                query = select(column).distinct() if is_theirs is None else select(column).where(~is_theirs)
                found.update(self._connection.execute(query).scalars())
        return found

    def erase(self, subscriber_id: int, topics_of_others: Collection[str]) -> int:
        """Deletes every row that is theirs, and returns how many there were.

        Of the cached pair scores only those of `topics_of_others` (their `query_sha256`) stay: a topic that they gave
        up long ago is recorded nowhere else.
        """
        # The children first, and each counted: a cascade would not say how many.
        erased = sum(
            self._connection.execute(delete(table).where(_belongs(table, subscriber_id))).rowcount
            for table in reversed(personal_tables())
        )
        cached = set(self._connection.execute(select(pair_scores.c.query_sha256).distinct()).scalars())
        for some in batched(sorted(cached - set(topics_of_others)), _BATCH):
            self._connection.execute(delete(pair_scores).where(pair_scores.c.query_sha256.in_(some)))
        return erased


def personal_tables() -> list[Table]:
    """The tables whose rows are somebody's, those that others refer to first."""
    return [table for table in metadata.sorted_tables if _belonging(table, 0) is not None]


def _belongs(table: Table, subscriber_id: int) -> ColumnElement[bool]:
    condition = _belonging(table, subscriber_id)
    if condition is None:
        raise LookupError(f"no row of {table.name} is anybody's")
    return condition


def _belonging(table: Table, subscriber_id: int) -> ColumnElement[bool] | None:
    """Which rows are somebody's, by foreign keys; None where the table holds nothing of anybody."""
    if table is subscribers:
        return subscribers.c.id == subscriber_id
    keys = sorted(table.foreign_keys, key=lambda key: (key.column.table is not subscribers, key.parent.name))
    for key in keys:
        if key.column.table is subscribers:
            return key.parent == subscriber_id
        if (above := _belonging(key.column.table, subscriber_id)) is not None:
            return key.parent.in_(select(key.column).where(above))
    return None
