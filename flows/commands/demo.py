"""`demo`: one whole day on the bundled sample, through a loopback arXiv."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from flows.console import JsonFlag, print_json, print_table, print_text, progress_bars, say
from flows.home import Home
from flows.prefect_env import prepare_prefect
from flows.reports import day_table, digest_lines, report_json
from pipeline.errors import UsageError


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(demo)


def demo(
    home: Annotated[Path | None, typer.Option("--home", help="An empty folder to work in; default: a new one.")] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Run a whole day on the bundled sample day: no network, no key, no server."""
    root = Path(tempfile.mkdtemp(prefix="autoreader-demo-")) if home is None else home.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is not an empty folder; the demo wants a fresh one")
    prepare_prefect(root)
    from flows.demo.day_run import run_demo

    with progress_bars() as progress:
        report, lines = run_demo(root, progress)
    if as_json:
        print_json(report_json(report, Home(root), lines))
        return
    print_table(*day_table(report))
    for line in digest_lines(report, Home(root)):
        print_text(line)
    print_text(
        f"\nOpen a digest's .html in a browser, and the search page with:\n  AUTOREADER_HOME={root} autoreader serve"
    )
    say("The papers, people and results of the sample day are invented.")
