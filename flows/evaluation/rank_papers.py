"""Papers of a labelled set: any ids, as little as a title and an abstract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.loading import read_json_lines
from pipeline.document import Chunk
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.ports import F32, Candidate


@dataclass(frozen=True, slots=True)
class DatedPapers:
    """Papers by id, and the day each was first listed as far as the file tells."""

    papers: Mapping[str, Paper]
    listed: Mapping[str, date]


def read_dated_papers(path: Path) -> DatedPapers:
    """Reads JSON lines, plain or gzipped: `id, title, abstract`, and if there `authors, categories, first_listed`.

    Ids may be of any kind. Raises UsageError naming the line that is not like that.
    """
    papers: dict[str, Paper] = {}
    listed: dict[str, date] = {}
    for number, record in read_json_lines(path):
        try:
            paper = _paper(record)
            if first := record.get("first_listed"):
                listed[paper.id] = date.fromisoformat(first)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: {error} (expected id, title, abstract)") from None
        papers[paper.id] = paper
    return DatedPapers(papers, listed)


def _paper(record: dict[str, Any]) -> Paper:  # Any: JSON
    names = {"title": record["title"], "abstract": record.get("abstract") or ""}
    if wrong := [name for name, value in names.items() if not isinstance(value, str)]:
        raise TypeError(f"{wrong[0]!r} is no text")
    return Paper(
        id=str(record["id"]),
        title=names["title"],
        authors=tuple(map(str, record.get("authors") or ())),
        abstract=names["abstract"],
        categories=tuple(map(str, record.get("categories") or ())),
    )


def passage_text(paper: Paper) -> str:
    """What of a paper's abstract is embedded, as everywhere."""
    return f"{paper.title}. {paper.abstract}"


def as_candidate(paper: Paper, vector: F32) -> Candidate:
    """The paper by its abstract alone; `vector` is of shape (1, dimension)."""
    return Candidate(paper, (Chunk(paper.id, paper.latest_version, 0, "Abstract", 0, paper.abstract),), vector)
