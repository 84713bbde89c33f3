"""A ranker that knows of its readers what they say, and nothing of what they liked: a rival to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.digest import Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Ranker, RankRequest


class Forgetful:
    """Implements `pipeline.ports.Ranker`: another one's rankings for readers of whom only the words are known."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first, whatever the reader liked."""
        return self._ranker.rank([_without_likes(request) for request in requests], candidates, archive)


def _without_likes(request: RankRequest) -> RankRequest:
    interests = tuple(replace(interest, seeds=()) for interest in request.profile.interests)
    profile = replace(request.profile, interests=interests, likes=(), saves=(), dislikes=())
    return replace(request, profile=profile, liked=(), disliked=(), answers=())
