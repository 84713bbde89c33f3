"""Figures and dates in English; the server's locale has no say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 (shorter than a list)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905 (shorter than a list)

_CENT = 0.01


def short_day(day: date) -> str:
    """`17 Nov 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def long_day(day: date) -> str:
    """`Tuesday, 17 November 2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def number(count: int) -> str:
    """`105,668`."""
    return f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 paper`, `52 papers`."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def listed_authors(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {counted(len(names) - most, 'other')}"


def duration(seconds: float) -> str:
    """`43 ms`, `1.2 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def clipped(text: str, limit: int = 240) -> str:
    """At most `limit` characters, cut between two words: reasons may quote what a program said at length."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", 0, limit)
    return text[: cut if cut > 0 else limit] + " …"


def dollars(amount: float) -> str:
    """`$0.43`; what is less than a cent is called so."""
    return f"${amount:,.2f}" if amount >= _CENT else "less than $0.01"
