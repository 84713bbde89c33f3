"""Papers from a metadata file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flows.wiring import Parts
from pipeline.batches import batched
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import ArxivId, Paper

_BATCH = 5000


def read_papers_file(path: Path) -> Iterator[tuple[Paper, date]]:
    """Papers and the day each was first listed, from JSON lines, plain or gzipped.

    Raises UsageError naming the line where one is not what is expected; nothing of the file is stored before that
    line's batch.
    """
    for number, record in read_json_lines(path):
        try:
            yield _paper(record), date.fromisoformat(record["first_listed"])
        except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
            what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise UsageError(
                f"{path}, line {number}: {what} (expected id, title, authors, abstract, categories, first_listed)"
            ) from None


def read_json_lines(path: Path) -> Iterator[tuple[int, Any]]:  # Any: JSON
    """Numbered JSON values, one a line. Raises NotFoundError or UsageError naming file and line."""
    if not path.is_file():
        raise NotFoundError(f"no file {path}")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        try:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _parse(path, number, line)
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise UsageError(f"{path} cannot be read: {error}") from error


def _parse(path: Path, number: int, line: str) -> Any:  # Any: JSON
    try:
        value = json.loads(line)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is JSON, but no text
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}, line {number}: not JSON: {error.msg}") from None
    except UnicodeEncodeError:
        raise UsageError(f"{path}, line {number}: holds half a character (a lone surrogate)") from None
    return value


def _paper(record: dict[str, Any]) -> Paper:  # Any: JSON
    categories = record.get("categories") or ()
    return Paper(
        id=ArxivId.parse(record["id"]).id,
        title=_line(record["title"]),
        authors=tuple(_line(name) for name in record["authors"]),
        abstract=_line(record["abstract"]),
        categories=tuple(categories.split() if isinstance(categories, str) else categories),
        comment=_line(record.get("comment") or ""),
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def store_papers(parts: Parts, papers: Iterable[tuple[Paper, date]]) -> int:
    """Stores papers in batches; one that is known from arXiv itself keeps what arXiv said. Returns how many are new."""
    stored = seen = 0
    for some in batched(papers, _BATCH):
        with parts.store.begin() as work:
            known = work.papers.known_ids([paper.id for paper, _ in some])
            fresh = {paper.id: (paper, day) for paper, day in some if paper.id not in known}
            for day in {day for _, day in fresh.values()}:
                work.papers.save((paper for paper, its_day in fresh.values() if its_day == day), day)
        stored += len(fresh)
        seen += len(some)
        parts.context.progress("store", seen, seen)
    return stored
