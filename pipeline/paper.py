"""A paper as arXiv tells of it: identity, metadata, versions, and what happened to it on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.errors import UsageError

# https://info.arxiv.org/help/arxiv_identifier.html: 0704.0001 (new) and hep-th/9901001 (old), with an optional version
_ID = re.compile(r"^(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>[1-9]\d*))?$")


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier without its prefix; `version` is None when none was written."""

    id: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> ArxivId:
        """Reads `2401.12345v2`, `arXiv:hep-th/9901001`, an abs or pdf URL.

        Raises UsageError naming the text where it is none of these.
        """
        bare = re.sub(
            r"^(https?://(www\.|export\.)?arxiv\.org/(abs|pdf)/|arxiv:)", "", text.strip(), flags=re.IGNORECASE
        )
        bare = bare.removesuffix(".pdf")
        if (match := _ID.match(bare)) is None:
            raise UsageError(f"not an arXiv identifier: {text!r} (expected e.g. 2401.12345 or hep-th/9901001)")
        number = match["version"]
        return cls(match["id"], int(number) if number else None)

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """One version in a paper's history, oldest is 1."""

    number: int
    submitted_at: datetime
    size_kb: int | None = None
    source_type: str = ""  # arXivRaw's flags; a withdrawn version has "I" and no size


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's metadata in its newest known state. `categories[0]` is the primary one."""

    id: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    versions: tuple[PaperVersion, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    licence: str = ""
    is_withdrawn: bool = False

    @property
    def latest_version(self) -> int:
        """Number of the newest version; 1 where the source tells no history."""
        return self.versions[-1].number if self.versions else 1

    @property
    def primary_category(self) -> str:
        """The category the authors filed it under; empty where the source names none."""
        return self.categories[0] if self.categories else ""

    @property
    def abs_url(self) -> str:
        """Its page at arXiv, the only link the product hands out (arXiv's terms)."""
        return f"https://arxiv.org/abs/{self.id}"


class EventKind(StrEnum):
    """What a listing says happened to a paper."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    WITHDRAWN = "withdrawn"
    META = "meta"  # same version, changed record: never mailed


@dataclass(frozen=True, slots=True)
class PaperEvent:
    """Something that happened to (paper, version), attributed to an announcement day.

    `announced_on` is the date arXiv prints over the listing (Monday to Friday, US Eastern).
    """

    paper_id: str
    version: int
    kind: EventKind
    announced_on: date
    first_seen: datetime


class SourceName(StrEnum):
    """The two places that list a day."""

    OAI = "oai"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of one source: this paper was listed on this day under this category."""

    day: date
    source: SourceName
    category: str
    paper_id: str
    version: int
    announce_type: str = ""  # the feed's own word: new, cross, replace, replace-cross


class FetchState(StrEnum):
    """How asking one source for one day ended."""

    OK = "ok"
    EMPTY = "empty"
    STALE = "stale"  # it still serves an earlier day
    GONE = "gone"  # it does not keep days that old
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceFetch:
    """The outcome of asking one source for one day."""

    day: date
    source: SourceName
    state: FetchState
    listed: int
    fetched_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Watermark:
    """The span a harvest has covered: the first listing day, and the day its newest answer came."""

    since: date
    until: date


def matches_category(categories: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    """Whether any category is chosen by any pattern; `cs.*` chooses a whole archive, `*` everything."""
    return any(_matches(category, pattern) for category in categories for pattern in patterns)


def _matches(category: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    if pattern.endswith(".*"):
        return category == pattern[:-2] or category.startswith(pattern[:-1])
    return category == pattern
