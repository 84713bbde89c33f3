"""When arXiv announces, in US Eastern time.

Announcements are made at 20:00 on Sunday to Thursday evenings; arXiv prints the next day's date over the listing
(Monday to Friday), and that date is what "day" means everywhere in autoreader.
Source: https://info.arxiv.org/help/availability.html.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError

EASTERN = ZoneInfo("America/New_York")
FILE_NAME = "announcements.toml"
_ANNOUNCED = time(20, 0)
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Knows which days have a listing. `deferred` are the evenings (US Eastern) without an announcement."""

    deferred: frozenset[date] = frozenset()

    def is_expected(self, day: date) -> bool:
        """Whether arXiv is to print a listing of this date."""
        return day.weekday() < _SATURDAY and day - _ONE_DAY not in self.deferred

    def announced_at(self, day: date) -> datetime:
        """When the listing of a day is announced, UTC: 20:00 US Eastern of the evening before.

        That is 00:00 UTC of the day itself in summer and 01:00 in winter.
        """
        return datetime.combine(day - _ONE_DAY, _ANNOUNCED, tzinfo=EASTERN).astimezone(UTC)

    def latest_day(self, now: datetime) -> date:
        """The newest expected day that has been announced at a moment (timezone-aware)."""
        evening = now.astimezone(EASTERN)
        day = evening.date() + _ONE_DAY if evening.time() >= _ANNOUNCED else evening.date()
        return self._expected_until(day)

    def days_between(self, since: date, until: date) -> tuple[date, ...]:
        """All expected days from one to another, both included, oldest first."""
        span = ((since + timedelta(days=number)) for number in range((until - since).days + 1))
        return tuple(day for day in span if self.is_expected(day))

    def day_of(self, stamp: date | datetime) -> date:
        """The listing day that a record's datestamp belongs to: the latest expected day not after it.

        OAI datestamps are UTC and day-granular, and an announcement at 20:00 US Eastern is already the next day in
        UTC, so stamp and listing day agree; a touch on a weekend belongs to Friday. A moment is taken exactly.
        """
        return self.latest_day(stamp) if isinstance(stamp, datetime) else self._expected_until(stamp)

    def _expected_until(self, day: date) -> date:
        while not self.is_expected(day):
            day -= _ONE_DAY
        return day


def load_calendar(home: Path | None = None) -> Calendar:
    """The calendar with the deferrals that came with autoreader and those in the home folder's own file."""
    own = files("pipeline.arxiv_source").joinpath(FILE_NAME).read_text(encoding="utf-8")
    deferred = _read_deferred(own, FILE_NAME)
    if home is not None and (path := home / FILE_NAME).is_file():
        deferred |= _read_deferred(path.read_text(encoding="utf-8"), str(path))
    return Calendar(deferred)


def _read_deferred(text: str, name: str) -> frozenset[date]:
    try:
        groups = tomllib.loads(text).get("deferred", [])
        return frozenset(_evening(value) for group in groups for value in group["evenings"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{name}: expected [[deferred]] tables with evenings = [2026-12-31, ...]: {error}") from error


def _evening(value: Any) -> date:  # Any: whatever TOML holds
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise TypeError(f"{value!r} is not a date")
