"""A made stream of listings, and a list that keeps one topic of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FIRST = date(2026, 1, 5)
DAYS, A_DAY = 30, 32
_TOPICS = ("graphs", "proteins", "diffusion", "speech")


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(map(json.dumps, lines))
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def stream() -> list[dict[str, Any]]:
    """32 papers on each of 30 days in a row, four topics in turn; `D-N` is the Nth of day D."""
    return [
        {
            "id": f"{day:02}-{number:02}",
            "title": f"{topic} of kind {number}",
            "authors": ["Ada Lind"],
            "abstract": f"A study of {topic}, of {topic} methods and item{number} of day{day}.",
            "categories": None,
            "first_listed": (FIRST + timedelta(days=day)).isoformat(),
        }
        for day in range(DAYS)
        for number in range(A_DAY)
        for topic in [_TOPICS[number % len(_TOPICS)]]
    ]


def a_list(name: str, topic: int, *, days: int = 24, **more: Any) -> dict[str, Any]:
    """Keeps two papers of one topic on each of the first days, on the day after."""
    saves = [
        {"id": f"{day:02}-{number:02}", "added": f"{FIRST + timedelta(days=day + 1)}T09:00:00+02:00"}
        for day in range(days)
        for number in (topic, topic + len(_TOPICS))
    ]
    return {"list": name, "saves": saves, **more}


def write_lists(folder: Path, *lists: dict[str, Any]) -> Path:
    """The lists, with the stream where the command looks for it."""
    write_lines(folder / "stream/papers.jsonl.gz", stream())
    return write_lines(folder / "personas/lists.jsonl.gz", lists)
