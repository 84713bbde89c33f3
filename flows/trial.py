"""A profile changed only in thought, to see what it would bring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace

from pipeline.profile_changes import (
    avoiding,
    following,
    indifferent_to,
    with_interest,
    with_negatives,
    without_interest,
    without_negative,
)
from pipeline.selection import Selection
from pipeline.subscriber import Interest, Profile, Volume


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be otherwise in a profile; nothing by default. `forgotten` are papers of which nothing was said."""

    dropped_interests: tuple[str, ...] = ()
    dropped_negatives: tuple[str, ...] = ()
    dropped_authors: tuple[str, ...] = ()
    interests: tuple[Interest, ...] = ()
    negatives: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    avoided_authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    volume: Volume | None = None
    forgotten: tuple[str, ...] = ()
    forgets_all: bool = False

    def __bool__(self) -> bool:
        """Whether anything is to be otherwise."""
        return any(getattr(self, one.name) for one in fields(self))

    def upon(self, profile: Profile) -> Profile:
        """The changed profile. Raises UsageError, NotFoundError for what is to be dropped and is not there."""
        for which in self.dropped_interests:
            profile = without_interest(profile, which)
        for which in self.dropped_negatives:
            profile = without_negative(profile, which)
        for interest in self.interests:
            profile = with_interest(profile, interest)
        profile = with_negatives(profile, self.negatives)
        profile = avoiding(following(indifferent_to(profile, self.dropped_authors), self.authors), self.avoided_authors)
        profile = replace(
            profile, categories=self.categories or profile.categories, volume=self.volume or profile.volume
        )
        return _forgetting(profile, profile.taught if self.forgets_all else self.forgotten)


def selection_with(known: Selection, min_probability: float | None, max_items: int | None) -> Selection:
    """The selection with what is given in the place of what is set."""
    return Selection(
        known.max_items if max_items is None else max_items,
        known.min_probability if min_probability is None else min_probability,
    )


def _forgetting(profile: Profile, ids: Collection[str]) -> Profile:
    def kept(papers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in papers if one not in ids)

    return replace(profile, likes=kept(profile.likes), dislikes=kept(profile.dislikes), saves=kept(profile.saves))
