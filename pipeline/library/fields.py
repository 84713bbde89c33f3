"""The fields of an export's record, under one set of names, made into an entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from pipeline.library.entry import Broken, Entry
from pipeline.library.identifiers import address_lines, doi_in, id_in_address, id_in_note, whole_id
from pipeline.library.names import surnames_of
from pipeline.library.words import readable

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MOMENT = re.compile(
    r"(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:[T/ ]+(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?)?"
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What a record says, as it stands there.

    `ids` hold nothing but an identifier if they are arXiv's, `addresses` are URLs and DOIs, `notes` free text.
    `added` holds moments, the most telling first.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""
    doi: str = ""
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def read_fields(place: str, fields: Fields) -> Entry | Broken:
    """The entry of a record; Broken where it names no paper at all."""
    title = readable(fields.title)
    arxiv_id = _arxiv_id(fields)
    doi = next((doi for one in (fields.doi, *_addresses(fields)) if (doi := doi_in(one))), "")
    if not (title or arxiv_id or doi):
        return Broken(place, "it has no title, no arXiv id and no DOI")
    year = _YEAR.search(fields.year)
    return Entry(
        place=place,
        title=title,
        authors=surnames_of(fields.authors),
        year=int(year[0]) if year else None,
        arxiv_id=arxiv_id,
        doi=doi,
        added_at=next((moment for one in fields.added if (moment := read_moment(one))), None),
    )


def _arxiv_id(fields: Fields) -> str:
    """What a field that is made for it says counts before an address, and that before a note."""
    found = (
        *map(whole_id, fields.ids),
        *map(id_in_address, (fields.doi, *_addresses(fields))),
        *map(id_in_note, fields.notes),
    )
    return next((one for one in found if one), "")


def _addresses(fields: Fields) -> tuple[str, ...]:
    return (*fields.addresses, *(line for note in fields.notes for line in address_lines(note)))


def read_moment(text: str) -> datetime | None:
    """A moment as exports write it (`2024-01-30 10:11:12 +0100`, `2024/01/30/`); UTC without a zone, None for none."""
    if (match := _MOMENT.match(text.strip())) is None:
        return None
    year, month, day = map(int, re.split(r"[-/.]", match["date"]))
    hour, minute, second = (*map(int, (match["time"] or "0:00").split(":")), 0)[:3]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(match["zone"] or "Z"))
    except ValueError:
        return None


def _zone(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
