"""`embed`: vectors for all that has none, and for everything anew after a change of models."""

from __future__ import annotations

from dataclasses import asdict

import typer

from flows.console import JsonFlag, print_json, print_text, progress_bars
from flows.lock import exclusive_run
from flows.steps import index_chunks
from flows.turnover import view_turnover
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.stages import coverage_of


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(embed)


def embed(*, as_json: JsonFlag = False) -> None:
    """Embed what has no vector of the model that is set; a new model takes over when it has caught up.

    It may be stopped at any time and goes on where it was; searches are answered with the old model meanwhile.
    """
    settings = load_settings()
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts, exclusive_run(parts.home.lock):
        seconds = index_chunks(parts)
        model = parts.encoder.contract.model
        coverage, turnover = coverage_of(parts.context, parts.encoder.contract.key), view_turnover(parts)
    if as_json:
        live = turnover is None and coverage.chunks > 0
        print_json({"model": model, "is_live": live, **asdict(coverage), "seconds": round(sum(seconds.values()), 3)})
        return
    print_text(str(turnover or f"{coverage.embedded} of {coverage.chunks} passages are embedded with {model}"))
