"""Search results and files of queries as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.loading import read_json_lines
from pipeline.digest import Passage, Ranked
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from index import Hit


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of each line. Raises UsageError naming a line that has not both."""
    for number, record in read_json_lines(path):
        if not isinstance(record, dict) or "id" not in record or not isinstance(record.get("text"), str):
            raise UsageError(f'{path}, line {number}: expected {{"id": ..., "text": "..."}}')
        yield str(record["id"]), record["text"]


def hit_json(hit: Hit) -> dict[str, Any]:  # Any: JSON
    """One paper found."""
    return {
        "id": hit.paper_id,
        "title": hit.title,
        "score": round(hit.score, 6),
        "passages": [passage_json(passage) for passage in hit.passages],
        "why": hit.why,
    }


def ranked_json(ranked: Ranked) -> dict[str, Any]:  # Any: JSON
    """One recommended paper and why."""
    return {
        "id": ranked.paper_id,
        "score": ranked.score,
        "probability": ranked.probability,
        "why": ranked.why,
        "passage": passage_json(ranked.passage),
    }


def passage_json(passage: Passage | None) -> dict[str, Any] | None:  # Any: JSON
    """One quoted passage."""
    if passage is None:
        return None
    box = passage.box
    return {
        "text": passage.text,
        "page": passage.page,
        "box": None if box is None else [box.left, box.top, box.right, box.bottom],
        "section": passage.section,
    }
