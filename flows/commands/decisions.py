"""`explain`, `interleaving`: why a digest is as it is, and which of two rankers readers like better."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer

from flows.commands.people import Email
from flows.console import ExitCode, JsonFlag, parse_day, print_json, print_table, print_text, say
from flows.explanation import explain as explain_paper
from flows.explanation import explanation_json, explanation_lines
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.interleaving import Match, tally

Paper = Annotated[str, typer.Argument(help="arXiv identifier of a stored paper.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(explain)
    app.command()(interleaving)


def explain(
    email: Email,
    paper: Paper,
    date: Annotated[
        str | None, typer.Option("--date", help="The day; by default the one on which it was decided.")
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Show why a paper was, or was not, in a reader's digest; nothing is stored."""
    day = parse_day(date) if date else None
    with open_parts(load_settings()) as parts:
        told = explain_paper(parts, email, paper, day)
    if as_json:
        print_json(explanation_json(told))
        return
    for line in explanation_lines(told):
        print_text(line)


def interleaving(
    since: Annotated[str | None, typer.Option("--since", help="First day of digests; default: all.")] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Show which of two rankers, that drafted digests against each other, readers liked better. Sums only."""
    first = parse_day(since) if since else dt.date.min
    with open_parts(load_settings()) as parts, parts.store.read() as work:
        matches = tally(work.credits.drafted(first))
    if as_json:
        print_json({"matches": [_match_json(match) for match in matches]})
    elif matches:
        columns = ("ranker", "rival", "wins", "losses", "ties", "silent", "credit", "rival's", "p")
        print_table(columns, [_row(match) for match in matches])
        say("of digests; silent ones got no answer to a drafted paper, p is a two-sided sign test over wins and losses")
    else:
        say("no digest that was sent has been drafted by two rankers")
    raise typer.Exit(ExitCode.DONE if matches else ExitCode.NOTHING)


def _match_json(match: Match) -> dict[str, Any]:  # Any: JSON
    return {
        "ranker": match.rankers[0],
        "rival": match.rankers[1],
        "digests": match.wins + match.losses + match.ties + match.silent,
        "wins": match.wins,
        "losses": match.losses,
        "ties": match.ties,
        "silent": match.silent,
        "credits": list(match.credits),
        "p_value": match.p_value,
    }


def _row(match: Match) -> tuple[object, ...]:
    counts = (match.wins, match.losses, match.ties, match.silent, *match.credits)
    return (*match.rankers, *counts, f"{match.p_value:.3f}")
