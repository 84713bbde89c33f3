"""`train` and `models`: models of one's own, and which of them serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.console import ExitCode, JsonFlag, print_json, print_table, print_text, progress_bars, say
from flows.home import Home
from flows.wiring import open_parts
from pipeline.config import load_settings
from rerank.registry import Manifest, ModelKind, Registry

_HELP = """Train a model on what was kept of each day and what was let pass.

It serves only if it beats what serves now on held-out days (the last quarter, used for nothing else): nDCG@10 higher by
.005 at least, and higher at all in 95 % of bootstrap draws. Otherwise it is kept aside and told so.

--feedback is the one way in which one reader's data can influence what others are shown: without it nobody's is used.
A reader who is erased is not taken out of a model that was trained before: train anew, or retire it.
"""
_Kind = Annotated[ModelKind, typer.Argument(help="What it does.")]
_Lists = Annotated[
    Path | None, typer.Option("--lists", help="Curated lists, JSON lines: list, saves: [{id, added}], interest.")
]
_Papers = Annotated[
    Path | None, typer.Option("--papers", help="The lists' papers as for `load`; default: those that are stored.")
]
_Feedback = Annotated[bool, typer.Option("--feedback", help="Learn from all readers' likes and saves as well.")]
_Base = Annotated[
    str, typer.Option("--base", help="Cross-encoder: a model to begin with, name or folder; default: the packaged one.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command(help=_HELP)(train)
    models = typer.Typer(name="models", help="The models that were trained here.", invoke_without_command=True)
    models.callback()(list_models)
    models.command("use")(use)
    models.command("rollback")(rollback)
    models.command("retire")(retire)
    app.add_typer(models)


def train(
    kind: _Kind,
    *,
    lists: _Lists = None,
    papers: _Papers = None,
    feedback: _Feedback = False,
    base: _Base = "",
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="At most; it stops when it gains no more.")] = 10,
    days: Annotated[int, typer.Option("--days", min=4, help="Days of each list, spread evenly.")] = 40,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model on a CPU.")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would learn from.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Train a model; see `_HELP`."""
    from flows.training import Wanted, chosen_device, gather
    from flows.training import train as run

    wanted = Wanted(lists, papers, feedback, days, base, epochs, chosen_device(device), seed)
    with progress_bars() as progress, open_parts(load_settings(), progress=progress) as parts:
        gathered = gather(parts, wanted)
        found = gathered.counts if dry_run else run(parts, kind, wanted, gathered)
    if as_json:
        print_json(found)
        return
    print_text(f"learning from {gathered.words}: " + ", ".join(f"{n} {k}" for k, n in gathered.counts.items()))
    if not dry_run:
        print_text(f"{found['model']} ({found['how']}) is {found['verdict']}")
        print_text("it serves from now on" if found["serves"] else "it is kept, and what served goes on serving")


def list_models(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """List the models that were trained here, and which of them serve."""
    if context.invoked_subcommand:
        return
    registry = _registry()
    entries = registry.entries()
    serving = {entry.name for kind in ModelKind if (entry := registry.serving(kind))}
    if as_json:
        print_json({"models": [_json(entry, is_serving=entry.name in serving) for entry in entries]})
    elif entries:
        rows = [(e.name, "yes" if e.name in serving else "", e.made_at, _figures(e), e.trained_on) for e in entries]
        print_table(("model", "serves", "made at", "nDCG@10", "trained on"), rows)
    else:
        say("no model was trained here yet; see: autoreader train --help")
    raise typer.Exit(ExitCode.DONE if entries else ExitCode.NOTHING)


def use(name: Annotated[str, typer.Argument(help="A model, as `autoreader models` names it.")]) -> None:
    """Take a model into service, whatever the comparison said."""
    kind = _registry().use(name)
    print_text(f"{name} serves as {kind.value} from the next run on")


def rollback(kind: _Kind) -> None:
    """Put back what served before the last change."""
    name = _registry().rollback(kind)
    print_text(f"{name} serves as {kind.value} again" if name else f"no {kind.value} serves any more")


def retire(kind: _Kind) -> None:
    """Let no model of a kind serve."""
    _registry().retire(kind)
    print_text(f"no {kind.value} serves any more; `autoreader models rollback {kind.value}` undoes it")


def _registry() -> Registry:
    return Registry(Home(load_settings().home).trained)


def _figures(entry: Manifest) -> str:
    return f"{entry.figures.get('challenger', 0):.3f} against {entry.figures.get('champion', 0):.3f}"


def _json(entry: Manifest, *, is_serving: bool) -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "serves": is_serving,
        "made_at": entry.made_at,
        "base": entry.base,
        "trained_on": entry.trained_on,
        "how": entry.how,
        "seed": entry.seed,
        "figures": dict(entry.figures),
        "versions": dict(entry.versions),
    }
