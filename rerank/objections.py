"""How strongly a paper is about something that its reader does not want."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64
from rerank.evidence import SLOPE

# Between what is to stay and what is to go in 52 of the 54 cases in tests/fakes/negatives.py.
_BORDER = 0.25
_BORDER_ALONE = 0.45  # where likes speak for the paper and there is no interest to compare with
# A title that names it, or words from a BM25 share of .9 (one mention has some 1, several 1.4) and no louder from 1.3
# on. Neither decides alone: .08 has to come from meaning.
_SAID, _SUBJECT = 0.9, 1.3
_WORDS = 0.17


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a day's abstracts are about, for one reader, float32.

    `wanted` and `unwanted` are cosines with interests and negatives, of shape (texts, papers); `between` the cosines
    of negatives with interests; `words` the BM25 shares of those words of the negatives that no interest holds too,
    (negatives, papers), and `titles` the same of titles alone. Abstracts alone: a paper is not about everything that it
    mentions.
    """

    wanted: F32
    unwanted: F32
    between: F32
    words: F32
    titles: F32


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
    said = np.maximum(said, np.minimum(subjects.titles, 1))
    nearness = subjects.unwanted - explained + _WORDS * said
    return np.asarray(SLOPE * (nearness - borders), dtype=np.float32)
