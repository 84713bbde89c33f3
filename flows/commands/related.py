"""`related`: the papers that stand near to one, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.console import ExitCode, JsonFlag, print_json, print_text, say
from flows.searches import hit_json, hit_text
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.paper import ArxivId


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(related)


def related(
    paper: Annotated[str, typer.Argument(help="An arXiv identifier, or the address of a paper at arXiv.")],
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many papers.")] = 10,
    as_json: JsonFlag = False,
) -> None:
    """Show the papers near to one: by what they say, what they cite and who cites them."""
    paper_id = ArxivId.parse(paper).id
    with open_parts(load_settings()) as parts:
        found = parts.search.related(paper_id, limit)
    hits = [hit_json(hit) for hit in found.hits]
    if as_json:
        print_json({"id": paper_id, "hits": hits, "seconds": round(found.seconds, 4)})
    else:
        for hit in hits:
            print_text(hit_text(hit))
    if not hits:
        say(f"nothing here is near to {paper_id}")
    raise typer.Exit(ExitCode.DONE if hits else ExitCode.NOTHING)
