"""`index`: what the search index holds, whether it is whole, and building it anew."""

from __future__ import annotations

import time
from dataclasses import asdict

import typer

from flows.console import ExitCode, JsonFlag, print_json, print_table, print_text, progress_bars, say
from flows.lock import exclusive_run
from flows.turnover import contract_to_build
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.stages import build_index

_MEGABYTE = 1e6


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    index = typer.Typer(name="index", help="Look after the search index.", no_args_is_help=True)
    for command in (stats, verify, rebuild):
        index.command()(command)
    app.add_typer(index)


def stats(*, as_json: JsonFlag = False) -> None:
    """What the index holds, how large it is, and how long it takes to open."""
    from index import index_stats

    with open_parts(load_settings()) as parts:
        found = index_stats(parts.home.index, parts.home.vectors)
    if as_json:
        print_json(asdict(found))
        return
    kept = f"in cells, {found.tail} more compared one by one" if found.vectors == "cells" else "compared one by one"
    rows = (
        ("generation", found.generation),
        ("papers", found.papers),
        ("passages", found.chunks),
        ("without a vector", found.without_vector),
        ("left from earlier days", found.dead),
        ("model", f"{found.model}, {found.dimension} numbers"),
        ("vectors", kept),
        ("size", f"{found.size / _MEGABYTE:.1f} MB"),
        ("vector files", f"{found.shards}, {found.shards_size / _MEGABYTE:.1f} MB"),
        ("opened in", f"{found.seconds_to_open:.2f} s"),
    )
    print_table(("", ""), [(name, str(value)) for name, value in rows])


def verify(*, as_json: JsonFlag = False) -> None:
    """Read everything and compare it with its checksums and with the store."""
    from index import verify_index

    started = time.perf_counter()
    with open_parts(load_settings()) as parts:
        with parts.store.read() as work:
            shards, census = work.vectors.all_shards(), work.reading.census()
        found = verify_index(parts.home.index, parts.home.vectors, shards, census)
    seconds = time.perf_counter() - started
    if as_json:
        print_json(asdict(found) | {"seconds": round(seconds, 3)})
    else:
        for problem in found.problems:
            print_text(problem)
        if not found.problems:
            print_text(f"The index is whole: {found.checked / _MEGABYTE:.1f} MB read in {seconds:.1f} s.")
        if found.waiting:
            print_text(
                f"{found.waiting} passages came, went or changed since it was built; `autoreader run` takes them in."
            )
    raise typer.Exit(ExitCode.FAILED if found.problems else ExitCode.DONE)


def rebuild(*, as_json: JsonFlag = False) -> None:
    """Build the index anew from the store and the stored vectors; the old one serves until it is done."""
    started = time.perf_counter()
    settings = load_settings()
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts, exclusive_run(parts.home.lock):
        number = build_index(parts.context, parts.builder, contract_to_build(parts), afresh=True)
    seconds = time.perf_counter() - started
    if as_json:
        print_json({"generation": number, "seconds": round(seconds, 3)})
    elif number is None:
        say("there is nothing to index yet; `autoreader run` or `autoreader load FILE` brings papers")
    else:
        print_text(f"Generation {number} is live, built anew in {seconds:.1f} s.")
    raise typer.Exit(ExitCode.NOTHING if number is None else ExitCode.DONE)
