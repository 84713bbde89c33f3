"""Search results and files of queries as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.loading import read_json_lines
from pipeline.digest import Passage, Ranked
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from index import Evidence, Hit

_WIDEST_QUOTE = 300


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
        "passages": [_quoted_json(passage, evidence) for passage, evidence in hit.quoted],
        "why": hit.why,
        "also": list(hit.also),
        "withdrawn": hit.is_withdrawn,
    }


def _quoted_json(passage: Passage, evidence: Evidence) -> dict[str, Any]:  # Any: JSON
    """A passage, the sentence of it that answers, and the query's words it has."""
    sentence = evidence.sentence
    return (passage_json(passage) or {}) | {
        "sentence": passage.text[sentence[0] : sentence[1]] if sentence else None,
        "words": list(evidence.words),
    }


def hit_text(hit: dict[str, Any]) -> str:  # Any: JSON
    """One paper found, for a terminal: what `hit_json` made of it."""
    best = hit["passages"][0]
    marks = ["withdrawn"] if hit["withdrawn"] else []
    marks += ["also " + ", ".join(hit["also"])] if hit["also"] else []
    where = " · ".join(filter(None, [best["section"], f"page {best['page']}" if best["page"] else ""]))
    return "\n".join(
        [
            f"{hit['score']:.2f}  {hit['id']}  {hit['title']}" + (f"  [{'; '.join(marks)}]" if marks else ""),
            f"      {where}: {textwrap.shorten(best['sentence'] or best['text'], _WIDEST_QUOTE, placeholder=' …')}",
            f"      {hit['why']}\n",
        ]
    )


def ranked_json(ranked: Ranked) -> dict[str, Any]:  # Any: JSON
    """One recommended paper and why."""
    return {
        "id": ranked.paper_id,
        "score": ranked.score,
        "probability": ranked.probability,
        "why": ranked.why,
        "passage": passage_json(ranked.passage),
        "interest": ranked.interest,
        "place": ranked.place,
        "is_exploration": ranked.is_exploration,
        "parts": [{"name": one.name, "log_odds": one.log_odds, "words": one.words} for one in ranked.parts],
        "like": list(ranked.like),
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
