"""One paper from just below the gate, now and then, to learn from: an answer to it moves the border most.

Whatever a reader taps on was shown to them, so without this nothing below the gate would ever be learned about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import numpy as np

from pipeline.digest import Ranked
from pipeline.odds import log_odds, probability
from pipeline.ports import F32, RankRequest
from pipeline.standing import overruling_part
from rerank.chance import is_its_turn
from rerank.wishes import read_wishes

# Odds of a paper compared with those of the gate. With half of them or more its chance is within .17 of the gate's, and
# showing it costs little whatever it turns out to be; with a fifth of them or less nothing is explored.
_NEAR = math.log(2)
_FAR = math.log(5)
_ONE_IN = 5  # digests without a paper near the border
_MOST_WEIGHED = 50


@dataclass(frozen=True, slots=True)
class Border:
    """Papers below a gate, best first, with how far below they stand in log-odds (> 0)."""

    papers: tuple[Ranked, ...]
    gaps: tuple[float, ...]


def border(ranking: Iterable[Ranked], request: RankRequest) -> Border:
    """The papers of a ranking that stand near enough below the gate, and that nothing the reader said overrules.

    Rankers tell the parts of a judgement for the head alone: for a reader with negatives a paper without parts may be
    overruled, and is left out.
    """
    if not 0 < request.gate < 1:
        return Border((), ())
    asked = log_odds(request.gate)
    lowest = probability(asked - _FAR)
    below = (one for one in ranking if lowest < one.probability < request.gate)
    is_picky = bool(read_wishes(request.profile).unwanted)
    free = (one for one in below if overruling_part(one) is None and (one.parts or not is_picky))
    near = tuple(islice(free, _MOST_WEIGHED))
    return Border(near, tuple(asked - log_odds(one.probability) for one in near))


def pick(found: Border, familiarity: F32, request: RankRequest) -> Ranked | None:
    """The paper to learn from, or None on a day without one.

    `familiarity` is each paper's likeness, 0 to 1, to what the reader has judged or is about to be shown. The nearer to
    the gate the less certain; the less familiar the more is learned.
    """
    if not found.papers or (min(found.gaps) > _NEAR and not is_its_turn(request, "exploration", _ONE_IN)):
        return None
    worth = (1 - np.asarray(found.gaps) / _FAR) * (1 - np.clip(familiarity, 0, 1))
    best = int(worth.argmax())
    return found.papers[best] if worth[best] > 0 else None
