"""Telling a profile what its reader never wants to see, and taking that back: `decide`, `correct`, `take_back`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.subscriber import Interest, Profile

_HALF = 0.5


class Share(StrEnum):
    """How much an interest shall go on to count."""

    SAME = "same"
    HALF = "half"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a reader says after a paper they did not want: authors by name, a topic, less of an interest."""

    authors: tuple[str, ...] = ()
    negative: str = ""
    interest: str = ""
    share: Share = Share.SAME


@dataclass(frozen=True, slots=True)
class Correction:
    """What a refusal changes in a profile, and enough of what stood there before to take it back.

    `avoided` are authors that were not avoided yet, `unfollowed` those of them that were followed. `interest` is as it
    was, at `position`; None where it stays, and `share` is then `SAME`.
    """

    avoided: tuple[str, ...] = ()
    unfollowed: tuple[str, ...] = ()
    negative: str = ""
    interest: Interest | None = None
    position: int = 0
    share: Share = Share.SAME

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.avoided or self.negative or self.interest)


def decide(profile: Profile, refusal: Refusal) -> Correction:
    """What is to be changed; nothing of it stands in the profile already, be it in other capitals."""
    avoided = tuple(name for name in dict.fromkeys(refusal.authors) if not _is_among(profile.avoided_authors, name))
    unfollowed = tuple(name for name in profile.authors if _is_among(avoided, name))
    negative = "" if _is_among(profile.negatives, refusal.negative) else refusal.negative
    correction = Correction(avoided, unfollowed, negative)
    position = position_of(profile, refusal.interest)
    if refusal.share is Share.SAME or position is None:
        return correction
    return replace(correction, interest=profile.interests[position], position=position, share=refusal.share)


def _is_among(texts: tuple[str, ...], wanted: str) -> bool:
    return wanted.casefold() in {text.casefold() for text in texts}


def position_of(profile: Profile, interest: str) -> int | None:
    """Where an interest stands among the profile's; None where it does not, or not any more."""
    return next((at for at, one in enumerate(profile.interests) if one.text == interest), None)


def correct(profile: Profile, correction: Correction) -> Profile:
    """The profile with what was decided on it."""
    return replace(
        profile,
        authors=_without(profile.authors, correction.unfollowed),
        avoided_authors=_with(profile.avoided_authors, correction.avoided),
        negatives=_with(profile.negatives, (correction.negative,) if correction.negative else ()),
        interests=_reweighed(profile.interests, correction),
    )


def take_back(profile: Profile, correction: Correction) -> Profile:
    """The profile as if it had never been corrected so; what was changed since by other means stays."""
    return replace(
        profile,
        authors=_with(profile.authors, correction.unfollowed),
        avoided_authors=_without(profile.avoided_authors, correction.avoided),
        negatives=_without(profile.negatives, (correction.negative,)),
        interests=_restored(profile, correction),
    )


def _reweighed(interests: tuple[Interest, ...], correction: Correction) -> tuple[Interest, ...]:
    if (before := correction.interest) is None:
        return interests
    after = (replace(before, weight=before.weight * _HALF),) if correction.share is Share.HALF else ()
    return tuple(kept for one in interests for kept in (after if one.text == before.text else (one,)))


def _restored(profile: Profile, correction: Correction) -> tuple[Interest, ...]:
    if (before := correction.interest) is None:
        return profile.interests
    if position_of(profile, before.text) is not None:
        return tuple(before if one.text == before.text else one for one in profile.interests)
    at = min(correction.position, len(profile.interests))
    return (*profile.interests[:at], before, *profile.interests[at:])


def _with(names: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *added)))


def _without(names: tuple[str, ...], removed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in removed)
