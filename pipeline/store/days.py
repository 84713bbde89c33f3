"""The ledger's raw material: what each source listed for a day, and how asking it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from pipeline.paper import FetchState, Listing, SourceFetch, SourceName, Watermark
from pipeline.store.engine import upsert
from pipeline.tables import events, listings, papers, source_fetches, watermarks


class DayRows:
    """Reads and writes listings, fetches and watermarks on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_listings(self, found: Iterable[Listing]) -> None:
        """Records lines of a source; a line seen again is updated."""
        rows = [
            {
                "day": line.day,
                "source": line.source.value,
                "category": line.category,
                "paper_id": line.paper_id,
                "version": line.version,
                "announce_type": line.announce_type,
            }
            for line in found
        ]
        upsert(self._connection, listings, rows, update=("version", "announce_type"))

    def replace_listings(self, day: date, source: SourceName, found: Iterable[Listing]) -> None:
        """Records a source's whole answer for a day: lines it no longer has go."""
        self._connection.execute(
            delete(listings).where(listings.c.day == day, listings.c.source == source.value),
        )
        self.add_listings(found)

    def listings_on(self, day: date) -> list[Listing]:
        """All lines of both sources for a day."""
        query = select(listings).where(listings.c.day == day).order_by(listings.c.category, listings.c.paper_id)
        return [_listing(row) for row in self._connection.execute(query)]

    def unheard_of(self, since: date) -> set[str]:
        """Papers that a feed listed since a day and that no event has announced."""
        query = select(listings.c.paper_id).where(
            listings.c.day >= since,
            listings.c.source == SourceName.FEED.value,
            listings.c.paper_id.not_in(select(events.c.paper_id)),
        )
        return set(self._connection.execute(query).scalars())

    def newest_day(self) -> date | None:
        """The newest day of which papers are stored."""
        day: date | None = self._connection.execute(select(func.max(events.c.announced_on))).scalar_one()
        return day

    def save_fetch(self, fetch: SourceFetch) -> None:
        """Records how asking a source ended; the newest answer counts."""
        row = {
            "day": fetch.day,
            "source": fetch.source.value,
            "state": fetch.state.value,
            "listed": fetch.listed,
            "reason": fetch.reason,
            "fetched_at": fetch.fetched_at,
        }
        upsert(self._connection, source_fetches, [row], update=("state", "listed", "reason", "fetched_at"))

    def fetches_on(self, day: date) -> dict[SourceName, SourceFetch]:
        """How asking each source for a day ended."""
        query = select(source_fetches).where(source_fetches.c.day == day)
        return {SourceName(row.source): _fetch(row) for row in self._connection.execute(query)}

    def known_days(self, limit: int = 30) -> list[date]:
        """The newest days of which anything is known, newest first."""
        days = select(events.c.announced_on.label("day")).union(select(source_fetches.c.day)).subquery()
        query = select(days.c.day).order_by(days.c.day.desc()).limit(limit)
        return list(self._connection.execute(query).scalars())

    def newest_listing(self) -> date | None:
        """The newest day a stored paper was first listed on."""
        day: date | None = self._connection.execute(select(func.max(papers.c.first_listed))).scalar_one()
        return day

    def watermark(self, scope: Collection[str]) -> Watermark | None:
        """Between which days the records of these categories are known to be complete."""
        query = select(watermarks).where(watermarks.c.scope == _scope(scope))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Watermark(row.since, row.until)

    def set_watermark(self, scope: Collection[str], mark: Watermark) -> None:
        """Moves the watermark; call it in the transaction that stores the records."""
        row = {"scope": _scope(scope), "since": mark.since, "until": mark.until}
        upsert(self._connection, watermarks, [row], update=("since", "until"))


def _scope(categories: Collection[str]) -> str:
    return " ".join(sorted(categories))


def _listing(row: Row[Any]) -> Listing:  # Any: a row of `listings`
    return Listing(row.day, SourceName(row.source), row.category, row.paper_id, row.version, row.announce_type)


def _fetch(row: Row[Any]) -> SourceFetch:  # Any: a row of `source_fetches`
    return SourceFetch(
        row.day, SourceName(row.source), FetchState(row.state), row.listed, row.fetched_at, reason=row.reason
    )
