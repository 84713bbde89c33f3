"""How strongly a paper is about something that its reader does not want."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64
from rerank.evidence import LEXICAL, SLOPE

# Between what is to stay (.15 at most) and what is to go (.34 at least) on the cases in tests/fakes/negatives.py.
_BORDER = 0.25
_BORDER_ALONE = 0.5  # where likes speak for the paper and there is no interest to compare with


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a day's abstracts are about, for one reader, float32.

    `wanted` and `unwanted` are cosines with interests and negatives, of shape (texts, papers); `between` the cosines
    of negatives with interests; `words` the BM25 shares of those words of the negatives that no interest holds too,
    (negatives, papers). Abstracts alone: a paper is not about everything that it mentions.
    """

    wanted: F32
    unwanted: F32
    between: F32
    words: F32


def objections(subjects: Subjects, interest: I64) -> F32:
    """Log-odds of shape (negatives, papers), above 0 where a negative overrules; `interest` as in `Verdict`.

    A negative is a part of a topic more often than another topic ("speech translation" within machine translation), so
    all papers of the topic are near to it. What counts is how much nearer a paper is than its nearness to the interest
    alone explains: cos(n, p) - cos(n, i) cos(i, p).
    """
    has_interest = interest >= 0
    if subjects.wanted.shape[0]:
        columns = np.arange(len(interest))
        explained = subjects.between[:, interest] * np.where(has_interest, subjects.wanted[interest, columns], 0)
    else:
        explained = np.zeros_like(subjects.unwanted)
    borders = np.where(has_interest, _BORDER, _BORDER_ALONE)
    nearness = subjects.unwanted - explained + LEXICAL * np.minimum(subjects.words, 1)
    return np.asarray(SLOPE * (nearness - borders), dtype=np.float32)
