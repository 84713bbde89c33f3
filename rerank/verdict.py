"""Put together what speaks for and against every paper of a day, for one reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64
from rerank.calibration import USUAL, Calibration
from rerank.objections import Subjects, objections
from rerank.taste import Taste

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


def judge(wanted: F32, subjects: Subjects, taste: Taste, calibration: Calibration = USUAL) -> Verdict:
    """The best reason decides, never the average of several interests; `wanted` is of shape (interests, papers).

    Likes lift what an interest wants, and can carry a paper alone. What a reader's answers made of such odds is applied
    to all of that. A negative that a paper is about caps its log-odds below 0, the lower the more it is about it;
    elsewhere it changes nothing.
    """
    interest, odds = _loudest(wanted, taste.alone.shape[0])
    odds = odds + taste.lift
    interest = np.where(taste.alone > odds, -1, interest)
    odds = calibration.apply(np.maximum(odds, taste.alone) - taste.penalty)
    negative = np.full(interest.shape, -1, dtype=np.int64)
    if subjects.unwanted.shape[0]:
        against = objections(subjects, interest)
        loudest = against.max(axis=0)
        is_overruled = (loudest > 0) & (-loudest < odds)
        negative = np.where(is_overruled, against.argmax(axis=0), negative)
        odds = np.where(is_overruled, -loudest, odds)
    return Verdict(np.clip(odds, -_LIMIT, _LIMIT).astype(np.float32), interest, negative)


def _loudest(wanted: F32, papers: int) -> tuple[I64, F32]:
    if not wanted.shape[0]:
        return np.full(papers, -1, dtype=np.int64), np.full(papers, -np.inf, dtype=np.float32)
    return wanted.argmax(axis=0), wanted.max(axis=0)
