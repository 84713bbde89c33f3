"""What a reader's own answers say of how sure we may be: their probabilities, starting from everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import F32

# How far readers differ from the shared fit, in log-odds and in the logarithm of the slope: chosen, not fitted, as no
# reader's answers are at hand. Ten papers liked at a chance of .88 shift the line by .3.
_SHIFT, _SLOPE = 0.7, 0.3
_PRECISION = np.asarray([_SHIFT**-2, _SLOPE**-2])
_ROUNDS = 25
_ENOUGH = 1e-9
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
    newest = answers[-_MOST:]
    told = _Answers(np.asarray([one for one, _ in newest], np.float64), np.asarray([one for _, one in newest], float))
    at = np.zeros(2)
    for _ in range(_ROUNDS):
        step = told.step(at)
        # Where answers contradict the odds a whole step can lead too far, and back, for ever.
        while told.surprise(at - step) > told.surprise(at) and np.abs(step).max() > _ENOUGH:
            step = step / 2
        at = at - step
    return Calibration(float(np.exp(at[1])), float(at[0]))


@dataclass(frozen=True, slots=True)
class _Answers:
    """Log-odds of answered papers, and 1 for the wanted ones; a line is told as (shift, logarithm of its slope)."""

    odds: NDArray[np.float64]
    wanted: NDArray[np.float64]

    def surprise(self, at: NDArray[np.float64]) -> float:
        """What the most probable line makes least: minus the logarithm of its probability, but for a constant."""
        meant = np.exp(at[1]) * self.odds + at[0]
        return float((np.logaddexp(0, meant) - self.wanted * meant).sum() + (_PRECISION * at**2).sum() / 2)

    def step(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """What Newton's method subtracts, by the Gauss-Newton curvature: always positive, so it points downhill."""
        scaled = np.exp(at[1]) * self.odds
        expected = 1 / (1 + np.exp(-(scaled + at[0])))
        inner = np.stack([np.ones_like(scaled), scaled])
        gradient = inner @ (expected - self.wanted) + _PRECISION * at
        curvature = (inner * (expected * (1 - expected))) @ inner.T + np.diag(_PRECISION)
        step: NDArray[np.float64] = np.linalg.solve(curvature, gradient)
        return step / max(1.0, float(np.abs(step).max()))
