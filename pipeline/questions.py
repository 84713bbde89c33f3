"""From a profile to the question that a ranker is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.ports import Candidate, RankRequest
from pipeline.selection import Selection
from pipeline.subscriber import Profile


def rank_request(
    profile: Profile, eligible: Collection[str], candidates: Mapping[str, Candidate], selection: Selection | None = None
) -> RankRequest:
    """The question of one reader; `candidates` holds the day and the papers that the profile names, by id."""
    chosen = selection or Selection()
    return RankRequest(
        profile,
        frozenset(eligible),
        liked=_found(profile.wanted_papers, candidates),
        disliked=_found(profile.dislikes, candidates),
        gate=chosen.gate(profile.volume),
        most=chosen.max_items,
    )


def _found(ids: Collection[str], candidates: Mapping[str, Candidate]) -> tuple[Candidate, ...]:
    return tuple(candidates[one] for one in ids if one in candidates)
