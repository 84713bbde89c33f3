"""What an endpoint answers, as scores: nothing of it is believed before it was looked at."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipeline.errors import RerankError
from pipeline.ports import F32

_LISTS = ("results", "data")  # Cohere's name, which Jina, vLLM and TEI's router share, and Voyage's
_SCORES = ("relevance_score", "score")


def read_scores(answer: Any, count: int) -> F32:  # Any: JSON
    """Scores of `count` documents in their order, whatever the order of the results.

    Documents without a result, or with a score that is no finite number, share the lowest score given: endpoints leave
    out what they find worst. Raises RerankError where that is half of them or more, or the results do not fit.
    """
    scores = np.full(count, np.nan, np.float32)
    for result in _results(answer):
        place, score = _read(result, count)
        if not np.isnan(scores[place]):
            raise RerankError(f"the reranker answered twice for document {place}")
        scores[place] = score
    missing = np.isnan(scores)
    if missing.sum() * 2 >= count:
        raise RerankError(f"the reranker scored only {count - missing.sum()} of {count} documents")
    scores[missing] = scores[~missing].min()
    return scores


def _results(answer: Any) -> list[Any]:
    found = next((answer[name] for name in _LISTS if name in answer), None) if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise RerankError("the reranker's answer holds no list of results")
    return found


def _read(result: Any, count: int) -> tuple[int, float]:
    """The place of a document and its score, NaN where that is no finite number."""
    place = result.get("index") if isinstance(result, dict) else None
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < count:
        raise RerankError(f"the reranker answered for document {place!r:.50} of {count}")
    score = next((result[name] for name in _SCORES if name in result), None)
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return place, _finite(score) if is_number else math.nan


def _finite(score: Any) -> float:
    try:
        value = float(np.float32(score))
    except OverflowError:
        return math.nan
    return value if math.isfinite(value) else math.nan
