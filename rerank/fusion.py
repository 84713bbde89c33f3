"""From what interests and likes say of a paper to one judgement, in log-odds.

    likes k of an interest:  e / (1 + 0.4 k)  +  0.48 k / (k + 0.9) s  -  5.5 k / (k + 2.5)
    likes k alone:                               0.49 s                -  4.8 - 0.4 ln k

`e` is the interest's evidence (`rerank.evidence`), `s` the strength of the likes (`rerank.likings`). Fitted in
November 2026 on eleven curated lists with 1, 3, 5, 10, 20 and all likes from before a day and a plain-words interest
read off each list's name: the model of a save is c / (1 + exp(-log-odds)), where c, about .43, is the share of the
papers worth keeping that a list's keeper really kept (Elkan and Noto, doi:10.1145/1401890.1401920). The slope of `s`
came out at .44 to .53 for every number of likes, which is why one line serves all.

Where the lines differ from the fit, it is for those who say more than a list's name: an interest without likes keeps
the scale of `rerank.evidence`, so a first like does not empty a digest. That scale is generous (one in nine of the
papers it passes was saved, of those that likes pass one in four), so an interest that none of many likes shows has to
match better: by 2.5 K / (K + 10) where K papers are liked.
"""

from __future__ import annotations

import math

import numpy as np

from pipeline.ports import F32
from rerank.likings import Liking

_FADING = 0.4
_SLOPE, _SLOW = 0.48, 0.9
_DEMAND, _PATIENCE = 5.5, 2.5
_UNSHOWN, _UNSHOWN_SLOW = 2.5, 10.0
_ALONE = 0.49
_BORDER, _BORDER_BY_LIKES = 4.8, 0.4


def weight_of_interest(likes: int) -> float:
    """What remains of the evidence in plain words beside so many likes."""
    return 1 / (1 + _FADING * likes)


def weight_of_likes(likes: int, *, has_interest: bool) -> float:
    """Log-odds that a unit of strength is worth."""
    return _SLOPE * likes / (likes + _SLOW) if has_interest else _ALONE


def border(likes: int) -> float:
    """Log-odds by likes alone of a paper of which nothing in particular is known; below 0."""
    return -_BORDER - _BORDER_BY_LIKES * math.log(likes)


def border_of_interest(likes: int, of_all: int) -> float:
    """The same by an interest that `likes` of `of_all` liked papers show; 0 or below."""
    return min(-_DEMAND * likes / (likes + _PATIENCE), -_UNSHOWN * of_all / (of_all + _UNSHOWN_SLOW))


def with_interest(evidence: F32, liking: Liking | None, of_all: int) -> F32:
    """Log-odds of each paper by an interest and the likes, out of all the reader's, that show what is meant by it."""
    likes = liking.likes if liking else 0
    told = weight_of_interest(likes) * evidence + border_of_interest(likes, of_all)
    if liking:
        told = told + weight_of_likes(likes, has_interest=True) * liking.strength
    return np.asarray(told, np.float32)


def alone(liking: Liking) -> F32:
    """Log-odds of each paper by likes without an interest."""
    told = weight_of_likes(liking.likes, has_interest=False) * liking.strength
    return np.asarray(told + border(liking.likes), np.float32)
