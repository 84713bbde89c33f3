"""How much of a ranking goes into a digest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.odds import log_odds, probability
from pipeline.subscriber import Volume

# Log-odds. With a gate of one half: few asks for odds of 3 to 1, many is content with 1 to 3.
_SHIFTS = {Volume.FEW: math.log(3), Volume.NORMAL: 0.0, Volume.MANY: -math.log(3)}


@dataclass(frozen=True, slots=True)
class Selection:
    """The most papers a digest holds, and how likely each must be worth its reader's time, 0 to 1."""

    max_items: int = 12
    min_probability: float = 0.5

    def gate(self, volume: Volume) -> float:
        """The probability from which a paper is recommended to somebody who wants few, normal or many."""
        if not 0 < self.min_probability < 1:
            return self.min_probability
        return probability(log_odds(self.min_probability) + _SHIFTS[volume])
