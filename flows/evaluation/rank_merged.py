"""Readers with several topics: lists put together as one reader, who must not get the average of their topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.evaluation.rank_sets import BACKGROUND, Judged, KnownReader
from pipeline.subscriber import Profile

_SIZES = (2, 3)


def merged_readers(readers: Sequence[KnownReader]) -> dict[str, tuple[KnownReader, ...]]:
    """Readers of two and of three topics, by what they are called in the table; sizes without any are left out.

    Lists whose judged days begin about the same time go together, each with as many of the others as there are, so
    that they share days. General lists have no topic to be mixed up.
    """
    topical = sorted((one for one in readers if not one.is_general), key=lambda one: (one.judged[0].label, one.name))
    found = {}
    for size in _SIZES:
        together = (topical[start : start + size] for start in range(len(topical) - size + 1))
        if made := tuple(one for some in together if (one := merge(some)).judged):
            found[f"{size} topics in one reader"] = made
    return found


def merged_interests(
    readers: Sequence[KnownReader], interests: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """What merged readers would say, by name: all that their members would."""
    return {one.name: tuple(text for who in one.members for text in interests.get(who, ())) for one in readers}


def merge(readers: Sequence[KnownReader]) -> KnownReader:
    """One reader with the likes of all, taking turns.

    Judged are the days on which at least two of them kept something, from when the last one's profile is complete;
    what any of them kept is kept. What one liked is no background for the others.
    """
    begin = max(reader.judged[0].label for reader in readers)
    days: dict[str, list[Judged]] = {}
    for judged in (one for reader in readers for one in reader.judged if one.label >= begin):
        days.setdefault(judged.label, []).append(judged)
    likes = tuple(_in_turn([reader.profile.likes for reader in readers]))
    return KnownReader(
        " + ".join(reader.name for reader in readers),
        Profile(likes=likes),
        tuple(one for one in readers[0].background if one not in set(likes))[:BACKGROUND],
        tuple(_together(days[label]) for label in sorted(days) if len(days[label]) > 1),
        members=tuple(reader.name for reader in readers),
    )


def _together(same_day: Sequence[Judged]) -> Judged:
    grades = {one: 1.0 for judged in same_day for one in judged.grades}
    topics = tuple(frozenset(judged.grades) for judged in same_day)
    return Judged(same_day[0].label, same_day[0].candidates, grades, topics=topics)


def _in_turn(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    """Each once: the first of every list, then the second, the newest at the end of all."""
    longest = max(map(len, lists))
    seen: set[str] = set()
    for back in range(longest, 0, -1):
        for some in lists:
            if back <= len(some) and some[-back] not in seen:
                seen.add(some[-back])
                yield some[-back]
