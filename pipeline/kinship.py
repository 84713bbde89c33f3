"""How papers are tied by citations: the arithmetic that ranking and search share, and its words."""

from __future__ import annotations

import math

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def rarity(citing: int, papers: int) -> float:
    """What it tells that a paper cites a work which so many of all papers cite: 1 if it alone does, 0 if all do."""
    papers = max(papers, citing, 1)
    return math.log((papers + 1) / max(citing, 1)) / math.log(papers + 1)


def counted(count: int, noun: str) -> str:
    """`two papers`, `one reference`, `12 references`."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"
