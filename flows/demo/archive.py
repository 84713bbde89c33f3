"""What the loopback arXiv holds at a moment: pure look-ups over the days it was given, no protocol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.demo.sample import SampleDay, SamplePaper, announced_at
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, EventKind, SourceName, matches_category

# feed/database.py and feed/fetch_data.py of github.com/arXiv/arxiv-feed, 2025-07
FEED_LIMIT = 2000
_LAST_ANNOUNCED_VERSION = 5
_FEED_ORDER = ("new", "cross", "replace", "replace-cross")

_CATEGORY = re.compile(r"^[a-z-]+(\.[A-Za-z-]+|\.\*)?$")


@dataclass(frozen=True, slots=True)
class Record:
    """A paper in the state that a day gave it."""

    sample: SamplePaper
    day: date


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One line of a feed; `announce_type` depends on the categories asked for."""

    sample: SamplePaper
    announce_type: str


@dataclass(frozen=True, slots=True)
class Archive:
    """arXiv on the evening that announces `at`. Later days do not exist yet."""

    days: tuple[SampleDay, ...]
    at: date
    has_healed: bool = False

    @property
    def now(self) -> datetime:
        """Its clock, UTC: 22:45 US Eastern on the evening before `at`, when OAI-PMH has the day."""
        return announced_at(self.at) + timedelta(hours=2, minutes=45)

    def listing(self) -> tuple[SamplePaper, ...]:
        """All that happened on the day itself."""
        return tuple(sample for day in self.days if day.day == self.at for sample in day.papers)

    def record(self, paper_id: str) -> Record | None:
        """A paper in its newest state, whoever lists it."""
        return self._newest().get(paper_id)

    def version(self, name: ArxivId) -> Record | None:
        """The record in force when that version was the newest one; the newest where none is named."""
        states = [record for record in self._states() if record.sample.paper.id == name.id]
        if name.version is None or not states:
            return states[-1] if states else None
        if not 1 <= name.version <= states[-1].sample.paper.latest_version:
            return None
        return next(state for state in states if state.sample.paper.latest_version >= name.version)

    def records(self) -> list[Record]:
        """Newest states of all papers, by day and id."""
        return sorted(self._newest().values(), key=lambda record: (record.day, record.sample.paper.id))

    def harvestable(self) -> list[Record]:
        """The records that ListRecords admits to: not those that OAI-PMH was told to omit, until it has healed."""
        return [record for record in self.records() if self.has_healed or SourceName.OAI in record.sample.listed_by]

    def feed(self, asked: Sequence[str]) -> list[FeedLine]:
        """The day's feed of these categories and archives, ordered and cut as arXiv does.

        Raises UsageError naming what is no category.
        """
        for category in asked:
            if not _CATEGORY.match(category):
                raise UsageError(f"{category!r} is not a category")
        patterns = tuple(category if "." in category else f"{category}.*" for category in asked)
        listed = (sample for sample in self.listing() if SourceName.FEED in sample.listed_by)
        lines = [
            FeedLine(sample, kind) for sample in listed if (kind := _announce_type(sample, patterns)) in _FEED_ORDER
        ]
        lines.sort(key=lambda line: (_FEED_ORDER.index(line.announce_type), line.sample.paper.id))
        return lines[:FEED_LIMIT]

    def day_before(self) -> Archive:
        """The archive as it was one listing earlier."""
        earlier = [day.day for day in self.days if day.day < self.at]
        return replace(self, at=max(earlier, default=_weekday_before(self.at)))

    def without_listing(self) -> Archive:
        """The archive as if nothing had been announced on the day."""
        return replace(self, days=tuple(day for day in self.days if day.day != self.at))

    def _states(self) -> list[Record]:
        days = sorted((day for day in self.days if day.day <= self.at), key=lambda day: day.day)
        return [Record(sample, day.day) for day in days for sample in day.papers]

    def _newest(self) -> dict[str, Record]:
        return {record.sample.paper.id: record for record in self._states()}


def _announce_type(sample: SamplePaper, patterns: tuple[str, ...]) -> str:
    """The feed's word for the event as seen from these categories; empty where they do not list it."""
    paper = sample.paper
    if not matches_category(paper.categories, patterns):
        return ""
    is_home = matches_category((paper.primary_category,), patterns)
    match sample.announce:
        case EventKind.NEW:
            return "new" if is_home else "cross"
        case EventKind.CROSS:
            return "cross"
        case EventKind.REPLACE | EventKind.WITHDRAWN if paper.latest_version <= _LAST_ANNOUNCED_VERSION:
            return "replace" if is_home else "replace-cross"
        case _:
            return ""


def _weekday_before(day: date) -> date:
    back = {0: 3, 6: 2}.get(day.weekday(), 1)
    return day - timedelta(days=back)
