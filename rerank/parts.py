"""What a judgement consists of, in parts that add up to its log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.digest import Part
from rerank import reason

if TYPE_CHECKING:
    from rerank.reader import Reading

# The parts that say nothing of the paper's subject: how the reader's answers are taken, and whom they follow.
ANSWERS, AUTHOR = "answers", "author"
_LEAST = 0.005  # log-odds; less is nothing to tell


def parts_of(reading: Reading, at: int) -> list[Part]:
    """The parts of a paper's judgement, the largest first but for what overrules all others, which stands alone.

    A followed author comes on top with log-odds of 0: the paper is shown whatever else speaks.
    """
    if at in reading.avoided:
        return [Part("avoided author", float(reading.odds[at]), reason.avoided(reading.avoided[at]))]
    if (negative := int(reading.verdict.negative[at])) >= 0:
        told = reason.unwanted(reading.wishes.unwanted[negative])
        return [Part("negative", float(reading.verdict.log_odds[at]), told)]
    parts = _weighed(reading, at)
    parts.sort(key=lambda part: -abs(part.log_odds))
    if at in reading.bylines:
        parts.insert(0, Part(AUTHOR, 0.0, reason.followed(reading.bylines[at])))
    return parts


def _weighed(reading: Reading, at: int) -> list[Part]:
    if not reading.has_wishes:
        return []
    interest = int(reading.verdict.interest[at])
    parts = reading.grounds.parts(at, interest, reading.interest(at), reading.titles)
    if not reading.grounds.judged.is_taught and reading.liked:
        beside = sum(part.log_odds for part in parts)
        by_likes = float(reading.taste.lift[at]) if interest >= 0 else float(reading.taste.alone[at]) - beside
        parts.append(Part("likes", by_likes, "like what you liked"))
    if reading.taste.penalty[at] > 0:
        parts.append(Part("dislikes", -float(reading.taste.penalty[at]), reason.disliked()))
    moved = float(reading.verdict.log_odds[at]) - sum(part.log_odds for part in parts)
    if reading.request.answers:
        parts.append(Part(ANSWERS, moved, "by your answers to earlier digests"))
    return [part for part in parts if abs(part.log_odds) >= _LEAST]
