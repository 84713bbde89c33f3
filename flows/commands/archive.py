"""`load`, `find`, `search`: papers outside the daily round."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.console import ExitCode, JsonFlag, parse_day, print_json, print_table, print_text, progress_bars, say
from flows.loading import read_papers_file, store_found, store_papers
from flows.lock import exclusive_run
from flows.searches import hit_json, hit_text, read_queries
from flows.steps import index_chunks
from flows.wiring import Parts, open_parts
from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.paper import ArxivId


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (load, find, search):
        app.command()(command)


def load(
    file: Annotated[Path, typer.Argument(help="JSON lines, plain or .gz: id, title, authors, abstract, ...")],
    *,
    as_json: JsonFlag = False,
) -> None:
    """Bring papers in from a metadata file, abstracts only, and make them searchable."""
    settings = load_settings()
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts, exclusive_run(parts.home.lock):
        started = time.perf_counter()
        stored = store_papers(parts, read_papers_file(file))
        seconds = {"store": round(time.perf_counter() - started, 3)} | index_chunks(parts)
    if as_json:
        print_json({"stored": stored, "seconds": round(sum(seconds.values()), 3), "seconds_by_step": seconds})
        return
    print_text(f"{stored} papers stored and searchable in {sum(seconds.values()):.0f} s")


def find(
    words: Annotated[list[str], typer.Argument(help="A query in arXiv's own syntax, or arXiv identifiers.")],
    *,
    limit: Annotated[int, typer.Option("--limit", help="At most so many papers of a query.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """Look papers up at arXiv and take them into the archive, abstracts only."""
    settings = load_settings()
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts, exclusive_run(parts.home.lock):
        ids = _ids(words)
        papers = parts.lookup.find_ids(ids) if ids else parts.lookup.find(" ".join(words), limit)
        stored = store_found(parts, papers)
        index_chunks(parts)
    if as_json:
        print_json({"stored": stored, "papers": [{"id": paper.id, "title": paper.title} for paper in papers]})
    else:
        print_table(("id", "title"), [(paper.id, paper.title) for paper in papers])
    say(f"{len(papers)} found at arXiv, {stored} of them new here")
    raise typer.Exit(ExitCode.DONE if papers else ExitCode.NOTHING)


def _ids(words: list[str]) -> list[str]:
    """The words as identifiers; none where they are a query. Raises UsageError for a mixture."""
    found = [one for one in map(_id, words) if one]
    if found and len(found) < len(words):
        raise UsageError("give a query, or identifiers, not both")
    return found


def _id(word: str) -> str:
    try:
        return str(ArxivId.parse(word))
    except UsageError:
        return ""


def search(
    query: Annotated[str | None, typer.Argument(help="Plain words, an id, a title, or operators (README).")] = None,
    *,
    day: Annotated[str | None, typer.Option("--day", help="Only papers first listed on this day.")] = None,
    limit: Annotated[int, typer.Option("--limit")] = 10,
    queries: Annotated[Path | None, typer.Option("--queries", help="JSON lines of {id, text}; one line each.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Search everything that was read; passages, not just titles."""
    if (query is None) == (queries is None):
        raise UsageError("give a query, or --queries FILE")
    with open_parts(load_settings()) as parts:
        if queries is not None:
            for id_, text in read_queries(queries):
                print_json({"id": id_} | _search(parts, text, day, limit))
            return
        found = _search(parts, query or "", day, limit)
    if as_json:
        print_json(found)
        return
    for hit in found["hits"]:
        print_text(hit_text(hit))
    print_text(f"{len(found['hits'])} papers in {found['seconds'] * 1000:.0f} ms")


def _search(parts: Parts, text: str, day: str | None, limit: int) -> dict[str, Any]:  # Any: JSON
    result = parts.search.search(text, limit=limit, day=parse_day(day) if day else None)
    return {
        "hits": [hit_json(hit) for hit in result.hits],
        "seconds": round(result.seconds, 4),
        "reranked": result.is_reranked,
    }
