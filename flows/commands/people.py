"""`digest`, `rank`, `outbox`: readers' mail."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from flows.console import ExitCode, JsonFlag, parse_day, print_json, print_table, print_text, say
from flows.digests import compose_now, issue_json, mail_state, skipped_json
from flows.lock import exclusive_run
from flows.rankings import rank_request_file
from flows.reports import digest_paths
from flows.steps import wait_reason
from flows.wiring import Parts, open_parts
from pipeline.config import load_settings
from pipeline.digest import Issue, OutboxState
from pipeline.errors import NotFoundError

Email = Annotated[str, typer.Argument(help="The subscriber's address.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (digest, rank, outbox):
        app.command()(command)


def digest(
    email: Email,
    date: Annotated[str | None, typer.Option("--date", help="The day; the newest stored one by default.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; store and send nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Make one subscriber's digest of a day, and send it unless it was sent already."""
    with open_parts(load_settings()) as parts, exclusive_run(parts.home.lock):
        day = parse_day(date) if date else _newest_day(parts)
        waits_for = "" if dry_run else wait_reason(parts, day)
        issue, ranking = compose_now(parts, email, day, is_dry=dry_run or bool(waits_for))
        mail = mail_state(parts, email, day)
    if as_json:
        print_json({"items": issue_json(issue), "skipped": skipped_json(issue, ranking), "mail": mail})
    else:
        _print_issue(issue, mail)
    if waits_for:
        say(f"nothing is sent: {waits_for}")
        raise typer.Exit(ExitCode.NOTHING)


def _print_issue(issue: Issue, mail: str) -> None:
    for item in issue.items:
        print_text(f"{item.ranked.probability:.2f}  {item.paper_id}  {item.title}\n      {item.ranked.why}")
    print_text(f"{len(issue.items)} of {issue.considered} new papers for {issue.email} on {issue.day}; mail: {mail}")


def _newest_day(parts: Parts) -> dt.date:
    with parts.store.read() as work:
        if day := work.days.newest_day():
            return day
    raise NotFoundError("no day is stored yet; run: autoreader run")


def rank(
    requests: Annotated[Path, typer.Option("--requests", help="JSON lines: user, interests, ..., candidates or day.")],
    *,
    as_json: JsonFlag = True,
) -> None:
    """Rank without storing anything; one JSON line per request, with or without --json."""
    del as_json
    with open_parts(load_settings()) as parts:
        for answer in rank_request_file(parts, requests):
            print_json(answer)


def outbox(
    resend: Annotated[int | None, typer.Option("--resend", help="Send this held or failed mail after all.")] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Show mails that are not through: waiting, refused, or interrupted and held."""
    with open_parts(load_settings()) as parts:
        if resend is not None:
            with parts.store.begin() as work:
                work.issues.requeue(resend)
            say(f"mail {resend} waits again; `autoreader run` sends it")
        with parts.store.read() as work:
            entries = work.issues.in_state([state for state in OutboxState if state is not OutboxState.SENT])
        rows = [(e.id, e.email, str(e.day), e.state.value, e.reason, digest_paths(e, parts.home)[0]) for e in entries]
    names = ("id", "to", "day", "state", "reason", "path")
    if as_json:
        print_json({"mails": [dict(zip(names, row, strict=True)) for row in rows]})
    elif rows:
        print_table(names, rows)
    else:
        say("no mail is waiting, refused or held")
    raise typer.Exit(ExitCode.DONE if rows else ExitCode.NOTHING)
