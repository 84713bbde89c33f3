"""`bench encode`: how fast texts become vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from flows.console import JsonFlag, print_json, print_text, progress_bars
from flows.loading import read_json_lines
from pipeline.errors import UsageError


def bench_encode(
    *,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="JSON lines of strings, {text} or {title, abstract}; else made up.")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="At most so many texts.")] = 64,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Medians over so many.")] = 3,
    model: Annotated[str, typer.Option("--model", help="A name or folder; default: the packaged model.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """How fast texts become vectors, beside plain sentence-transformers, and how near to the processor's limit."""
    from flows.evaluation.encoder_speed import measure_encoder
    from flows.evaluation.made_texts import make_texts
    from flows.evaluation.tables import as_text, rows_json

    chosen = make_texts(count) if texts is None else [text for _, text in zip(range(count), _read(texts), strict=False)]
    with progress_bars() as progress:
        rows = measure_encoder(model, chosen, rounds, progress)
    if as_json:
        print_json(rows_json(rows))
    else:
        print_text(as_text(rows))


def _read(path: Path) -> Iterator[str]:
    for number, record in read_json_lines(path):
        fields = record if isinstance(record, dict) else {"text": record}
        names = ("text",) if "text" in fields else ("title", "abstract")
        parts = [part for name in names if isinstance(part := fields.get(name), str)]
        if len(parts) < len(names):
            raise UsageError(f"{path}, line {number}: expected a string, {{text}} or {{title, abstract}}")
        yield ". ".join(parts)
