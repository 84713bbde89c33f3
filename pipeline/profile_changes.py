"""Changing one thing in a profile and leaving all else as it was; every change has one that takes it back.

All are pure: `work.subscribers.change(email, lambda profile: with_interest(profile, Interest("graphs")))` does it.
Raises UsageError for what cannot be meant, NotFoundError for what is not there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.arxiv_source.sets import ARCHIVES
from pipeline.author_ids import author_id_of, checked_author
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import ArxivId
from pipeline.subscriber import Interest, Profile

_MOST_WEIGHT = 10.0  # it multiplies the odds: more would drown every other interest, and every negative
_MOST_LETTERS = 2000  # of an interest; encoders read about a quarter of that
_CATEGORY = re.compile(r"^(?P<archive>[a-z-]+)(?:\.(?:[A-Za-z-]+|\*))?$")


def checked_interest(interest: Interest) -> Interest:
    """The interest as it is stored: single blanks, a sensible weight, categories and paper ids that can exist."""
    text = checked_topic(interest.text)
    if not (math.isfinite(interest.weight) and 0 < interest.weight <= _MOST_WEIGHT):
        raise UsageError(
            f"the weight of {text!r} is {interest.weight:g}: expected more than 0, at most {_MOST_WEIGHT:g}"
        )
    seeds = tuple(dict.fromkeys(ArxivId.parse(seed).id for seed in interest.seeds))
    return Interest(text, float(interest.weight), checked_categories(interest.categories), seeds)


def checked_topic(text: str) -> str:
    """A topic with single blanks."""
    topic = " ".join(text.split())
    if not any(letter.isalnum() for letter in topic):
        raise UsageError(f"a topic needs words: {text!r}")
    if len(topic) > _MOST_LETTERS:
        raise UsageError(f"a topic of {len(topic)} letters is too long (at most {_MOST_LETTERS}): {topic[:40]!r}...")
    return topic


def checked_categories(categories: Iterable[str]) -> tuple[str, ...]:
    """Category hints such as `cs.LG`, `cs.*`, `hep-th`, each once."""
    found = tuple(dict.fromkeys(text.strip() for text in categories if text.strip()))
    for text in found:
        match = _CATEGORY.match(text)
        if match is None or match["archive"] not in ARCHIVES:
            raise UsageError(f"not an arXiv category: {text!r} (expected e.g. cs.LG, cs.* or hep-th)")
    return found


def find_interest(profile: Profile, which: str) -> int:
    """Where an interest stands, told by its words, some of them that no other has, or its number counted from 1."""
    return _find([interest.text for interest in profile.interests], which, "interest")


def with_interest(profile: Profile, interest: Interest) -> Profile:
    """With one more interest; one of the same words gets the new weight, and its hints and seeds are kept."""
    wanted = checked_interest(interest)
    at = _position([one.text for one in profile.interests], wanted.text)
    if at is None:
        return replace(profile, interests=(*profile.interests, wanted))
    known = profile.interests[at]
    categories = tuple(dict.fromkeys((*known.categories, *wanted.categories)))
    seeds = tuple(dict.fromkeys((*known.seeds, *wanted.seeds)))
    return with_interest_changed(profile, wanted.text, replace(wanted, categories=categories, seeds=seeds))


def with_new_interest(profile: Profile, interest: Interest) -> Profile:
    """With one more interest, whose words no other has."""
    wanted = checked_interest(interest)
    if _position([one.text for one in profile.interests], wanted.text) is not None:
        raise UsageError(f"the interest {wanted.text!r} is there already; change it instead")
    return with_interest(profile, wanted)


def with_interest_changed(profile: Profile, which: str, changed: Interest) -> Profile:
    """With `changed` in the place of an interest (see `find_interest`)."""
    at = find_interest(profile, which)
    before, after = profile.interests[:at], profile.interests[at + 1 :]
    wanted = checked_interest(changed)
    if _position([one.text for one in (*before, *after)], wanted.text) is not None:
        raise UsageError(f"another interest says {wanted.text!r} already")
    return replace(profile, interests=(*before, wanted, *after))


def without_interest(profile: Profile, which: str) -> Profile:
    """Without an interest (see `find_interest`)."""
    at = find_interest(profile, which)
    return replace(profile, interests=profile.interests[:at] + profile.interests[at + 1 :])


def with_negatives(profile: Profile, topics: Iterable[str]) -> Profile:
    """With topics that are not wanted."""
    negatives = list(profile.negatives)
    for topic in map(checked_topic, topics):
        if _position(negatives, topic) is None:
            negatives.append(topic)
    return replace(profile, negatives=tuple(negatives))


def without_negative(profile: Profile, which: str) -> Profile:
    """Without a topic that was not wanted, told like an interest."""
    at = _find(list(profile.negatives), which, "unwanted topic")
    return replace(profile, negatives=profile.negatives[:at] + profile.negatives[at + 1 :])


def following(profile: Profile, authors: Iterable[str]) -> Profile:
    """With these authors followed; whoever was avoided is not any more."""
    names = tuple(map(checked_author, authors))
    bare = _without_authors(profile, names)
    return replace(bare, authors=_joined(profile.authors, names))


def avoiding(profile: Profile, authors: Iterable[str]) -> Profile:
    """With these authors avoided, by name; whoever was followed is not any more."""
    names = tuple(map(checked_author, authors))
    if numbers := [name for name in names if author_id_of(name)]:
        raise UsageError(f"an author to avoid is told by name, as papers print it, not by number: {', '.join(numbers)}")
    bare = _without_authors(profile, names)
    return replace(bare, avoided_authors=_joined(profile.avoided_authors, names))


def indifferent_to(profile: Profile, authors: Iterable[str]) -> Profile:
    """With these authors neither followed nor avoided. Raises NotFoundError where one is neither."""
    names = tuple(map(checked_author, authors))
    known = {name.casefold() for name in (*profile.authors, *profile.avoided_authors)}
    if unknown := [name for name in names if name.casefold() not in known]:
        raise NotFoundError(f"neither followed nor avoided: {', '.join(unknown)}")
    return _without_authors(profile, names)


def seeds_of(interests: Iterable[Interest]) -> set[str]:
    """All papers that interests name."""
    return {seed for interest in interests for seed in interest.seeds}


def _without_authors(profile: Profile, names: Sequence[str]) -> Profile:
    gone = {name.casefold() for name in names}
    return replace(
        profile,
        authors=tuple(name for name in profile.authors if name.casefold() not in gone),
        avoided_authors=tuple(name for name in profile.avoided_authors if name.casefold() not in gone),
    )


def _joined(before: Sequence[str], added: Sequence[str]) -> tuple[str, ...]:
    known = {name.casefold() for name in before}
    return (*before, *dict.fromkeys(name for name in added if name.casefold() not in known))


def _find(texts: Sequence[str], which: str, what: str) -> int:
    wanted = " ".join(which.split())
    if (at := _position(texts, wanted)) is not None:
        return at
    if wanted.isascii() and wanted.isdigit():
        if 1 <= int(wanted) <= len(texts):
            return int(wanted) - 1
    else:
        found = [at for at, text in enumerate(texts) if wanted and wanted.casefold() in text.casefold()]
        if len(found) == 1:
            return found[0]
    listed = "; ".join(f"{number} {text}" for number, text in enumerate(texts, start=1))
    raise NotFoundError(f"no single {what} is {which!r}; there are: {listed or 'none'}")


def _position(texts: Sequence[str], wanted: str) -> int | None:
    return next((at for at, text in enumerate(texts) if text.casefold() == wanted.casefold()), None)
