"""BibTeX and BibLaTeX as Zotero, Better BibTeX, Mendeley, JabRef and people write them."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.fields import Fields, read_fields
from pipeline.library.identifiers import id_of_number

if TYPE_CHECKING:
    from bibtexparser.model import Block

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_CHOSEN_TEXT = 200  # characters of a reason


def read_bibtex(text: str) -> Shelf:
    """Every entry of a file; one that is not well formed is listed with its line."""
    from bibtexparser.entrypoint import parse_string

    # What it warns of comes back as a block that failed, and is told with its line.
    logging.getLogger("bibtexparser").setLevel(logging.ERROR)
    entries: list[Entry] = []
    broken: list[Broken] = []
    for block in parse_string(text).blocks:
        match _read(block):
            case Entry() as entry:
                entries.append(entry)
            case Broken() as failure:
                broken.append(failure)
    return Shelf(SourceKind.BIBTEX, tuple(entries), tuple(broken))


def _read(block: Block) -> Entry | Broken | None:
    """None for what is no entry and is none of ours: comments, @string, @preamble."""
    from bibtexparser.model import Entry as BibtexEntry
    from bibtexparser.model import ParsingFailedBlock

    place = f"line {(block.start_line or 0) + 1}"
    if isinstance(block, ParsingFailedBlock):
        if not isinstance(block.ignore_error_block, BibtexEntry):
            return Broken(place, _reason(block.error))
        block = block.ignore_error_block  # the same key or field twice: both are read
    if not isinstance(block, BibtexEntry):
        return None
    values = {field.key.lower(): str(field.value) for field in reversed(block.fields)}
    return read_fields(place, _fields(values))


def _reason(error: Exception) -> str:
    said = str(getattr(error, "abort_reason", "") or error)
    return " ".join(said.split())[:_CHOSEN_TEXT]


def _fields(values: dict[str, str]) -> Fields:
    def some(*names: str) -> tuple[str, ...]:
        return tuple(value for name in names if (value := values.get(name, "").strip()))

    archive = " ".join(some("archiveprefix", "eprinttype")).lower()
    eprints = some("eprint") if not archive or "arxiv" in archive else ()
    by_class = tuple(
        found
        for number in eprints
        for name in some("primaryclass", "eprintclass")
        if (found := id_of_number(number, name.partition(".")[0]))
    )
    return Fields(
        title=values.get("title", ""),
        authors=tuple(_AND.split(values.get("author", "").strip())),
        year=" ".join(some("year", "date", "issued")),
        doi=values.get("doi", ""),
        ids=(*some("arxivid", "arxiv"), *eprints, *by_class),
        addresses=some("url", "ee", "link", "bdsk-url-1", "bdsk-url-2", "volume", "howpublished"),
        notes=some(
            *("note", "annote", "annotation", "extra", "journal", "journaltitle", "number", "howpublished"),
            *("eid", "pages", "archivelocation", "publisher", "series"),
        ),
        added=some(
            *("dateadded", "date-added", "date_added", "creationdate", "added-at", "posted-at", "timestamp"),
            *("urldate", "lastchecked"),
        ),
    )
