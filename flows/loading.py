"""Papers from a metadata file."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.wiring import Parts
from pipeline.batches import batched
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import ArxivId, Paper

_BATCH = 5000
_CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")
_SPACE, _DELETE = 0x20, 0x7F


def read_papers_file(path: Path) -> Iterator[tuple[Paper, date]]:
    """Papers and the day each was first listed, from JSON lines, plain or gzipped.

    Raises UsageError naming the line where one is not what is expected; nothing of the file is stored before that
    line's batch.
    """
    for number, record in read_json_lines(path):
        try:
            yield _paper(record)
        except (ValueError, UsageError) as error:  # pydantic's ValidationError is a ValueError
            raise UsageError(
                f"{path}, line {number}: {_explain(error)} "
                "(expected id, title, authors, abstract, categories, first_listed)"
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
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
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


class _Record(BaseModel):
    """What a line must hold; anything else it holds is passed over."""

    model_config = ConfigDict(strict=True)

    id: str
    title: str = Field(pattern=r"\S")
    authors: list[str]
    abstract: str
    categories: list[str] | None = None
    comment: str | None = None
    first_listed: str


def _paper(record: object) -> tuple[Paper, date]:
    """Raises ValidationError, ValueError or UsageError."""
    read = _Record.model_validate(record)
    paper = Paper(
        id=ArxivId.parse(read.id).id,
        title=_line(read.title),
        authors=tuple(_line(name) for name in read.authors),
        abstract=_line(read.abstract),
        # Files made from arXiv's pages hold MSC and ACM classes in the same list.
        categories=tuple(name for name in read.categories or () if _CATEGORY.fullmatch(name)),
        comment=_line(read.comment or ""),
    )
    return paper, date.fromisoformat(read.first_listed)


def _explain(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "the line"
    return f"{name!r} is missing" if first["type"] == "missing" else f"{name!r}: {first['msg']}"


def _line(text: str) -> str:
    """One line without control characters, which a terminal would obey."""
    return " ".join("".join(" " if ord(c) < _SPACE or ord(c) == _DELETE else c for c in text).split())


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


def store_found(parts: Parts, papers: Iterable[Paper]) -> int:
    """Stores what a look-up found; returns how many are new.

    The nearest that a look-up can tell of the day a paper was first listed is the day it was submitted.
    """
    today = parts.calendar.latest_day(parts.clock.now())
    days = ((paper, paper.versions[0].submitted_at.date() if paper.versions else today) for paper in papers)
    return store_papers(parts, days)
