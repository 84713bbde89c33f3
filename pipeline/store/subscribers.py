"""Subscribers and what they told us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pipeline.errors import NotFoundError, UsageError
from pipeline.store.engine import upsert
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Profile, Subscriber
from pipeline.tables import feedback, followed_authors, interests, issues, outbox, subscribers


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
            statement = insert(subscribers).values(email=email, is_active=True, created_at=subscriber.created_at)
            known = self._connection.execute(statement.returning(subscribers.c.id)).scalar_one()
        else:
            self._connection.execute(update(subscribers).where(subscribers.c.id == known).values(is_active=True))
        self._replace_profile(known, subscriber.profile)
        self._reopen_empty_issue(known)
        return self.by_id(known)

    def _replace_profile(self, subscriber_id: int, profile: Profile) -> None:
        self._connection.execute(delete(interests).where(interests.c.subscriber_id == subscriber_id))
        self._connection.execute(delete(followed_authors).where(followed_authors.c.subscriber_id == subscriber_id))
        rows = [
            {"subscriber_id": subscriber_id, "text": interest.text, "weight": interest.weight, "is_negative": False}
            for interest in profile.interests
        ] + [
            {"subscriber_id": subscriber_id, "text": text, "weight": 1.0, "is_negative": True}
            for text in profile.negatives
        ]
        if rows:
            self._connection.execute(insert(interests), rows)
        names = [{"subscriber_id": subscriber_id, "name": name} for name in profile.authors]
        upsert(self._connection, followed_authors, names)

    def _reopen_empty_issue(self, subscriber_id: int) -> None:
        newest = select(func.max(issues.c.day)).where(issues.c.subscriber_id == subscriber_id).scalar_subquery()
        self._connection.execute(
            delete(issues).where(
                issues.c.subscriber_id == subscriber_id,
                issues.c.day == newest,
                issues.c.id.not_in(select(outbox.c.issue_id)),
            )
        )

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

    def set_active(self, subscriber_id: int, *, is_active: bool) -> None:
        """Stops or resumes the mail."""
        self._connection.execute(
            update(subscribers).where(subscribers.c.id == subscriber_id).values(is_active=is_active)
        )

    def add_feedback(self, subscriber_id: int, given: Iterable[Feedback]) -> None:
        """Records what they made of papers; the newest word on a paper counts."""
        rows = [
            {
                "subscriber_id": subscriber_id,
                "paper_id": one.paper_id,
                "kind": one.kind.value,
                "given_at": one.given_at,
            }
            for one in given
        ]
        upsert(self._connection, feedback, rows, update=("kind", "given_at"))

    def _one(self, query: Any, missing: str) -> Subscriber:  # Any: a Select
        if (row := self._connection.execute(query).one_or_none()) is None:
            raise NotFoundError(missing)
        return self._subscriber(row)

    def _subscriber(self, row: Row[Any]) -> Subscriber:  # Any: a row of `subscribers`
        return Subscriber(
            email=row.email,
            created_at=row.created_at,
            profile=self._profile(row.id),
            is_active=row.is_active,
            id=row.id,
        )

    def _profile(self, subscriber_id: int) -> Profile:
        said = self._connection.execute(
            select(interests).where(interests.c.subscriber_id == subscriber_id).order_by(interests.c.id)
        ).all()
        names = select(followed_authors.c.name).where(followed_authors.c.subscriber_id == subscriber_id)
        given = self._connection.execute(
            select(feedback).where(feedback.c.subscriber_id == subscriber_id).order_by(feedback.c.given_at)
        ).all()
        return Profile(
            interests=tuple(Interest(row.text, row.weight) for row in said if not row.is_negative),
            negatives=tuple(row.text for row in said if row.is_negative),
            authors=tuple(self._connection.execute(names.order_by(followed_authors.c.name)).scalars()),
            likes=_papers(given, FeedbackKind.LIKE),
            dislikes=_papers(given, FeedbackKind.DISLIKE),
        )


def _papers(given: Sequence[Row[Any]], kind: FeedbackKind) -> tuple[str, ...]:  # Any: rows of `feedback`
    return tuple(row.paper_id for row in given if row.kind == kind.value)


def checked_email(text: str) -> str:
    """The address in the form it is stored. Raises UsageError naming what is wrong with it."""
    email = text.strip().lower()
    name, at, host = email.partition("@")
    if not (name and at and host) or any(c.isspace() or c in ",;<>\"'\\" for c in email) or "@" in host:
        raise UsageError(f"not an e-mail address: {text!r} (expected name@example.org)")
    return email
