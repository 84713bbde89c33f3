"""`run`, `backfill`, `ledger`: days."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.console import ExitCode, JsonFlag, parse_day, print_json, print_table, print_text, progress_bars, say
from flows.lock import exclusive_run
from flows.prefect_env import prepare_prefect
from flows.reports import backfill_json, day_table, digest_lines, ledger_json, report_json
from flows.steps import DayReport, newest_day
from flows.wiring import Parts, open_parts
from pipeline.config import load_settings
from pipeline.digest import DayState
from pipeline.errors import UsageError
from pipeline.ledger import day_facts, day_state, ledger_lines

DateOption = Annotated[
    str | None, typer.Option("--date", help="The listing's date, YYYY-MM-DD; the newest by default.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(run)
    app.command()(backfill)
    app.command()(ledger)


def run(date: DateOption = None, *, as_json: JsonFlag = False) -> None:
    """Run a day: harvest, read, index, rank, compose, send. Running it again changes nothing."""
    settings = load_settings()
    day = parse_day(date) if date else None
    prepare_prefect(settings.home)
    from flows.daily import daily

    with progress_bars() as progress, open_parts(settings, progress=progress) as parts:
        with exclusive_run(parts.home.lock):
            report = daily.with_options(retries=0)(day, parts)
        _show(parts, report, as_json=as_json)
    raise typer.Exit(exit_code(report))


def _show(parts: Parts, report: DayReport, *, as_json: bool) -> None:
    with parts.store.read() as work:
        lines = ledger_lines(day_facts(work, report.day))
    if as_json:
        print_json(report_json(report, parts.home, lines))
        return
    print_table(*day_table(report))
    for line in digest_lines(report, parts.home):
        print_text(line)
    if report.sending.held:
        say(f"{report.sending.held} interrupted mails are held, as they may have arrived; see: autoreader outbox")


def exit_code(report: DayReport) -> ExitCode:
    """3 where arXiv or subscribers are still missing; says which."""
    if report.state is DayState.NO_ANNOUNCEMENT:
        say(f"{report.day}: {report.reason}")
        return ExitCode.NOTHING
    if report.waits_for:
        say(f"{report.day}: awaiting arXiv: {report.waits_for}. Run it again later; nothing is lost.")
        return ExitCode.NOTHING
    if not report.subscribers:
        say("no subscribers: nothing to mail. Add one: autoreader subscribe you@example.org --interest '...'")
        return ExitCode.NOTHING
    return ExitCode.DONE


def backfill(
    since: Annotated[str, typer.Option("--since", help="First day, YYYY-MM-DD.")],
    until: Annotated[str | None, typer.Option("--until", help="Last day; the newest by default.")] = None,
    *,
    with_digests: Annotated[bool, typer.Option("--digests", help="Also compose and send each day's digests.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read past days: harvest them from OAI-PMH, download, read and index."""
    settings = load_settings()
    first = parse_day(since)
    prepare_prefect(settings.home)
    from flows.backfill import backfill as backfill_flow

    with progress_bars() as progress, open_parts(settings, progress=progress) as parts:
        last = parse_day(until) if until else newest_day(parts)
        days = parts.calendar.days_between(first, last)
        if not days:
            raise UsageError(f"arXiv announced nothing between {first} and {last}")
        with exclusive_run(parts.home.lock):
            report = backfill_flow(parts, days, with_digests=with_digests)
        if as_json:
            print_json(backfill_json(report, parts.home))
            return
        rows = [(one.day, one.state.value, one.papers, one.pages, one.chunks) for one in report.days]
        print_table(("day", "state", "papers", "pages", "chunks"), rows)


def ledger(date: DateOption = None, *, as_json: JsonFlag = False) -> None:
    """Show what each source listed, what was stored, and the reason for every difference."""
    settings = load_settings()
    with open_parts(settings) as parts, parts.store.read() as work:
        days = [parse_day(date)] if date else work.days.known_days()
        facts = [day_facts(work, day, is_expected=parts.calendar.is_expected(day)) for day in days]
    lines = [line for one in facts for line in ledger_lines(one)]
    states = {one.day: day_state(one) for one in facts}
    if as_json:
        print_json(
            {
                "days": [ledger_json(line) | {"state": states[line.day][0].value} for line in lines],
                "states": {
                    str(day): {"state": state.value, "reason": reason} for day, (state, reason) in states.items()
                },
            }
        )
        return
    for day, (state, reason) in states.items():
        print_text(f"{day}: {state.value}{': ' + reason if reason else ''}")
    print_table(
        ("day", "category", "listed", "stored", "missing"),
        [(line.day, line.category, line.listed, line.stored, line.missing) for line in lines],
    )
    for text in sorted({f"{line.day} {one.paper_id}: {one.text}" for line in lines for one in line.reasons}):
        print_text(text)
