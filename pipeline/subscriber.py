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
    categories: tuple[str, ...] = ()  # where such papers are listed, a hint and no condition; `cs.*` is one too
    seeds: tuple[str, ...] = ()  # ids of papers that show what is meant


class Volume(StrEnum):
    """How much a subscriber wants to read: how likely a paper must be worth their time."""

    FEW = "few"
    NORMAL = "normal"
    MANY = "many"


class FeedbackKind(StrEnum):
    """What a subscriber made of a paper."""

    LIKE = "like"  # more like this
    DISLIKE = "dislike"  # less like this
    SAVE = "save"  # kept: as good as liked, and on the reader's shelf


class Origin(StrEnum):
    """How feedback reached us. A library is a taste, but no answer to what a digest held."""

    TAP = "tap"
    COMMAND = "command"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One tap, the newest per (subscriber, paper) counts."""

    paper_id: str
    kind: FeedbackKind
    given_at: datetime
    origin: Origin = Origin.COMMAND


@dataclass(frozen=True, slots=True)
class Profile:
    """All that ranking may know of a reader; nothing in it identifies the person.

    An author is a name, an ORCID or an arXiv author id. Paper ids stand in the order in which they were given.
    """

    interests: tuple[Interest, ...] = ()
    negatives: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    saves: tuple[str, ...] = ()
    avoided_authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # hints for all interests
    volume: Volume = Volume.NORMAL

    @property
    def wanted_papers(self) -> tuple[str, ...]:
        """Every paper that shows what they want: seeds, then likes, then saves, each once; nothing that is disliked."""
        seeds = tuple(seed for interest in self.interests for seed in interest.seeds)
        disliked = frozenset(self.dislikes)
        return tuple(dict.fromkeys(one for one in (*seeds, *self.likes, *self.saves) if one not in disliked))

    @property
    def taught(self) -> frozenset[str]:
        """Every paper the profile names."""
        return frozenset((*self.wanted_papers, *self.dislikes))


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A recipient of the digest. `id` is 0 until stored."""

    email: str
    created_at: datetime
    profile: Profile = field(default_factory=Profile)
    is_active: bool = True
    id: int = 0
