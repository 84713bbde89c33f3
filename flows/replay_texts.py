"""A replay as JSON, as a table, and as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.replay import Outcome, ReplayedDay


def replay_json(email: str, days: Sequence[ReplayedDay]) -> dict[str, Any]:  # Any: JSON
    """The `--json` document of `replay`."""
    return {
        "email": email,
        "days": [
            {
                "day": day.day.isoformat(),
                "mailed": day.was_mailed,
                "considered": day.considered,
                "kept": [_outcome_json(one) for one in day.kept],
                "new": [_outcome_json(one, "before") for one in day.new],
                "dropped": [_outcome_json(one, "now") for one in day.dropped],
            }
            for day in days
        ],
        "totals": totals(days),
    }


def totals(days: Sequence[ReplayedDay]) -> dict[str, int]:
    """How many papers of all days are kept, new and dropped."""
    return {
        "days": len(days),
        "mailed": sum(day.was_mailed for day in days),
        "considered": sum(day.considered for day in days),
        "kept": sum(len(day.kept) for day in days),
        "new": sum(len(day.new) for day in days),
        "dropped": sum(len(day.dropped) for day in days),
    }


def replay_table(days: Sequence[ReplayedDay], *, is_changed: bool) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Columns and rows: a day each, and all of them."""
    rows: list[tuple[object, ...]] = [
        (
            str(day.day),
            _beside(day, is_changed=is_changed),
            day.considered,
            len(day.kept),
            len(day.new),
            len(day.dropped),
        )
        for day in days
    ]
    all_of_them = totals(days)
    names = ("considered", "kept", "new", "dropped")
    return ("day", "beside", *names), [*rows, ("all", "", *(all_of_them[name] for name in names))]


def replay_lines(days: Sequence[ReplayedDay], *, is_changed: bool) -> list[str]:
    """What came and went, with titles and why; days on which nothing did are left out."""
    lines: list[str] = []
    for day in days:
        if day.new or day.dropped:
            lines.append(f"\n{day.day}, beside {_beside(day, is_changed=is_changed)}:")
            lines += [f"  = {one.probability:4.0%}  {one.paper_id}  {one.title}" for one in day.kept]
            lines += [line for one in day.new for line in _moved("+", one, "before")]
            lines += [line for one in day.dropped for line in _moved("-", one, "now")]
    return lines


def _beside(day: ReplayedDay, *, is_changed: bool) -> str:
    if day.was_mailed:
        return "the digest"
    return "no digest" if not is_changed else "the profile as it is"


def _moved(sign: str, outcome: Outcome, when: str) -> list[str]:
    other = f" {when.capitalize()}: {outcome.other}." if outcome.other else ""
    return [
        f"  {sign} {outcome.probability:4.0%}  {outcome.paper_id}  {outcome.title}",
        f"          {outcome.why}{other}",
    ]


def _outcome_json(outcome: Outcome, other: str = "") -> dict[str, Any]:  # Any: JSON
    told = {
        "id": outcome.paper_id,
        "title": outcome.title,
        "probability": outcome.probability,
        "why": outcome.why,
    }
    return told | ({other: outcome.other} if other else {})
