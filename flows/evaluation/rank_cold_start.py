"""How a ranking grows with what a reader tells: from no like to twenty, with and without an interest in plain words."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from flows.evaluation.rank_methods import Asked
from flows.evaluation.rank_ours import OURS, rank_all
from flows.evaluation.rank_quality import Material
from flows.evaluation.rank_rows import RankRow
from flows.evaluation.rank_scores import interval, measures
from flows.evaluation.rank_sets import KnownReader, evenly
from pipeline.ports import Ranker
from pipeline.stages import Progress
from pipeline.subscriber import Interest

LIKES = (0, 1, 3, 5, 10, 20)
DATASET = "cold start"
_DRAWS = 4  # of likes; a draw's first likes are in all its larger ones, as with a reader who goes on liking
_DAYS = 12  # of a reader: every one is ranked for 44 profiles


@dataclass(frozen=True, slots=True)
class _Start:
    """One profile of a reader's beginnings."""

    likes: int
    has_interest: bool
    asked: Asked


def cold_start_rows(
    ranker: Ranker,
    material: Material,
    readers: Sequence[KnownReader],
    interests: Mapping[str, Sequence[str]],
    progress: Progress,
) -> Iterator[RankRow]:
    """A row for each number of likes and metric; with an interest only for readers of whom one is known.

    Ratings are left out.
    """
    found: dict[tuple[int, bool, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    chosen = [(one, evenly([judged for judged in one.judged if not judged.is_rated], _DAYS)) for one in readers]
    total, done = sum(len(days) for _, days in chosen), 0
    for reader, days in chosen:
        starts = list(_starts(material.asked(reader), interests.get(reader.name, ())))
        for judged in days:
            progress("cold start", done, total)
            papers = material.papers(judged.candidates)
            rankings = rank_all(ranker, [start.asked for start in starts], papers)
            for start, ranking in zip(starts, rankings, strict=True):
                scores = {one.paper_id: one.score for one in ranking}
                values = measures(judged, [scores[one] for one in judged.candidates])
                for metric, value in values.items():
                    found[start.likes, start.has_interest, metric][reader.name].append(value)
            done += 1
    progress("cold start", total, total)
    for (likes, has_interest, metric), by_reader in sorted(found.items(), key=lambda one: (one[0][1], one[0][0])):
        method = f"{OURS} + interest" if has_interest else OURS
        found_by = interval([fmean(each) for each in by_reader.values()])
        yield RankRow.of(f"{DATASET}, {likes} likes", method, metric, found_by)


def _starts(asked: Asked, interests: Sequence[str]) -> Iterator[_Start]:
    known = {paper.paper.id: paper for paper in asked.liked}
    said = tuple(Interest(text) for text in interests)
    for draw in range(_DRAWS):
        order = list(known)
        random.Random(f"{asked.name} {draw}").shuffle(order)  # noqa: S311  (to be repeatable, not secret)
        for count in LIKES:
            if count > len(order) or (draw and not count):
                continue  # nothing is drawn where there are no likes
            liked = tuple(sorted(order[:count], key=list(known).index))
            alone = replace(asked.profile, likes=liked, saves=(), interests=())
            start = replace(asked, profile=alone, liked=tuple(known[one] for one in liked))
            yield _Start(count, has_interest=False, asked=start)
            if said:
                yield _Start(count, has_interest=True, asked=replace(start, profile=replace(alone, interests=said)))
