"""Subscribers and what they told us."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, delete, func, insert, select, update

from pipeline.batches import batched
from pipeline.errors import NotFoundError, UsageError
from pipeline.store.engine import upsert
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Origin, Profile, Subscriber, Volume
from pipeline.tables import feedback, followed_authors, interests, issues, outbox, subscribers

_BATCH = 500  # bound parameters a statement may hold in SQLite: 32,766


class SubscriberRows:
    """Reads and writes subscribers on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, subscriber: Subscriber) -> Subscriber:
        """Adds a subscriber, or gives the known one (same address) these interests; returns it with its id.

        Feedback is kept. A paused subscriber becomes active. Where their newest issue held nothing, that is decided
        again by the new interests.
        """
        email = subscriber.email.strip().lower()
        query = select(subscribers.c.id).where(subscribers.c.email == email)
        known = self._connection.execute(query).scalar_one_or_none()
        if known is None:
            statement = insert(subscribers).values(email=email, created_at=subscriber.created_at, **_said(subscriber))
            known = self._connection.execute(statement.returning(subscribers.c.id)).scalar_one()
        else:
            self._connection.execute(update(subscribers).where(subscribers.c.id == known).values(**_said(subscriber)))
        self._replace_profile(known, subscriber.profile)
        self._reopen_empty_issue(known)
        return self.by_id(known)

    def _replace_profile(self, subscriber_id: int, profile: Profile) -> None:
        self._connection.execute(delete(interests).where(interests.c.subscriber_id == subscriber_id))
        self._connection.execute(delete(followed_authors).where(followed_authors.c.subscriber_id == subscriber_id))
        rows = [
            _interest_row(subscriber_id, interest, is_negative=is_negative)
            for said, is_negative in ((profile.interests, False), (map(Interest, profile.negatives), True))
            for interest in said
        ]
        if rows:
            self._connection.execute(insert(interests), rows)
        names = [
            {"subscriber_id": subscriber_id, "name": name, "is_avoided": is_avoided}
            for authors, is_avoided in ((profile.authors, False), (profile.avoided_authors, True))
            for name in authors
        ]
        upsert(self._connection, followed_authors, names, update=("is_avoided",))

    def _reopen_empty_issue(self, subscriber_id: int) -> None:
        newest = select(func.max(issues.c.day)).where(issues.c.subscriber_id == subscriber_id).scalar_subquery()
        self._connection.execute(
            delete(issues).where(
                issues.c.subscriber_id == subscriber_id,
                issues.c.day == newest,
                issues.c.id.not_in(select(outbox.c.issue_id)),
            )
        )

    def change(self, email: str, how: Callable[[Profile], Profile]) -> Subscriber:
        """Puts what `how` makes of somebody's profile in its place, and returns them with it. Raises NotFoundError.

        Nobody else changes it meanwhile, so nothing that was said is lost. Feedback is kept as it is, and whoever
        wants no mail goes on to get none. What `how` raises changes nothing.
        """
        locked = select(subscribers.c.id).where(subscribers.c.email == email.strip().lower()).with_for_update()
        self._connection.execute(locked)
        found = self.by_email(email)
        changed = replace(found, profile=how(found.profile))
        values = _said(changed) | {"is_active": found.is_active}
        self._connection.execute(update(subscribers).where(subscribers.c.id == found.id).values(**values))
        self._replace_profile(found.id, changed.profile)
        self._reopen_empty_issue(found.id)
        return self.by_id(found.id)

    def is_known(self, email: str) -> bool:
        """Whether somebody has this address, also somebody who wants no mail now."""
        query = select(subscribers.c.id).where(subscribers.c.email == email.strip().lower())
        return self._connection.execute(query).first() is not None

    def by_email(self, email: str) -> Subscriber:
        """The subscriber with this address. Raises NotFoundError."""
        query = select(subscribers).where(subscribers.c.email == email.strip().lower())
        return self._one(query, f"no subscriber {email!r}; add one with: autoreader subscribe {email} --interest '...'")

    def by_id(self, subscriber_id: int) -> Subscriber:
        """The subscriber with this id. Raises NotFoundError."""
        query = select(subscribers).where(subscribers.c.id == subscriber_id)
        return self._one(query, f"no subscriber number {subscriber_id}")

    def active(self) -> list[Subscriber]:
        """All who want mail, in the order they came."""
        query = select(subscribers).where(subscribers.c.is_active.is_(True)).order_by(subscribers.c.id)
        return [self._subscriber(row) for row in self._connection.execute(query).all()]

    def everybody(self) -> list[Subscriber]:
        """All there are, also those who want no mail now, in the order they came."""
        return [
            self._subscriber(row) for row in self._connection.execute(select(subscribers).order_by(subscribers.c.id))
        ]

    def set_active(self, subscriber_id: int, *, is_active: bool) -> None:
        """Stops or resumes the mail."""
        self._connection.execute(
            update(subscribers).where(subscribers.c.id == subscriber_id).values(is_active=is_active)
        )

    def add_feedback(self, subscriber_id: int, given: Iterable[Feedback]) -> None:
        """Records what they made of papers; the newest word on a paper counts."""
        rows = [feedback_row(subscriber_id, one) for one in given]
        upsert(self._connection, feedback, rows, update=("kind", "given_at", "origin"))

    def forget_feedback(self, subscriber_id: int, paper_ids: Collection[str]) -> int:
        """Takes back whatever they said of these papers; returns of how many they had said anything."""
        mine = feedback.c.subscriber_id == subscriber_id
        return sum(
            self._connection.execute(delete(feedback).where(mine, feedback.c.paper_id.in_(some))).rowcount
            for some in batched(sorted(paper_ids), _BATCH)
        )

    def feedback_of(self, subscriber_id: int) -> list[Feedback]:
        """All that they said of papers, the oldest word first."""
        given = self._of(subscriber_id, feedback, feedback.c.given_at, feedback.c.paper_id)
        return [Feedback(row.paper_id, FeedbackKind(row.kind), row.given_at, Origin(row.origin)) for row in given]

    def _one(self, query: Any, missing: str) -> Subscriber:  # Any: a Select
        if (row := self._connection.execute(query).one_or_none()) is None:
            raise NotFoundError(missing)
        return self._subscriber(row)

    def _subscriber(self, row: Row[Any]) -> Subscriber:  # Any: a row of `subscribers`
        return Subscriber(
            email=row.email,
            created_at=row.created_at,
            profile=self._profile(row),
            is_active=row.is_active,
            id=row.id,
        )

    def _profile(self, subscriber: Row[Any]) -> Profile:  # Any: a row of `subscribers`
        said = self._of(subscriber.id, interests, interests.c.id)
        names = self._of(subscriber.id, followed_authors, followed_authors.c.name)
        given = self._of(subscriber.id, feedback, feedback.c.given_at, feedback.c.paper_id)
        return Profile(
            interests=tuple(_interest(row) for row in said if not row.is_negative),
            negatives=tuple(row.text for row in said if row.is_negative),
            authors=tuple(row.name for row in names if not row.is_avoided),
            likes=_papers(given, FeedbackKind.LIKE),
            dislikes=_papers(given, FeedbackKind.DISLIKE),
            saves=_papers(given, FeedbackKind.SAVE),
            avoided_authors=tuple(row.name for row in names if row.is_avoided),
            categories=tuple(subscriber.categories),
            volume=Volume(subscriber.volume),
        )

    def _of(
        self, subscriber_id: int, table: Table, *order: Column[Any]
    ) -> Sequence[Row[Any]]:  # Any: that table's rows
        query = select(table).where(table.c.subscriber_id == subscriber_id).order_by(*order)
        return self._connection.execute(query).all()


def feedback_row(subscriber_id: int, given: Feedback) -> dict[str, Any]:  # Any: column values
    """One word of a subscriber's on a paper, as it is stored."""
    return {
        "subscriber_id": subscriber_id,
        "paper_id": given.paper_id,
        "kind": given.kind.value,
        "given_at": given.given_at,
        "origin": given.origin.value,
    }


def _said(subscriber: Subscriber) -> dict[str, Any]:  # Any: column values
    profile = subscriber.profile
    return {"is_active": True, "volume": profile.volume.value, "categories": list(profile.categories)}


def _interest_row(subscriber_id: int, said: Interest, *, is_negative: bool) -> dict[str, Any]:  # Any: column values
    return {
        "subscriber_id": subscriber_id,
        "text": said.text,
        "weight": said.weight,
        "is_negative": is_negative,
        "categories": list(said.categories),
        "seeds": list(said.seeds),
    }


def _interest(row: Row[Any]) -> Interest:  # Any: a row of `interests`
    return Interest(row.text, row.weight, tuple(row.categories), tuple(row.seeds))


def _papers(given: Sequence[Row[Any]], kind: FeedbackKind) -> tuple[str, ...]:  # Any: rows of `feedback`
    return tuple(row.paper_id for row in given if row.kind == kind.value)


def checked_email(text: str) -> str:
    """The address in the form it is stored. Raises UsageError naming what is wrong with it."""
    email = text.strip().lower()
    name, at, host = email.partition("@")
    if not (name and at and host) or any(c.isspace() or c in ",;<>\"'\\" for c in email) or "@" in host:
        raise UsageError(f"not an e-mail address: {text!r} (expected name@example.org)")
    return email
