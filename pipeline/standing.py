"""Why a ranked paper is in a digest, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.digest import Part, Ranked

_AGAINST = ("negative", "avoided")  # how the names of parts begin that a reader's own word against a paper has


class Standing(StrEnum):
    """What became of a ranked paper."""

    SHOWN = "in the digest"
    EXPLORED = "in the digest to learn from"
    REPEATS = "repeats another"
    OVERRULED = "overruled"
    BELOW = "below the gate"
    NO_ROOM = "no room"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a paper, and why in words for its reader."""

    standing: Standing
    words: str


def overruling_part(ranked: Ranked) -> Part | None:
    """The reader's own word that speaks loudest against a paper: a negative, or an author they do not want to read."""
    against = [part for part in ranked.parts if part.log_odds < 0 and part.name.startswith(_AGAINST)]
    return min(against, key=lambda part: part.log_odds, default=None)


def judged(ranked: Ranked, ranking: Sequence[Ranked], gate: float) -> Verdict:
    """What became of a paper in a ranking whose places are given; `gate` is the probability that was asked for."""
    places = sum(1 for one in ranking if one.place)
    below = f"{ranked.probability:.0%} likely to be worth your time, and {gate:.0%} is asked for"
    if ranked.is_exploration and ranked.place:
        words = f"last in the digest to learn from, though only {ranked.probability:.0%} likely to be worth your time"
        return Verdict(Standing.EXPLORED, words)
    if ranked.place:
        return Verdict(Standing.SHOWN, f"number {ranked.place} of the {places} in the digest")
    if ranked.same_as:
        return Verdict(Standing.REPEATS, f"nearly repeats {ranked.same_as}, which is in the digest")
    if ranked.probability >= gate:
        full = f"the {places} in the digest stood before it"
        return Verdict(Standing.NO_ROOM, full if places else "the gate was another one on that day")
    if (part := overruling_part(ranked)) is not None:
        return Verdict(Standing.OVERRULED, f"{part.words}; {below}")
    return Verdict(Standing.BELOW, below)
