"""`run`, `backfill`, `ledger`: days."""

from __future__ import annotations

from datetime import date as date_type
from typing import Annotated

import typer

from flows.console import ExitCode, JsonFlag, parse_day, print_json, print_table, print_text, progress_bars, say
from flows.lock import exclusive_run
from flows.prefect_env import prepare_prefect
from flows.reports import backfill_json, day_table, digest_lines, ledger_json, report_json
from flows.steps import BackfillReport, DayReport, newest_day
from flows.wiring import Parts, open_parts
from pipeline.config import load_settings
from pipeline.digest import DayState, LedgerLine
from pipeline.errors import UsageError
from pipeline.ledger import day_facts, day_state, ledger_lines
from pipeline.stages import SendReport

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
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts:
        if day:
            check_day(parts, day)
        prepare_prefect(settings.home)
        from flows.daily import daily

        with exclusive_run(parts.home.lock):
            report = daily.with_options(retries=0)(day, parts)
        _show(parts, report, as_json=as_json)
    raise typer.Exit(exit_code(report))


def check_day(parts: Parts, day: date_type, *, is_last: bool = False) -> None:
    """Raises UsageError for a day that arXiv has not announced, or (but as the last of many) never will."""
    newest = parts.calendar.latest_day(parts.clock.now())
    if day > newest:
        raise UsageError(f"{day} is not announced yet; the newest listing is {newest}")
    if not is_last and not parts.calendar.is_expected(day):
        raise UsageError(f"arXiv announces nothing for {day:%A %d %B %Y}; the newest listing is {newest}")


def _show(parts: Parts, report: DayReport, *, as_json: bool) -> None:
    with parts.store.read() as work:
        lines = ledger_lines(day_facts(work, report.day))
    if as_json:
        print_json(report_json(report, parts.home, lines))
        return
    print_table(*day_table(report))
    for line in digest_lines(report, parts.home):
        print_text(line)


def sending_trouble(sending: SendReport) -> str:
    """What is the matter with the mails; empty where they are through."""
    counts = (
        (sending.waiting, "wait for the next run"),
        (sending.failed, "were refused for good"),
        (sending.held, "are held, as they may have arrived"),
    )
    parts = [f"{count} {what}" for count, what in counts if count]
    return f"mails: {', '.join(parts)}; see: autoreader outbox" if parts else ""


def exit_code(report: DayReport) -> ExitCode:
    """3 where arXiv or subscribers are still missing; says which."""
    if report.state is DayState.NO_ANNOUNCEMENT:
        say(f"{report.day}: {report.reason}")
        return ExitCode.NOTHING
    if report.waits_for:
        say(f"{report.day}: awaiting arXiv: {report.waits_for}. Run it again later; nothing is lost.")
        return ExitCode.NOTHING
    if trouble := sending_trouble(report.sending):
        say(trouble)
        return ExitCode.FAILED
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
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts:
        last = parse_day(until) if until else newest_day(parts)
        check_day(parts, last, is_last=True)
        days = parts.calendar.days_between(first, last)
        if not days:
            raise UsageError(f"arXiv announced nothing between {first} and {last}")
        prepare_prefect(settings.home)
        from flows.backfill import backfill as backfill_flow

        with exclusive_run(parts.home.lock):
            report = backfill_flow(parts, days, with_digests=with_digests)
        for engine, why in report.ocr_stopped.items():
            say(f"{engine.value} stopped: {why}")
        if as_json:
            print_json(backfill_json(report, parts.home, _ledgers(parts, report)))
            raise typer.Exit(backfill_exit_code(report))
        rows = [(one.day, one.state.value, one.papers, one.pages.total, one.chunks) for one in report.days]
        print_table(("day", "state", "papers", "pages", "chunks"), rows)
        raise typer.Exit(backfill_exit_code(report))


def backfill_exit_code(report: BackfillReport) -> ExitCode:
    """3 while arXiv still owes the last of the days; an earlier one without papers stands in the table."""
    return ExitCode.NOTHING if report.days[-1].state is DayState.AWAITING else ExitCode.DONE


def _ledgers(parts: Parts, report: BackfillReport) -> list[list[LedgerLine]]:
    with parts.store.read() as work:
        return [ledger_lines(day_facts(work, one.day)) for one in report.days]


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
