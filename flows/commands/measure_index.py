"""`bench index`: how the search index does at a million chunks and more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.console import JsonFlag, print_json, print_text, progress_bars
from flows.loading import read_papers_file
from pipeline.config import load_settings
from pipeline.errors import UsageError

_CHUNKER = "bench/drawn"  # of the contract: these vectors are never taken for a library's


def bench_index(
    papers: Annotated[
        Path, typer.Argument(help="JSON lines of papers, as `load` takes them: texts are drawn from it.")
    ],
    *,
    vectors: Annotated[
        Path | None,
        typer.Option("--vectors", help="Embeddings to draw from (.npy, .npz); default: embeds 2,000 papers."),
    ] = None,
    rows: Annotated[int, typer.Option("--rows", help="Chunks of the archive.")] = 1_000_000,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Parts: vectors, search, stores, gpu; default: all.")
    ] = None,
    queries: Annotated[int, typer.Option("--queries", min=10, help="So many of each kind.")] = 100,
    peers: Annotated[
        Path | None,
        typer.Option("--peers", help="The Python that has the stores; default: that of .venv-search-peers."),
    ] = None,
    peers_rows: Annotated[
        int, typer.Option("--peers-rows", min=10_000, help="Vectors each other store is given.")
    ] = 100_000,
    growth: Annotated[
        Path | None, typer.Option("--growth", help="Measure smaller archives too, and write what the picture shows.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """How fast, small and exact search is in a large archive, beside LanceDB, Chroma and sqlite-vec."""
    from flows.evaluation.index_bench.law import read_vectors
    from flows.evaluation.index_bench.measuring import FEWEST_ROWS, IndexBench, Part, Plan
    from flows.evaluation.index_bench.stores import find_stores
    from flows.evaluation.tables import as_text, rows_json
    from index import open_encoder

    names = [part.value for part in Part]
    if unknown := set(only or ()) - set(names):
        raise UsageError(f"--only {min(unknown)}: there is {', '.join(names)}")
    if rows < FEWEST_ROWS:
        raise UsageError(f"--rows {rows}: at least {FEWEST_ROWS}, two days' chunks")
    plan = Plan(tuple(Part(name) for name in only or names), rows, peers_rows, queries, find_stores(peers), growth)
    real = None if vectors is None else read_vectors(vectors)
    encoder = open_encoder(load_settings().index, _CHUNKER)
    bench = IndexBench.of(list(read_papers_file(papers)), encoder, real)
    with progress_bars() as progress:
        measured = list(bench.measure(plan, progress))
    if as_json:
        print_json(rows_json(measured))
    else:
        print_text(as_text(measured))
