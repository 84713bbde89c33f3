"""Labelled queries and the passages they are asked of, from files or made elsewhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any  # of a line of JSON

from pipeline.document import Chunk
from pipeline.errors import UsageError
from pipeline.ports import IndexedChunk

CORPUS = "corpus.jsonl.gz"
_QUERIES = "queries*.jsonl.gz"
_DAY = date(2026, 1, 1)  # every paper's: nothing here depends on it


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A question and the ids of the papers that answer it, at least one."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class SearchSet:
    """Passages and the queries asked of them."""

    name: str
    chunks: tuple[IndexedChunk, ...]
    queries: tuple[LabelledQuery, ...]


def find_sets(data: Path) -> list[Path]:
    """The folders with a corpus: `data` itself, those in it, and those in its folder `retrieval`."""
    places = (data, *sorted(data.glob("*/")), *sorted((data / "retrieval").glob("*/")))
    return [place for place in places if (place / CORPUS).is_file()]


def load_set(folder: Path) -> SearchSet:
    """A corpus (`_id, title`, and `text` or `abstract`) and its queries (`text` or `title`, and `qrels`).

    `qrels` are the relevant ids, or grades by id. Queries without any are left out. Raises UsageError for a file that
    is none of this.
    """
    papers = list(_lines(folder / CORPUS))
    chunks = tuple(passage(number, *_paper(paper, folder)) for number, paper in enumerate(papers, start=1))
    lines = [line for path in sorted(folder.glob(_QUERIES)) for line in _lines(path)]
    queries = tuple(query for query in (_query(line, folder) for line in lines) if query.relevant)
    if not chunks or not queries:
        raise UsageError(f"{folder}: expected papers in {CORPUS} and labelled queries in {_QUERIES}")
    return SearchSet(folder.resolve().name, chunks, queries)


def passage(number: int, paper_id: str, title: str, text: str) -> IndexedChunk:
    """An abstract as it is indexed."""
    return IndexedChunk(Chunk(paper_id, 1, 0, "Abstract", 0, text or title, id=number), title, (), (), _DAY)


def of_paper(title: str, chunks: Iterable[Chunk]) -> Iterator[IndexedChunk]:
    """Chunks that have their ids as they are indexed."""
    return (IndexedChunk(chunk, title, (), (), _DAY) for chunk in chunks)


def _paper(line: dict[str, Any], folder: Path) -> tuple[str, str, str]:
    if not {"_id", "title"} <= line.keys():
        raise UsageError(f"{folder / CORPUS}: a line without _id or title: {str(line)[:80]}")
    return str(line["_id"]), line["title"] or "", line.get("text") or line.get("abstract") or ""


def _query(line: dict[str, Any], folder: Path) -> LabelledQuery:
    text, labels = line.get("text") or line.get("title"), line.get("qrels")
    if not text or not isinstance(labels, list | dict):
        raise UsageError(f"{folder}: a query without text or qrels: {str(line)[:80]}")
    relevant = [paper for paper, grade in labels.items() if grade] if isinstance(labels, dict) else labels
    return LabelledQuery(text, frozenset(map(str, relevant)))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise UsageError(f"{path}: no gzipped JSON lines: {error}") from error
