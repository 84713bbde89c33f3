"""What past days held, and what a reader was then offered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, func, select, union

from pipeline.paper import EventKind
from pipeline.tables import events, issue_items, issues, papers, rankings

_OFFERED = events.c.kind.in_([EventKind.NEW.value, EventKind.CROSS.value])
_NEVER_ANNOUNCED = papers.c.id.not_in(select(events.c.paper_id))  # papers that a file brought in


class PastRows:
    """Reads days gone by on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest_day(self) -> date | None:
        """The newest day of which papers are stored, however they came in."""
        newest = (func.max(events.c.announced_on), func.max(papers.c.first_listed))
        days = (self._connection.execute(select(one)).scalar_one() for one in newest)
        return max((day for day in days if day is not None), default=None)

    def days(self, since: date, until: date) -> list[date]:
        """The days, oldest first, of which papers are stored."""
        announced = select(events.c.announced_on.label("day")).where(
            events.c.announced_on.between(since, until), _OFFERED
        )
        listed = select(papers.c.first_listed).where(papers.c.first_listed.between(since, until), _NEVER_ANNOUNCED)
        days = union(announced, listed).subquery()
        return list(self._connection.execute(select(days.c.day).order_by(days.c.day)).scalars())

    def announced_on(self, day: date) -> set[str]:
        """Ids of the papers that were new on a day, here or in a file; none that was withdrawn since."""
        announced = (
            select(papers.c.id)
            .join(events, events.c.paper_id == papers.c.id)
            .where(events.c.announced_on == day, _OFFERED)
        )
        listed = select(papers.c.id).where(papers.c.first_listed == day, _NEVER_ANNOUNCED)
        is_there = papers.c.is_withdrawn.is_(False)
        both = union(announced.where(is_there), listed.where(is_there))
        return set(self._connection.execute(both).scalars())

    def days_of(self, paper_id: str) -> list[date]:
        """The days, oldest first, on which a paper was new, here or in a file."""
        announced = select(events.c.announced_on.label("day")).where(events.c.paper_id == paper_id, _OFFERED)
        listed = select(papers.c.first_listed).where(papers.c.id == paper_id, _NEVER_ANNOUNCED)
        days = union(announced, listed).subquery()
        return list(self._connection.execute(select(days.c.day).order_by(days.c.day)).scalars())

    def considered(self, subscriber_id: int) -> dict[str, date]:
        """Every paper that an issue of theirs held or passed over, and the day of that issue."""
        query = (
            select(rankings.c.paper_id, rankings.c.day)
            .join(issues, _issue_of_ranking())
            .where(rankings.c.subscriber_id == subscriber_id)
        )
        return {row.paper_id: row.day for row in self._connection.execute(query)}

    def issue(self, subscriber_id: int, day: date) -> list[str] | None:
        """The papers of their issue of a day, in its order; None where there was none."""
        theirs = and_(issues.c.subscriber_id == subscriber_id, issues.c.day == day)
        found = self._connection.execute(select(issues.c.id).where(theirs)).scalar_one_or_none()
        if found is None:
            return None
        query = select(issue_items.c.paper_id).where(issue_items.c.issue_id == found).order_by(issue_items.c.position)
        return list(self._connection.execute(query).scalars())

    def sent_on(self, subscriber_id: int, paper_id: str) -> date | None:
        """The day of the issue that brought them a paper."""
        query = (
            select(issues.c.day)
            .join(issue_items, issue_items.c.issue_id == issues.c.id)
            .where(issue_items.c.subscriber_id == subscriber_id, issue_items.c.paper_id == paper_id)
        )
        return self._connection.execute(query).scalar_one_or_none()


def _issue_of_ranking() -> ColumnElement[bool]:
    return and_(issues.c.subscriber_id == rankings.c.subscriber_id, issues.c.day == rankings.c.day)
