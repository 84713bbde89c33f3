"""How commands talk: one JSON document or a table on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import IntEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from pipeline.errors import UsageError
from pipeline.stages import Progress, no_progress

_FIRST_YEAR, _LAST_YEAR = 1991, 2199
JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


class ExitCode(IntEnum):
    """What the command's exit status says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOTHING = 3


def say(text: str) -> None:
    """Tells the user something that is not the result."""
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(text)


def print_json(document: Any) -> None:  # Any: JSON
    """The result for programs."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def print_text(text: str) -> None:
    """The result for people."""
    Console(soft_wrap=True, highlight=False, markup=False).print(text)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """A table for people; numbers stand to the right."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        is_number = all(isinstance(row[position], int | float) for row in rows) and bool(rows)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(highlight=False, markup=False).print(table)


def parse_day(text: str) -> date:
    """A day written 2026-11-17. Raises UsageError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"not a date: {text!r} (expected YYYY-MM-DD, e.g. 2026-11-17)") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UsageError(f"{text} is no day of arXiv's, which began in {_FIRST_YEAR}")
    return day


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Bars on stderr while long work runs, one per stage; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=Console(stderr=True)) as bars:

        def show(what: str, done: int, total: int) -> None:
            if total and what not in tasks:
                tasks[what] = bars.add_task(what)
            if what in tasks:
                bars.update(tasks[what], completed=done, total=total)

        yield show
