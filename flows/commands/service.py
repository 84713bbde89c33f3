"""`serve`, `schedule`, `doctor`, `settings`: running and looking after an installation."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from flows.checks import CheckState, run_checks
from flows.console import ExitCode, JsonFlag, print_json, print_table, print_text, say
from flows.prefect_env import prepare_prefect
from flows.setting_list import setting_rows
from flows.wiring import open_parts
from pipeline.config import load_settings

_STATE_WORDS = {CheckState.OK: "ok", CheckState.ADVICE: "advice", CheckState.FAILED: "NOT OK"}


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (serve, schedule, doctor, settings):
        app.command()(command)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; default: web.host.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; default: web.port.")] = None,
) -> None:
    """Serve the search page until stopped."""
    import uvicorn

    from index import live_generation
    from web import Site, create_app

    chosen = load_settings()
    with open_parts(chosen) as parts:
        where = (host or chosen.web.host, port or chosen.web.port)
        site = Site(
            store=parts.store,
            blobs=parts.blobs,
            images=parts.images,
            search=lambda: parts.search,
            secret=parts.secret,
            # Where it really listens decides who may see what (docs/decisions/0009-licences.md).
            settings=chosen.web.model_copy(update={"host": where[0], "port": where[1]}),
            clock=parts.clock,
            generation=lambda: live_generation(parts.home.index),
        )
        # The model takes seconds to load: before the first visitor comes, not while they wait.
        threading.Thread(target=lambda: parts.search, daemon=True).start()
        say(f"autoreader: http://{where[0]}:{where[1]}  (stop with Ctrl-C)")
        uvicorn.run(create_app(site), host=where[0], port=where[1], log_level="warning", server_header=False)


def schedule() -> None:
    """Run the daily flow on arXiv's schedule (22:45 US Eastern, Sunday to Thursday) until stopped."""
    prepare_prefect(load_settings().home, log_level="INFO")
    from flows.schedule import CRON, TIMEZONE, serve_schedule

    say(f"autoreader: the daily flow runs at {CRON} ({TIMEZONE}); stop with SIGTERM")
    serve_schedule()


def doctor(*, as_json: JsonFlag = False) -> None:
    """Check the whole installation and say how to mend what is wrong."""
    with open_parts(load_settings()) as parts:
        checks = run_checks(parts)
    is_well = all(check.is_ok for check in checks)
    if as_json:
        print_json(
            {
                "checks": [
                    {"name": c.name, "ok": c.is_ok, "state": c.state.value, "detail": c.detail, "fix": c.fix}
                    for c in checks
                ]
            }
        )
    else:
        rows = [(_STATE_WORDS[c.state], c.name, c.detail, "" if c.state is CheckState.OK else c.fix) for c in checks]
        print_table(("", "check", "detail", "fix"), rows)
    raise typer.Exit(ExitCode.DONE if is_well else ExitCode.FAILED)


def settings(*, as_json: JsonFlag = False) -> None:
    """List every setting: its variable, its value in force, and what it means."""
    rows = setting_rows(load_settings())
    if as_json:
        print_json({"settings": [dict(zip(("variable", "value", "meaning"), row, strict=True)) for row in rows]})
        return
    print_table(("variable", "value", "meaning"), rows)
    print_text("A secret may also be given as a file: add _FILE to its variable.")
