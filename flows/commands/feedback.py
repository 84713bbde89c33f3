"""`like`, `dislike`, `save`, `forget`: what a reader makes of papers."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.people import Email
from flows.console import ExitCode, JsonFlag, print_json, print_text
from flows.profiles import forget as forget_papers
from flows.profiles import teach
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.subscriber import FeedbackKind, Profile

PaperIds = Annotated[list[str], typer.Argument(help="arXiv identifiers of stored papers.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (like, dislike, save, forget):
        app.command()(command)


def like(email: Email, ids: PaperIds, *, as_json: JsonFlag = False) -> None:
    """More like these."""
    _teach(email, ids, FeedbackKind.LIKE, as_json=as_json)


def dislike(email: Email, ids: PaperIds, *, as_json: JsonFlag = False) -> None:
    """Less like these."""
    _teach(email, ids, FeedbackKind.DISLIKE, as_json=as_json)


def save(email: Email, ids: PaperIds, *, as_json: JsonFlag = False) -> None:
    """Keep these: as good as liked, and on the reader's shelf."""
    _teach(email, ids, FeedbackKind.SAVE, as_json=as_json)


def forget(email: Email, ids: PaperIds, *, as_json: JsonFlag = False) -> None:
    """Take back whatever was said of these, by tap, by command or by a library."""
    with open_parts(load_settings()) as parts:
        forgotten, profile = forget_papers(parts, email, ids)
    if as_json:
        print_json({"forgotten": forgotten} | _counts(profile))
    else:
        print_text(f"{email}: {forgotten} forgotten, {_told(profile)}")
    raise typer.Exit(ExitCode.DONE if forgotten else ExitCode.NOTHING)


def _teach(email: str, ids: list[str], kind: FeedbackKind, *, as_json: bool) -> None:
    with open_parts(load_settings()) as parts:
        profile = teach(parts, email, ids, kind)
    if as_json:
        print_json(_counts(profile))
        return
    print_text(f"{email}: {_told(profile)}")


def _counts(profile: Profile) -> dict[str, int]:
    counts = {"likes": len(profile.likes), "dislikes": len(profile.dislikes)}
    return counts | ({"saves": len(profile.saves)} if profile.saves else {})


def _told(profile: Profile) -> str:
    saved = f", {len(profile.saves)} saved" if profile.saves else ""
    return f"{len(profile.likes)} liked, {len(profile.dislikes)} disliked{saved}"
