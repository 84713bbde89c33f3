"""RIS as Zotero, Mendeley and publishers write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.fields import Fields, read_fields

_START = re.compile(r"^TY {1,2}- ?")
_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: |$)")
_LAST = re.compile(r"^ER {1,2}-")
_END = "ER  - "


def is_ris(text: str) -> bool:
    """Whether a text holds a record's first line."""
    return any(_START.match(line) for line in text.splitlines())


def read_ris(text: str) -> Shelf:
    """Every record of a file; what stands between records, or names no paper, is listed with its line."""
    entries: list[Entry] = []
    broken: list[Broken] = []
    for number, lines in _records(text):
        place = f"line {number}"
        read = (
            _read(place, lines) if _START.match(lines[0]) else Broken(place, "it stands outside of a TY ... ER record")
        )
        if isinstance(read, Entry):
            entries.append(read)
        else:
            broken.append(read)
    return Shelf(SourceKind.RIS, tuple(entries), tuple(broken))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered runs of lines: records from TY to ER (or to the next TY), and what else is not blank."""
    first, lines = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if _START.match(line) and lines:
            yield first, lines
            lines = []
        if lines or line.strip():
            first = first if lines else number
            lines.append(line)
        if _LAST.match(line):
            yield first, lines
            lines = []
    if lines:
        yield first, lines


def _read(place: str, lines: list[str]) -> Entry | Broken:
    import rispy

    # A record whose end is missing is read as far as it goes; tags come with one blank or two.
    body = [_TAG.sub(r"\1  - ", line) for line in lines if line.strip() and not _LAST.match(line)]
    try:
        records = rispy.loads("\n".join([*body, _END]), skip_unknown_tags=True)
    except (KeyError, ValueError, TypeError, AttributeError, rispy.parser.ParseError) as error:
        return Broken(place, f"it is not well formed: {error}")
    return read_fields(place, _fields(records[0]))


def _fields(record: dict[str, Any]) -> Fields:  # Any: texts and lists of them
    def some(*names: str) -> tuple[str, ...]:
        values = (record.get(name, ()) for name in names)
        return tuple(one for value in values for one in ([value] if isinstance(value, str) else value))

    titles = some("title", "primary_title", "translated_title")
    return Fields(
        title=titles[0] if titles else "",
        authors=some("authors", "first_authors"),
        year=" ".join(some("year", "publication_year", "date")),
        doi=" ".join(some("doi")),
        addresses=some("urls", "file_attachments1", "file_attachments2", "volume"),
        notes=some(
            *(
                "note",
                "accession_number",
                "custom1",
                "custom7",
                "notes",
                "research_notes",
                "journal_name",
                "secondary_title",
            ),
            *("alternate_title3", "number", "publisher"),
        ),
        added=some("access_date"),
    )
