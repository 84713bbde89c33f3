"""Texts that read like abstracts, made from a seed: what is measured without any data at hand."""

from __future__ import annotations

import random

_WHO = (
    "We",
    "This paper",
    "Our analysis",
    "The proposed method",
    "A simple baseline",
    "Recent work",
    "The second experiment",
)
_DOES = (
    "studies",
    "bounds",
    "extends",
    "compares",
    "refutes",
    "generalises",
    "approximates",
    "reproduces",
    "simplifies",
    "quantifies",
)
_WHAT = (
    "the sample complexity of offline policies",
    "contrastive pretraining on citation graphs",
    "sparse retrieval over long documents",
    "the spectral gap of random regular graphs",
    "low-rank adaptation of multilingual encoders",
    "Bayesian calibration of climate emulators",
    "equivariant message passing for molecules",
    "quantisation of 7B-parameter transformers",
    "privacy leakage in federated averaging",
    "the stability of finite-volume schemes",
)
_HOW = (
    "under a fixed compute budget",
    "with $O(n \\log n)$ memory",
    "on four public benchmarks",
    "without any labelled data",
    "by a two-stage estimator",
    "in the over-parameterised regime",
    "despite heavy-tailed noise",
    "using only 1,024 samples",
    "at 95.3% of the cost",
    "for every $\\varepsilon > 0$",
)


def make_texts(count: int, seed: int = 0) -> list[str]:
    """So many texts of 3 to 15 sentences, about 200 tokens in the mean; the same seed makes the same texts."""
    dice = random.Random(seed)  # noqa: S311  (nothing secret is drawn)
    return [" ".join(_sentence(dice) for _ in range(dice.randint(3, 15))) for _ in range(count)]


def _sentence(dice: random.Random) -> str:
    who, does, what, how = (dice.choice(words) for words in (_WHO, _DOES, _WHAT, _HOW))
    return f"{who} {does} {what} and {dice.choice(_WHAT)} {how}."
