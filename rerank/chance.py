"""Chance that can be replayed: the same reader's same question falls the same way, and nobody can be told by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pipeline.ports import RankRequest


def tosses(request: RankRequest, salt: str) -> Iterator[bool]:
    """Coin tosses without end, even and independent, for one reader's question of a day.

    They hang on what the profile says and on which papers are in question, so on neither clock, order nor identity.
    """
    question, block = _digest(request, salt), 0
    while True:
        for byte in hashlib.sha256(question + block.to_bytes(4, "big")).digest():
            yield from (bool(byte >> bit & 1) for bit in range(8))
        block += 1


def is_its_turn(request: RankRequest, salt: str, one_in: int) -> bool:
    """True for one question in so many."""
    return int.from_bytes(_digest(request, salt)[:8], "big") % one_in == 0


def _digest(request: RankRequest, salt: str) -> bytes:
    profile = request.profile
    parts = (
        (salt,),
        (interest.text for interest in profile.interests),
        profile.negatives,
        profile.authors,
        profile.wanted_papers,
        profile.dislikes,
        sorted(request.eligible),
    )
    return hashlib.sha256("\0".join("\n".join(part) for part in parts).encode()).digest()
