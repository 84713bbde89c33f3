"""Who reads: a subscriber, what they said they care about, and what they made of papers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Interest:
    """One topic in the subscriber's own words."""

    text: str
    weight: float = 1.0


class FeedbackKind(StrEnum):
    """What a subscriber made of a paper."""

    LIKE = "like"
    DISLIKE = "dislike"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One tap, the newest per (subscriber, paper) counts."""

    paper_id: str
    kind: FeedbackKind
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """All that ranking may know of a reader; nothing in it identifies the person."""

    interests: tuple[Interest, ...] = ()
    negatives: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()  # paper ids
    dislikes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A recipient of the digest. `id` is 0 until stored."""

    email: str
    created_at: datetime
    profile: Profile = field(default_factory=Profile)
    is_active: bool = True
    id: int = 0
