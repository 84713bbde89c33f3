"""What a reader's own answers say of how sure we may be: their probabilities, starting from everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32

# How far readers differ from the shared fit, in log-odds and in the logarithm of the slope: chosen, not fitted, as no
# reader's answers are at hand. Ten papers liked at a chance of .88 move the border by .4.
_SHIFT, _SLOPE = 0.7, 0.3
_ROUNDS = 25
_MOST = 500  # the newest answers


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reader's own line: log-odds become `slope` times log-odds plus `shift`."""

    slope: float = 1.0
    shift: float = 0.0

    def apply(self, log_odds: F32) -> F32:
        """Log-odds as this reader means them."""
        return np.asarray(self.slope * log_odds + self.shift, np.float32)


USUAL = Calibration()


def calibrate(answers: Sequence[tuple[float, bool]]) -> Calibration:
    """Platt's scaling (1999) with a prior at the shared fit, which few answers hardly move and many do.

    `answers` are log-odds before calibration with whether the paper was wanted. The most probable line, by Newton's
    method in (shift, logarithm of the slope).
    """
    if not answers:
        return USUAL
    odds = np.asarray([one for one, _ in answers[-_MOST:]], np.float64)
    wanted = np.asarray([one for _, one in answers[-_MOST:]], np.float64)
    at = np.zeros(2)
    precision = np.diag([_SHIFT**-2, _SLOPE**-2])
    for _ in range(_ROUNDS):
        slope = np.exp(at[1])
        expected = 1 / (1 + np.exp(-(slope * odds + at[0])))
        inner = np.stack([np.ones_like(odds), slope * odds])
        gradient = inner @ (expected - wanted) + precision @ at
        # The Gauss-Newton curvature: always positive, so that every step goes down.
        curvature = (inner * (expected * (1 - expected))) @ inner.T + precision
        step = np.linalg.solve(curvature, gradient)
        at = at - step / max(1.0, float(np.abs(step).max()))
    return Calibration(float(np.exp(at[1])), float(at[0]))
