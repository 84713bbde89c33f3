"""`eval search`: how well papers are found."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from flows.console import JsonFlag, print_json, print_text, progress_bars
from pipeline.errors import UsageError


def eval_search(
    data: Annotated[Path, typer.Argument(help="A folder with corpus.jsonl.gz, or with such folders in it.")],
    *,
    home: Annotated[
        Path | None, typer.Option("--home", help="Keeps the vectors here; default: they are made anew each time.")
    ] = None,
    sample: Annotated[
        int, typer.Option("--sample", min=0, help="Papers of the stream among which known ones are sought; 0: skip.")
    ] = 2000,
    as_json: JsonFlag = False,
) -> None:
    """How well search finds what people labelled as relevant, beside its halves and plain ways to join them.

    DATA has corpus.jsonl.gz (`_id, title, text` or `abstract`) and queries*.jsonl.gz (`text` or `title`, `qrels`), or
    folders that have; with stream/ and pdf/ in it, known items are sought as well, in full text and in abstracts alone.
    """
    from flows.evaluation.search_home import SearchHome
    from flows.evaluation.search_quality import SearchQuality
    from flows.evaluation.tables import as_text, rows_json
    from index import open_encoder
    from pipeline.config import IndexSettings

    if not data.is_dir():
        raise UsageError(f"no folder {data}")
    encoder = open_encoder(IndexSettings(), "title. text")
    with tempfile.TemporaryDirectory() as scratch, progress_bars() as progress:
        kept = SearchHome(home or Path(scratch), encoder, progress)
        rows = SearchQuality(data, sample).rows(kept, encoder)
    if as_json:
        print_json(rows_json(rows))
    else:
        print_text(as_text(rows))
