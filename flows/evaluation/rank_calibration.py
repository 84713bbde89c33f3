"""Whether the probabilities come true: what is promised of a paper, beside how often such papers were kept.

A curated list is an incomplete label: its keeper did not see every paper of a day and kept few of those worth keeping.
So the share kept is a lower bound of the share worth a reader's time. If what is worth it is kept with the same chance
c whatever it is (Elkan and Noto, KDD 2008), the share kept is c times the share worth it: each reader's c is taken to
be what was kept over what was promised in all, and figures "/ c" are of the share kept divided by it. They say whether
probabilities are right towards each other, and cannot say whether all of them are too high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flows.evaluation.rank_ours import rank_all
from flows.evaluation.rank_quality import Material
from flows.evaluation.rank_rows import RankRow
from flows.evaluation.rank_scores import F64, interval
from flows.evaluation.rank_sets import KnownReader
from pipeline.ports import Ranker
from pipeline.selection import Selection
from pipeline.stages import Progress
from pipeline.subscriber import Volume

BINS = 10
_NOTHING = 1e-9  # where nobody is promised anything
_HEAD = 20  # papers of a day: nearly all others are nearly impossible, and make any error look small
PROMISED, KEPT, WORTH, ERROR = "promised", "kept", "kept / c", "ECE"


@dataclass(frozen=True, slots=True)
class Told:
    """What was promised of some papers of one reader, and which of them were kept, over so many days.

    `is_head` are the best of each day.
    """

    promised: F64
    kept: F64
    is_head: NDArray[np.bool_]
    days: int

    @property
    def worth(self) -> F64:
        """What was kept, scaled up to what was promised in all."""
        return np.asarray(self.kept * (self.promised.sum() / max(self.kept.sum(), 1.0)), np.float64)


def tell(ranker: Ranker, material: Material, readers: Sequence[KnownReader], progress: Progress) -> dict[str, Told]:
    """Every probability of every judged day with labels, by reader."""
    found: dict[str, list[list[tuple[float, bool, bool]]]] = defaultdict(list)
    total, done = sum(len(reader.judged) for reader in readers), 0
    for reader in readers:
        asked = material.asked(reader)
        for judged in (one for one in reader.judged if not one.is_rated):
            progress("calibrate", done, total)
            (ranking,) = rank_all(ranker, [asked], material.papers(judged.candidates))
            best_first = enumerate(sorted(ranking, key=lambda ranked: -ranked.score))
            day = [
                (one.probability, judged.grades.get(one.paper_id, 0) > 0, place < _HEAD) for place, one in best_first
            ]
            found[reader.name].append(day)
            done += 1
    progress("calibrate", total, total)
    return {name: _told(days) for name, days in found.items()}


def _told(days: Sequence[Sequence[tuple[float, bool, bool]]]) -> Told:
    promised, kept, is_head = zip(*(paper for day in days for paper in day), strict=True)
    return Told(np.asarray(promised), np.asarray(kept, np.float64), np.asarray(is_head), len(days))


def calibration_rows(method: str, told: dict[str, Told]) -> Iterator[RankRow]:
    """The bins of all readers together, the error, and what the three gates let through; nothing without labels."""
    if not told:
        return
    promised = np.concatenate([one.promised for one in told.values()])
    kept = np.concatenate([one.kept for one in told.values()])
    worth = np.concatenate([one.worth for one in told.values()])
    head = np.concatenate([one.is_head for one in told.values()])
    scaled_up = reliability(promised, worth)
    for number, (mean, share, count) in reliability(promised, kept).items():
        name = f"calibration, {number / BINS:.1f} to {(number + 1) / BINS:.1f}"
        yield RankRow.plain(name, method, PROMISED, mean, count)
        yield RankRow.plain(name, method, KEPT, share, count)
        yield RankRow.plain(name, method, WORTH, scaled_up[number][1], count)
    name = "calibration"
    yield RankRow.plain(name, method, f"{ERROR}, all papers", expected_error(promised, kept), len(promised))
    in_head = expected_error(promised[head], kept[head])
    yield RankRow.plain(name, method, f"{ERROR}, best {_HEAD} of a day", in_head, int(head.sum()))
    yield RankRow.plain(name, method, f"{ERROR} / c, all papers", expected_error(promised, worth), len(promised))
    each = interval([expected_error(one.promised, one.kept) for one in told.values()])
    yield RankRow.of(name, method, f"{ERROR}, mean over readers", each)
    yield RankRow.plain(name, method, PROMISED, float(promised.mean()), len(promised))
    yield RankRow.plain(name, method, KEPT, float(kept.mean()), len(kept))
    yield RankRow.plain(name, method, "c", float(kept.sum() / max(promised.sum(), _NOTHING)), len(kept))
    yield from _gates(method, told)


def reliability(promised: F64, kept: F64) -> dict[int, tuple[float, float, int]]:
    """By tenth of the probability: the mean promised, the share kept, and how many papers; empty tenths left out."""
    bins = np.minimum((promised * BINS).astype(np.int64), BINS - 1)
    found = {}
    for number in np.unique(bins).tolist():
        some = bins == number
        found[number] = (float(promised[some].mean()), float(kept[some].mean()), int(some.sum()))
    return found


def expected_error(promised: F64, kept: F64) -> float:
    """The expected calibration error over ten equal bins (Naeini, Cooper and Hauskrecht, AAAI 2015)."""
    return sum(abs(mean - share) * count / len(promised) for mean, share, count in reliability(promised, kept).values())


def _gates(method: str, told: dict[str, Told]) -> Iterator[RankRow]:
    """What of the papers above a gate was kept, how much of what was kept stood above it, and how many a day."""
    promised, kept, worth = (
        np.concatenate([getattr(one, name) for one in told.values()]) for name in ("promised", "kept", "worth")
    )
    days = sum(one.days for one in told.values())
    for volume in Volume:
        gate = Selection().gate(volume)
        name, passed = f"worth your time, {volume.value} ({gate:.2f})", promised >= gate
        count = int(passed.sum())
        yield RankRow.plain(name, method, "precision", float(kept[passed].mean()) if count else 0.0, count)
        yield RankRow.plain(name, method, "precision / c", float(worth[passed].mean()) if count else 0.0, count)
        yield RankRow.plain(name, method, "recall", float(kept[passed].sum() / max(kept.sum(), 1)), count)
        yield RankRow.plain(name, method, "papers a day", count / days, count)
