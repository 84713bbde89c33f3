"""Zotero's CSV, and other tables that name title, DOI or address in their first line."""

from __future__ import annotations

import csv
import io
import sys

from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.fields import Fields, read_fields

_TITLES = ("title",)
_ADDRESSES = ("url", "link", "urls")
_TELLING = frozenset({*_TITLES, *_ADDRESSES, "doi", "arxiv id", "arxiv_id", "arxivid"})
_DELIMITERS = (",", ";", "\t")


def is_table(text: str) -> bool:
    """Whether the first line is a heading of a table of papers."""
    return _delimiter(text) != ""


def _delimiter(text: str) -> str:
    """What parts the columns; empty where the first line is no heading."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        names = {name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])}
        if len(names) > 1 and names & _TELLING:
            return delimiter
    return ""


def read_table(text: str) -> Shelf:
    """Every row; one with other columns than the heading, or that names no paper, is listed with its line."""
    entries: list[Entry] = []
    broken: list[Broken] = []
    csv.field_size_limit(sys.maxsize)  # notes hold whole pages
    rows = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=_delimiter(text))
    heading = [name.strip().lower() for name in next(rows)]
    skipped = len(text) - len(text.lstrip("\r\n"))
    line = rows.line_num + skipped
    for row in rows:
        place, line = f"line {line + 1}", rows.line_num + skipped
        if not any(cell.strip() for cell in row):
            continue
        read = _read(place, heading, row)
        if isinstance(read, Entry):
            entries.append(read)
        else:
            broken.append(read)
    return Shelf(SourceKind.CSV, tuple(entries), tuple(broken))


def _read(place: str, heading: list[str], row: list[str]) -> Entry | Broken:
    if len(row) != len(heading):
        return Broken(place, f"it has {len(row)} columns, the heading has {len(heading)}")
    values = dict(zip(heading, row, strict=True))

    def some(*names: str) -> tuple[str, ...]:
        return tuple(value for name in names if (value := values.get(name, "").strip()))

    return read_fields(
        place,
        Fields(
            title=" ".join(some(*_TITLES)),
            authors=tuple(name for cell in some("author", "authors") for name in _names(cell)),
            year=" ".join(some("publication year", "year", "date")),
            doi=values.get("doi", ""),
            ids=some("arxiv id", "arxiv_id", "arxivid"),
            addresses=some(*_ADDRESSES),
            notes=some("extra", "archive location", "number", "publication title", "publisher", "series", "notes"),
            added=some("date added", "date_added", "added", "access date"),
        ),
    )


def _names(cell: str) -> list[str]:
    """`Last, First; Last, First` as Zotero has it, or `First Last, First Last`."""
    if ";" in cell or cell.count(",") == 1:
        return cell.split(";")
    return cell.split(",")
