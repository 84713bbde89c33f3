"""`export`, `erase`: taking everything away, and leaving nothing behind."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.people import Email
from flows.console import ExitCode, JsonFlag, print_json, print_text, say
from flows.lock import exclusive_run
from flows.profiles import topics_of
from flows.takeaway import export_reader
from flows.wiring import open_parts
from pipeline.blobs import write_atomically
from pipeline.config import load_settings
from pipeline.erasure import Erasure, Premises, erase_reader
from pipeline.errors import UsageError


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (export, erase):
        app.command()(command)


def export(
    email: Email,
    to: Annotated[Path | None, typer.Option("--to", help="A new file; standard output by default.")] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Write everything stored about a subscriber as one JSON document: profile, feedback, rankings, issues, mails."""
    if to is not None and to.exists():
        raise UsageError(f"{to} is there already; give the name of a new file")
    with open_parts(load_settings()) as parts:
        document = export_reader(parts, email)
    if to is None:
        print_json(document)
        return
    write_atomically(to, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    summary = {"path": str(to), "mails": len(document["mails"]), "rows": sum(map(len, document["stored"].values()))}
    if as_json:
        print_json(summary)
    else:
        print_text(f"{summary['rows']} rows and {summary['mails']} mails about {email} are in {to}")


def erase(
    email: Email,
    *,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Remove a subscriber and everything stored about them, for good. Mails that were sent are with their recipient."""
    with open_parts(load_settings()) as parts, exclusive_run(parts.home.lock):
        with parts.store.read() as work:
            work.subscribers.by_email(email)
        if not (is_sure or _is_confirmed(email)):
            say("nothing is erased")
            raise typer.Exit(ExitCode.NOTHING)
        erased = erase_reader(Premises(parts.store, parts.blobs, parts.home.outbox, parts.clock), email, topics_of)
    if as_json:
        print_json(asdict(erased))
    else:
        print_text(f"{erased.email} is erased: {erased.rows} rows, {erased.files} files")
    for warning in warnings_of(erased):
        say(warning)


def _is_confirmed(email: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"erasing {email} cannot be undone; if you are sure, say --yes")
    return typer.confirm(f"Erase {email} and everything stored about them? This cannot be undone", err=True)


def warnings_of(erased: Erasure) -> list[str]:
    """What else the owner should know of an erasure."""
    told = []
    if erased.unsent:
        told.append(f"mails to {erased.email} that waited and will not be sent: {erased.unsent}")
    if erased.in_doubt:
        told.append(f"mails that were handed over without an answer, and may have arrived: {erased.in_doubt}")
    if not erased.is_scrubbed:
        told.append("another process still reads the database: its log keeps what was erased until that has ended")
    return told
