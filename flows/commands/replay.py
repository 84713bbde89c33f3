"""`replay`: what past days would have brought a reader otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.people import Email
from flows.console import JsonFlag, parse_day, print_json, print_table, print_text, progress_bars
from flows.light_encoder import LightEncoder
from flows.option_order import OrderedCommand, as_typed, read_interests
from flows.profiles import require_stored
from flows.replay import Span, Trial
from flows.replay import replay as replay_days
from flows.replay_texts import replay_json, replay_lines, replay_table
from flows.trial import Changes, selection_with
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.paper import ArxivId
from pipeline.profile_changes import checked_categories, seeds_of
from pipeline.subscriber import Volume

_Texts = list[str] | None


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(cls=OrderedCommand)(replay)


def replay(
    context: typer.Context,
    email: Email,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="So many days back.")] = 30,
    until: Annotated[
        str | None, typer.Option("--until", help="The last day; the newest stored one by default.")
    ] = None,
    *,
    interest: Annotated[
        _Texts, typer.Option("--interest", help="With this interest too; a known one: reweighed.")
    ] = None,
    weight: Annotated[list[float] | None, typer.Option("--weight", help="Of the --interest before it.")] = None,
    category: Annotated[_Texts, typer.Option("--category", help="A hint of the --interest before it.")] = None,
    seed: Annotated[_Texts, typer.Option("--seed", help="A stored paper that shows the --interest before it.")] = None,
    drop_interest: Annotated[
        _Texts, typer.Option("--drop-interest", help="Without it: words of it, or its number.")
    ] = None,
    negative: Annotated[_Texts, typer.Option("--not", help="With this unwanted topic too.")] = None,
    drop_negative: Annotated[_Texts, typer.Option("--drop-not", help="Without this unwanted topic.")] = None,
    author: Annotated[_Texts, typer.Option("--author", help="Following this author too.")] = None,
    avoided: Annotated[_Texts, typer.Option("--avoid-author", help="Avoiding this author.")] = None,
    drop_author: Annotated[_Texts, typer.Option("--drop-author", help="Neither following nor avoiding them.")] = None,
    volume: Annotated[Volume | None, typer.Option("--volume", help="Wanting few, normal or many.")] = None,
    min_probability: Annotated[
        float | None, typer.Option("--min-probability", min=0, max=1, help="In place of mail.min_probability.")
    ] = None,
    max_items: Annotated[
        int | None, typer.Option("--max-items", min=1, max=50, help="In place of mail.max_items.")
    ] = None,
    without_like: Annotated[_Texts, typer.Option("--without-like", help="As if nothing was said of this.")] = None,
    forget_likes: Annotated[bool, typer.Option("--forget-likes", help="As if nothing was said of any paper.")] = False,
    later_likes: Annotated[bool, typer.Option("--later-likes", help="With what was said after the day too.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what the last days would have brought with a changed profile, beside what they brought.

    Options may be repeated. Nothing is stored and nothing is sent. What was said of papers counts from the day after.
    """
    del interest, weight, category, seed
    interests, categories = read_interests(as_typed(context, ("interest", "weight", "category", "seed")))
    changes = Changes(
        dropped_interests=tuple(drop_interest or ()),
        dropped_negatives=tuple(drop_negative or ()),
        dropped_authors=tuple(drop_author or ()),
        interests=interests,
        negatives=tuple(negative or ()),
        authors=tuple(author or ()),
        avoided_authors=tuple(avoided or ()),
        categories=checked_categories(categories),
        volume=volume,
        forgotten=tuple(ArxivId.parse(one).id for one in without_like or ()),
        forgets_all=forget_likes,
    )
    span = Span(days, parse_day(until) if until else None)
    with progress_bars() as progress, open_parts(load_settings(), progress=progress) as parts:
        parts.encoder = LightEncoder(parts.encoder)  # before the ranker is opened
        with parts.store.read() as work:
            require_stored(work, [*seeds_of(interests), *changes.forgotten])
        selection = selection_with(parts.selection, min_probability, max_items)
        trial = Trial(changes, selection if selection != parts.selection else None, later_likes)
        replayed = replay_days(parts, email, span, trial)
    if as_json:
        print_json(replay_json(email, replayed))
        return
    print_table(*replay_table(replayed, is_changed=trial.is_changed))
    for line in replay_lines(replayed, is_changed=trial.is_changed):
        print_text(line)
