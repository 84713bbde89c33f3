"""A ranked day and the issue made of it for one subscriber."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pipeline.document import Box
from pipeline.subscriber import Volume


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable piece of a paper: `page` 0 means the abstract."""

    text: str
    section: str
    page: int
    box: Box | None = None
    chunk_id: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that speaks for or against a paper: its share of the log-odds, and what it is in words."""

    name: str
    log_odds: float
    words: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One paper's standing for one subscriber.

    `score` orders the day; `probability` is the estimated chance, 0 to 1, that the paper is worth their time.
    `why` is a sentence for the reader; `passage` is what matched, None where the paper has no text.
    `place` is where the paper stands in the digest, from 1, and 0 where it is left out; an exploration was taken in to
    learn from, though it is just below the gate. `like` are the liked papers it resembles, the nearest first;
    `same_as` the paper of the digest that it nearly repeats. `ranker` names who ranked it.
    """

    paper_id: str
    score: float
    probability: float
    why: str
    interest: str = ""
    passage: Passage | None = None
    place: int = 0
    is_exploration: bool = False
    parts: tuple[Part, ...] = ()
    like: tuple[str, ...] = ()
    same_as: str = ""
    ranker: str = ""


@dataclass(frozen=True, slots=True)
class Teaser:
    """The figure that stands for a paper: its picture as PNG, and the licence (a URL) it may be shown under.

    `is_private` tells that only this reader may see it, who is the owner.
    """

    png: bytes = field(repr=False)
    label: str
    caption: str
    page: int
    licence: str
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A paper that another one's entry speaks of."""

    paper_id: str
    title: str


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A paper as it stands in an issue, complete enough to be printed years later.

    `like` are the liked papers it resembles, the nearest first; `also` are those that nearly repeat it and stand here
    instead of having a place of their own.
    """

    paper_id: str
    version: int
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    abstract: str
    ranked: Ranked
    announced_on: date
    kind: str  # EventKind value: new or cross
    teaser: Teaser | None = None
    like: tuple[Mention, ...] = ()
    also: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One category's bookkeeping for one day. `reasons` explain each difference in words."""

    day: date
    category: str
    listed: int
    stored: int
    missing: int
    reasons: tuple[LedgerReason, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerReason:
    """Why a paper's line differs between the sources, or why it was not read in full."""

    paper_id: str
    text: str


class DayState(StrEnum):
    """What is known of an announcement day."""

    COMPLETE = "complete"  # both sources answered for this day, or only one can (a past day)
    AWAITING = "awaiting arXiv"  # an expected day that is empty or stale
    UNCHECKED = "unchecked"  # one source answered, the other failed or did not come in time
    NO_ANNOUNCEMENT = "no announcement"  # weekend, holiday


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day in figures, for the digest's footer and the web page; `pages` and `cost_usd` are of the `read` papers."""

    day: date
    state: DayState
    listed: int
    stored: int
    read: int
    reason: str = ""
    pages: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest for one subscriber and day; `volume` is how much they asked for. `id` is 0 until stored."""

    subscriber_id: int
    email: str
    day: date
    items: tuple[DigestItem, ...]
    considered: int
    summary: DaySummary
    id: int = 0
    volume: Volume = Volume.NORMAL


class OutboxState(StrEnum):
    """Where a message stands. pending -> sending -> sent | pending again | failed | held."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # a permanent refusal; `reason` says which
    HELD = "held"  # interrupted after the handover: it may have arrived, so it is not sent again by itself


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A composed message waiting for, or past, its sending. Bytes are in the blobs."""

    id: int
    issue_id: int
    subscriber_id: int
    email: str
    day: date
    message_id: str
    message_sha256: str
    html_sha256: str
    state: OutboxState
    attempts: int = 0
    reason: str = ""
    location: str = ""  # where the transport put it: a path, or the server's answer
    sent_at: datetime | None = None
