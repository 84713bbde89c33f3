"""What a record means for the reader: new, cross-listed, replaced, withdrawn, or merely touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.arxiv_source.calendar import Calendar
from pipeline.paper import EventKind, Paper, PaperEvent, matches_category
from pipeline.ports import Feed, SourceRecord

# Moderation holds papers for days to weeks (submitted 4 February, announced on the 28th: scirate issue 170).
_NEW_FOR = timedelta(days=60)
# A paper first seen at its second version, of which the feed says nothing: within this span we have most likely
# missed its announcement (an outage), beyond it we have only now begun to look at its category.
_MISSED_FOR = timedelta(days=14)
_FEED_WORDS = {
    "new": EventKind.NEW,
    "cross": EventKind.CROSS,
    "replace": EventKind.REPLACE,
    "replace-cross": EventKind.REPLACE,
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record as it was met: the listing day it belongs to and the feed's word for it, if the feed has one."""

    record: SourceRecord
    day: date
    announce_type: str
    seen_at: datetime


def sightings(
    records: Iterable[SourceRecord], feed: Feed | None, calendar: Calendar, seen_at: datetime
) -> list[Sighting]:
    """Dates records: by the feed where it lists them, else by their datestamp.

    The feed's word counts only for a version the record has reached: OAI may lag behind the feed.
    """
    entries = {entry.paper_id: entry for entry in feed.entries} if feed else {}
    found = []
    for record in records:
        entry = entries.get(record.paper.id)
        if feed is None or entry is None:
            found.append(Sighting(record, calendar.day_of(record.changed_on), "", seen_at))
        else:
            word = entry.announce_type if entry.version <= record.paper.latest_version else ""
            found.append(Sighting(record, feed.day, word, seen_at))
    return found


def decide_event(known: Paper | None, sighting: Sighting, patterns: tuple[str, ...]) -> PaperEvent | None:
    """The event of a sighting; None where nothing happened that concerns these categories.

    `known` is the paper as stored, None where none of its events is (a paper fetched for a look-up is not known).
    """
    kind = _later(known, sighting) if known is not None else _first(sighting, patterns)
    if kind is None:
        return None
    paper = sighting.record.paper
    return PaperEvent(paper.id, paper.latest_version, kind, sighting.day, sighting.seen_at)


def _later(known: Paper, sighting: Sighting) -> EventKind | None:
    paper = sighting.record.paper
    if paper.latest_version < known.latest_version:
        return None  # a stale copy; the known state is newer
    if paper.is_withdrawn and (not known.is_withdrawn or paper.latest_version > known.latest_version):
        return EventKind.WITHDRAWN
    if paper.latest_version > known.latest_version:
        return EventKind.REPLACE
    return None if paper == known else EventKind.META


def _first(sighting: Sighting, patterns: tuple[str, ...]) -> EventKind | None:
    paper = sighting.record.paper
    word = _FEED_WORDS.get(sighting.announce_type)
    if word is None and not matches_category(paper.categories, patterns):
        return None
    if paper.is_withdrawn:
        return EventKind.WITHDRAWN
    if word is not None:
        return word  # arXiv knows: a paper may have been held for longer than any span we could choose
    age = _age(paper, sighting.day)
    if paper.latest_version > 1 and age > _MISSED_FOR:
        return EventKind.REPLACE
    if age > _NEW_FOR:
        # One version, submitted long ago, not in the feed: a record touched in bulk, or a late cross-list that the
        # feed omitted. The first comes in thousands, the second singly, so it is not mailed.
        return EventKind.META
    return EventKind.NEW if matches_category(paper.categories[:1], patterns) else EventKind.CROSS


def _age(paper: Paper, day: date) -> timedelta:
    if not paper.versions:
        return timedelta(0)  # no history told: only sources without one, and those list what is new
    return day - paper.versions[0].submitted_at.date()
