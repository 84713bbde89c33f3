"""Put together what speaks for and against every paper of a day, for one reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64
from rerank.taste import Taste

# A negative claims a paper where the paper is about it (log-odds above -1) and not much less so than about the interest
# (at most 3.5 below). On the cases in tests/unit/test_rerank_negatives.py the papers to drop have at least -0.3 and
# -2.8, those to keep at most -4.2 in the difference.
_NEAR = 1.0
_MARGIN = 3.5
_LIMIT = 20.0  # log-odds; beyond it nothing changes, and scores stay finite where nothing is known


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reader's view of a day, each of shape (papers,).

    `log_odds` is the judgement, -20 to 20; `interest` the row of the interest that speaks loudest, -1 where likes
    alone decide; `negative` the row of the negative that overrules it, -1 where none does.
    """

    log_odds: F32
    interest: I64
    negative: I64


def judge(wanted: F32, about: F32, unwanted: F32, taste: Taste) -> Verdict:
    """The best reason decides, never the average of several interests.

    `wanted` is the evidence for each interest, `about` the same by the abstract alone, `unwanted` the evidence for
    each negative by the abstract, all log-odds of shape (texts, papers). Likes lift what an interest wants, and can
    carry a paper alone. A negative that claims a paper caps its log-odds below 0, the lower the more it claims.
    """
    papers = taste.alone.shape[0]
    interest, odds, subject = _loudest(wanted, about, papers)
    odds = odds + taste.lift
    by_taste = taste.alone > odds
    odds = np.where(by_taste, taste.alone, odds) - taste.penalty
    subject = np.where(by_taste, taste.alone, subject)
    cap, negative = _cap(unwanted, subject)
    is_capped = cap < np.minimum(odds, 0)
    return Verdict(
        np.clip(np.minimum(odds, cap), -_LIMIT, _LIMIT).astype(np.float32),
        np.where(by_taste, -1, interest),
        np.where(is_capped, negative, -1),
    )


def _loudest(wanted: F32, about: F32, papers: int) -> tuple[I64, F32, F32]:
    if not wanted.shape[0]:
        nothing = np.full(papers, -np.inf, dtype=np.float32)
        return np.full(papers, -1, dtype=np.int64), nothing, nothing
    interest, columns = wanted.argmax(axis=0), np.arange(papers)
    return interest, wanted[interest, columns], about[interest, columns]


def _cap(unwanted: F32, subject: F32) -> tuple[F32, I64]:
    """What the log-odds may at most be, and whose doing that is."""
    if not unwanted.shape[0]:
        return np.full(subject.shape, np.inf, dtype=np.float32), np.full(subject.shape, -1, dtype=np.int64)
    claims = np.minimum(unwanted + _NEAR, unwanted - np.where(np.isfinite(subject), subject, 0) + _MARGIN)
    return -claims.max(axis=0), claims.argmax(axis=0)
