"""How strongly a paper is about something that its reader does not want."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64
from rerank.evidence import SLOPE

# Between what is to stay and what is to go in most of the 54 cases in tests/fakes/negatives.py.
_BORDER = 0.25
_BORDER_ALONE = 0.45  # where likes speak for the paper and there is no interest to compare with
# Words speak from a BM25 share of .6 and no louder from 1.1 on: one mention in passing has some 1, a subject more.
# They never decide alone: .08 has to come from meaning. Counted in full up to a share of 1 (.25), 5 % of all papers
# that are no nearer to a negative than .3 were overruled, and 3 % so (54 negatives, 3 days of arXiv).
_SAID, _SUBJECT = 0.6, 1.1
_WORDS = 0.17


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
    said = np.clip((subjects.words - _SAID) / (_SUBJECT - _SAID), 0, 1)
    nearness = subjects.unwanted - explained + _WORDS * said
    return np.asarray(SLOPE * (nearness - borders), dtype=np.float32)
