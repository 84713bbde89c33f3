"""`subscribe`, `profile`, `interest`, `unwanted`, `follow`, `avoid`: what a reader cares about, thing by thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import reduce
from typing import Annotated

import typer

from flows.belief_texts import belief_lines, beliefs_json, profile_lines, subscriber_json
from flows.commands.people import Email
from flows.console import JsonFlag, print_json, print_text
from flows.option_order import OrderedCommand, as_typed, read_interests
from flows.profiles import Change, Said, change_profile, subscribe_reader, view_beliefs
from flows.wiring import open_parts
from pipeline.author_ids import checked_author
from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.profile_changes import (
    avoiding,
    checked_categories,
    checked_topic,
    find_interest,
    following,
    indifferent_to,
    with_interest,
    with_interest_changed,
    with_negatives,
    with_new_interest,
    without_interest,
    without_negative,
)
from pipeline.subscriber import Interest, Profile, Volume

NONE = "none"  # what is typed to empty a list

Names = Annotated[list[str], typer.Argument(help="A name, an ORCID iD, or an arXiv author id such as lind_a_1.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take it back.")]
Weight = Annotated[float | None, typer.Option("--weight", help="How much it counts; 1 unless said.")]
Hints = Annotated[
    list[str] | None,
    typer.Option("--category", help="Where such papers are listed, a hint; repeatable; replaces, `none` empties."),
]
Seeds = Annotated[
    list[str] | None,
    typer.Option("--seed", help="A stored paper that shows what is meant; repeatable; replaces, `none` empties."),
]


class Verb(StrEnum):
    """What is done with one interest."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Toggle(StrEnum):
    """What is done with one unwanted topic."""

    ADD = "add"
    REMOVE = "remove"


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command(cls=OrderedCommand)(subscribe)
    for command in (profile, interest, unwanted, follow, avoid):
        app.command()(command)


def subscribe(
    context: typer.Context,
    email: Email,
    interest: Annotated[list[str] | None, typer.Option("--interest", help="A topic in your words; repeatable.")] = None,
    negative: Annotated[list[str] | None, typer.Option("--not", help="What you do not want; repeatable.")] = None,
    author: Annotated[
        list[str] | None,
        typer.Option("--author", help="An author to follow: name, ORCID iD or arXiv author id; repeatable."),
    ] = None,
    *,
    avoided: Annotated[
        list[str] | None, typer.Option("--avoid-author", help="An author you never want, by name; repeatable.")
    ] = None,
    weight: Annotated[
        list[float] | None, typer.Option("--weight", help="How much the --interest before it counts; 1 unless said.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="Where papers of the --interest before it are listed; before all: of any."),
    ] = None,
    seed: Annotated[
        list[str] | None, typer.Option("--seed", help="A stored paper that shows what the --interest before it means.")
    ] = None,
    volume: Annotated[Volume | None, typer.Option("--volume", help="How much you want to read.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Add a subscriber, or tell of a known one anew. The owner's way in: no opt-in mail is sent.

    autoreader subscribe me@example.org --interest "graph learning" --weight 2 --interest "proteins" --category q-bio.BM

    Whatever is given replaces what stood there: the --interest options all interests, with their weights, hints and
    seeds; --not all unwanted topics; --author all followed authors; and so on. What is not given stays, and so does
    what they made of papers. Who had left gets mail again. To change one thing: interest, unwanted, follow, avoid,
    profile.
    """
    del interest, weight, category, seed
    interests, hints = read_interests(as_typed(context, ("interest", "weight", "category", "seed")))
    said = Said(
        interests=reduce(with_interest, interests, Profile()).interests or None,
        negatives=_said(negative, checked_topic),
        authors=_said(author, checked_author),
        avoided_authors=avoiding(Profile(), avoided).avoided_authors if avoided else None,
        categories=checked_categories(hints) or None,
        volume=volume,
    )
    with open_parts(load_settings()) as parts:
        stored = subscribe_reader(parts, email, said)
    if as_json:
        print_json({"subscriber": subscriber_json(stored)})
        return
    count = len(stored.profile.interests)
    print_text(f"{stored.email} is subscribed with {count} interests; the next `autoreader run` mails them.")


def profile(
    email: Email,
    *,
    volume: Annotated[Volume | None, typer.Option("--volume", help="How much you want to read.")] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="Where your papers are listed, a hint; repeatable; replaces, `none` empties."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show what is believed of a reader; --volume and --category change that first."""

    def change(known: Profile) -> Profile:
        categories = known.categories if category is None else checked_categories(_unless_none(category))
        return replace(known, categories=categories, volume=volume or known.volume)

    with open_parts(load_settings()) as parts:
        if volume is not None or category is not None:
            change_profile(parts, email, change)
        beliefs = view_beliefs(parts, email)
    if as_json:
        print_json(beliefs_json(beliefs))
        return
    for line in belief_lines(beliefs):
        print_text(line)


def interest(
    email: Email,
    verb: Annotated[Verb, typer.Argument(help="What to do with it.")],
    text: Annotated[str, typer.Argument(help="Its words; for a known one also a part of them, or its number.")],
    *,
    weight: Weight = None,
    category: Hints = None,
    seed: Seeds = None,
    words: Annotated[str | None, typer.Option("--words", help="With change: what it says from now on.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Add one interest, change it, or remove it; everything else stays."""
    if verb is not Verb.CHANGE and words is not None:
        raise UsageError("--words goes with change; a new interest is added by its words alone")
    if verb is Verb.REMOVE and (weight, category, seed) != (None, None, None):
        raise UsageError("remove takes nothing but the interest; to take a hint off it: change ... --category none")

    def change(known: Profile) -> Profile:
        match verb:
            case Verb.ADD:
                return with_new_interest(known, _told(Interest(text), weight, category, seed))
            case Verb.CHANGE:
                before = known.interests[find_interest(known, text)]
                told = _told(before, weight, category, seed)
                return with_interest_changed(known, text, replace(told, text=words or before.text))
            case Verb.REMOVE:
                return without_interest(known, text)

    _change(email, change, as_json=as_json)


def unwanted(
    email: Email,
    verb: Annotated[Toggle, typer.Argument(help="What to do with it.")],
    topic: Annotated[str, typer.Argument(help="Its words; to remove one also a part of them, or its number.")],
    *,
    as_json: JsonFlag = False,
) -> None:
    """Add one topic that is not wanted, or remove it; everything else stays."""

    def change(known: Profile) -> Profile:
        return with_negatives(known, [topic]) if verb is Toggle.ADD else without_negative(known, topic)

    _change(email, change, as_json=as_json)


def follow(email: Email, names: Names, *, undo: Undo = False, as_json: JsonFlag = False) -> None:
    """Follow authors: their papers come first. Whoever was avoided is not any more."""
    _change(email, lambda known: (indifferent_to if undo else following)(known, names), as_json=as_json)


def avoid(email: Email, names: Names, *, undo: Undo = False, as_json: JsonFlag = False) -> None:
    """Never recommend these authors, told by name. Whoever was followed is not any more."""
    _change(email, lambda known: (indifferent_to if undo else avoiding)(known, names), as_json=as_json)


def _change(email: str, how: Change, *, as_json: bool) -> None:
    with open_parts(load_settings()) as parts:
        changed = change_profile(parts, email, how)
    if as_json:
        print_json({"subscriber": subscriber_json(changed)})
        return
    for line in profile_lines(changed.profile):
        print_text(line)


def _told(before: Interest, weight: float | None, hints: list[str] | None, seeds: list[str] | None) -> Interest:
    return Interest(
        before.text,
        before.weight if weight is None else weight,
        before.categories if hints is None else _unless_none(hints),
        before.seeds if seeds is None else _unless_none(seeds),
    )


def _unless_none(texts: list[str]) -> tuple[str, ...]:
    return () if texts == [NONE] else tuple(texts)


def _said(texts: list[str] | None, check: Callable[[str], str]) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(map(check, texts))) if texts else None
