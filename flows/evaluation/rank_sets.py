"""Readers whose choices are known: what they kept or how they rated, beside everything they could have kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.paper import Paper
from pipeline.subscriber import Interest, Profile

BACKGROUND = 4000  # papers from before the first judged day: what a reader is taken not to have asked for


@dataclass(frozen=True, slots=True)
class Judged:
    """Papers to be put in order, and what the reader made of them: a paper without a grade was not kept.

    With `is_rated` a grade is the reader's own, and a missing one is not known. `topics` are what was kept, topic by
    topic, of a reader who has several.
    """

    label: str  # the day, or the line it was read from
    candidates: tuple[str, ...]
    grades: Mapping[str, float]
    is_rated: bool = False
    topics: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class KnownReader:
    """Somebody's profile, as it was before any of the judged papers appeared.

    `profile.likes` stand in the order in which they were given, `background` are papers no younger than the profile.
    `is_general` marks who follows what is popular and not a topic; `members` are the names of readers put together.
    """

    name: str
    profile: Profile
    background: tuple[str, ...]
    judged: tuple[Judged, ...]
    is_general: bool = False
    members: tuple[str, ...] = ()

    def saying(self, *texts: str) -> KnownReader:
        """The same reader with these interests as well."""
        interests = (*self.profile.interests, *(Interest(text) for text in texts))
        return replace(self, profile=replace(self.profile, interests=interests))


@dataclass(frozen=True, slots=True)
class RankSet:
    """Readers, and the papers that they name."""

    readers: tuple[KnownReader, ...]
    papers: Mapping[str, Paper]

    def groups(self) -> dict[str, tuple[KnownReader, ...]]:
        """Those with topics apart from those without, by a name; one group where all are alike."""
        topical = tuple(reader for reader in self.readers if not reader.is_general)
        general = tuple(reader for reader in self.readers if reader.is_general)
        if not topical or not general:
            return {"all": self.readers}
        return {"topical": topical, "general": general, "all": self.readers}


def evenly(items: Sequence[Judged], most: int) -> tuple[Judged, ...]:
    """At most so many, spread over the whole sequence: the same ones each time; 0 is no limit."""
    if not most or len(items) <= most:
        return tuple(items)
    return tuple(items[(2 * place + 1) * len(items) // (2 * most)] for place in range(most))


def drawn(ids: Iterable[str], is_wanted: Callable[[str], bool], most: int) -> tuple[str, ...]:
    """At most so many of the wanted ones, those with the smallest digests: a larger draw holds a smaller one."""
    found = sorted((_digest(one), one) for one in ids if is_wanted(one))
    return tuple(one for _, one in found[:most])


def named(readers: Collection[KnownReader]) -> set[str]:
    """All papers that ranking for them needs."""
    ids: set[str] = set()
    for reader in readers:
        ids.update(reader.profile.taught, reader.background, *(one.candidates for one in reader.judged))
    return ids


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
