"""`eval` and `bench`: how good and how fast it is, beside what else there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.measure_encoder import bench_encode
from flows.commands.measure_index import bench_index
from flows.commands.measure_rank import bench_rank, eval_rank
from flows.commands.measure_search import eval_search
from flows.console import JsonFlag, print_json, print_text, progress_bars
from flows.evaluation.rows import Row
from pipeline.errors import UsageError

_PeersOption = Annotated[
    Path | None, typer.Option("--peers", help="The Python that has the peers; default: .venv-peers/bin/python.")
]
_DataArgument = Annotated[Path, typer.Argument(help="A folder with pdf/arxiv_tex, pdf/jose, ... in it.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    evaluation = typer.Typer(name="eval", help="Measure quality on labelled data.", no_args_is_help=True)
    evaluation.command("read")(eval_read)
    evaluation.command("search")(eval_search)
    evaluation.command("rank")(eval_rank)
    bench = typer.Typer(name="bench", help="Measure speed.", no_args_is_help=True)
    bench.command("read")(bench_read)
    bench.command("encode")(bench_encode)
    bench.command("index")(bench_index)
    bench.command("rank")(bench_rank)
    app.add_typer(evaluation)
    app.add_typer(bench)


def eval_read(
    data: _DataArgument,
    *,
    only: Annotated[str | None, typer.Option("--only", help="One part: text, references or gate.")] = None,
    peers: _PeersOption = None,
    as_json: JsonFlag = False,
) -> None:
    """How well PDFs are read, beside pypdf, pdfminer.six, docling-parse, pdftotext and bare pdfium."""
    from flows.evaluation.peers import find_peers
    from flows.evaluation.reading import Part, evaluate_reading

    _check(data)
    names = [part.value for part in Part]
    if only is not None and only not in names:
        raise UsageError(f"--only {only}: there is {', '.join(names)}")
    _show(evaluate_reading(data, find_peers(peers), Part(only) if only else None), as_json=as_json)


def bench_read(
    data: _DataArgument,
    *,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Medians over so many.")] = 3,
    papers: Annotated[int, typer.Option("--papers", min=1, help="At most so many, from all sets.")] = 12,
    peers: _PeersOption = None,
    as_json: JsonFlag = False,
) -> None:
    """How fast PDFs are read, in pages per processor second, beside the same."""
    from flows.evaluation.peers import find_peers
    from flows.evaluation.speed import measure_speed

    _check(data)
    with progress_bars() as progress:
        rows = measure_speed(data, find_peers(peers), rounds, papers, progress)
    _show(rows, as_json=as_json)


def _check(data: Path) -> None:
    if not data.is_dir():
        raise UsageError(f"no folder {data}")


def _show(rows: Sequence[Row], *, as_json: bool) -> None:
    from flows.evaluation.tables import as_text, rows_json

    if as_json:
        print_json(rows_json(rows))
    else:
        print_text(as_text(rows))
