"""What a library says of one paper, whatever program wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """Where entries came from."""

    BIBTEX = "BibTeX"
    RIS = "RIS"
    CSV = "CSV"
    LIST = "list of identifiers"
    ZOTERO = "Zotero's web API"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a library.

    `place` says where it stands in its source: `line 12`, or an item's key at Zotero. `authors` are the folded words
    of one surname each. `arxiv_id` has no version, `doi` is in lower case. `added_at` is when it came into the
    library, None where nobody says so.
    """

    place: str
    title: str = ""
    authors: tuple[tuple[str, ...], ...] = ()
    year: int | None = None
    arxiv_id: str = ""
    doi: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece of a source that is no entry, and why; the entries around it are read."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that one source holds, in its order."""

    kind: SourceKind
    entries: tuple[Entry, ...]
    broken: tuple[Broken, ...] = ()
