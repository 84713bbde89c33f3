"""Options that belong to the one before them: `--interest "graphs" --weight 2 --interest "proteins"`.

An interest is any text, so whatever else is said of it has to stand outside: nothing that somebody writes can be taken
for a weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperCommand

from pipeline.errors import UsageError
from pipeline.subscriber import Interest

_ORDER = "flows.option_order"


class OrderedCommand(TyperCommand):
    """A command that knows in which order its repeatable options were typed; `as_typed` tells."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # its base is private
        """Notes the order, then parses as ever: the parser throws it away."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = tuple(param.name or "" for param in order)
        return super().parse_args(ctx, args)


def as_typed(context: typer.Context, names: Iterable[str]) -> list[tuple[str, Any]]:  # Any: what the option takes
    """Name and value of these repeatable options, in the order in which they were typed."""
    values = {name: iter(context.params[name] or ()) for name in names}
    return [(name, next(values[name])) for name in context.meta[_ORDER] if name in values]


def read_interests(spoken: Sequence[tuple[str, Any]]) -> tuple[tuple[Interest, ...], tuple[str, ...]]:  # Any: as above
    """The interests with what was said behind each, and the category hints said before the first, which are for all.

    `spoken` are `interest`, `weight`, `category` and `seed` with their values. Raises UsageError for a weight or a
    seed without an interest, and for two weights of one.
    """
    starts = [at for at, (name, _) in enumerate(spoken) if name == "interest"]
    general = spoken[: starts[0]] if starts else spoken
    if stray := [name for name, _ in general if name != "category"]:
        raise UsageError(f"--{stray[0]} stands behind the --interest that it belongs to")
    groups = [spoken[start:end] for start, end in pairwise([*starts, len(spoken)])]
    return tuple(_interest(group) for group in groups), tuple(str(value) for _, value in general)


def _interest(group: Sequence[tuple[str, Any]]) -> Interest:  # Any: as above
    said: dict[str, list[Any]] = {"interest": [], "weight": [], "category": [], "seed": []}
    for name, value in group:
        said[name].append(value)
    text = said["interest"][0]
    if len(said["weight"]) > 1:
        raise UsageError(f"the interest {text!r} has two weights")
    weight = said["weight"][0] if said["weight"] else 1.0
    return Interest(text, weight, tuple(said["category"]), tuple(said["seed"]))
