"""Probabilities and the logarithms of their odds."""

from __future__ import annotations

import math


def log_odds(probability: float) -> float:
    """The logarithm of the odds of a probability that is neither 0 nor 1."""
    return math.log(probability / (1 - probability))


def probability(log_odds: float) -> float:
    """The logistic function, which takes that back."""
    return 1 / (1 + math.exp(-log_odds))
