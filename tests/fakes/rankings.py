"""Rankings decided by the test: rankers that answer what they are told, and papers at chosen angles to each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from pipeline.digest import Part, Ranked
from pipeline.document import Chunk
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, RankRequest
from tests.fakes.papers import make_paper


def make_ranked(paper_id: str, probability: float = 0.9, interest: str = "", **changes: object) -> Ranked:
    """A paper whose score is the log-odds of its probability."""
    score = math.log(probability / (1 - probability))
    return replace(Ranked(paper_id, score, probability, "Because.", interest), **changes)  # type: ignore[arg-type]  # named by the test


class FixedRanker:
    """Gives every request the same ranking, best first, of what is eligible; keeps the requests it was asked."""

    def __init__(self, *ranking: Ranked) -> None:
        self._ranking = sorted(ranking, key=lambda one: (-one.score, one.paper_id))
        self.asked: list[RankRequest] = []

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        del archive
        self.asked += requests
        known = {one.paper.id for one in candidates}
        return [[one for one in self._ranking if one.paper_id in request.eligible & known] for request in requests]


def at_angles(degrees: Mapping[str, float], **changes: object) -> list[Candidate]:
    """Papers by these ids whose abstracts' vectors stand at these angles in a plane; titles are of words alone."""
    return [_at_angle(paper_id, number, angle, changes) for number, (paper_id, angle) in enumerate(degrees.items())]


def _at_angle(paper_id: str, number: int, angle: float, changes: Mapping[str, object]) -> Candidate:
    word = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
    fields = {"title": f"{word}one {word}two {word}three", "authors": (f"Ada {word}lind",), **changes}
    vector = np.asarray([[math.cos(math.radians(angle)), math.sin(math.radians(angle))]], np.float32)
    return Candidate(make_paper(paper_id, **fields), (Chunk(paper_id, 1, 0, "Abstract", 0, "x", None, 1),), vector)


class TitleRanker:
    """A paper whose title holds an interest is .9 likely, one that holds a liked paper's first word .6, others .1.

    A negative in the title leaves .1 and says so in the parts. Keeps the requests it was asked, call by call.
    """

    def __init__(self) -> None:
        self.calls: list[list[RankRequest]] = []

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        del archive
        self.calls.append(list(requests))
        return [
            sorted(self._ranked(request, candidates), key=lambda one: (-one.score, one.paper_id))
            for request in requests
        ]

    def _ranked(self, request: RankRequest, candidates: Sequence[Candidate]) -> Iterator[Ranked]:
        liked = {one.paper.title.split()[0] for one in request.liked}
        for paper in (one.paper for one in candidates if one.paper.id in request.eligible):
            matched = [interest.text for interest in request.profile.interests if interest.text in paper.title]
            likely = 0.9 if matched else 0.6 if liked & set(paper.title.split()) else 0.1
            against = [text for text in request.profile.negatives if text in paper.title]
            parts = tuple(Part("negative", -3.0, f'is about "{text}"') for text in against)
            yield make_ranked(paper.id, 0.1 if against else likely, "".join(matched[:1]), parts=parts)
