"""Figures, dates and states as a reader would say them. English, whatever the machine's locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.digest import DayState, DaySummary, Passage
from pipeline.subscriber import Volume

VERY_LIKELY, LIKELY = 0.8, 0.6  # from which probability on a paper is called so

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_CENT = 0.01
_ELLIPSIS = "\u2026"


def day_in_words(day: date) -> str:
    """`Tuesday 17 November`."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """`17 Nov`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def count(number: int, noun: str) -> str:
    """`1 paper`, `3 papers`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def verdict(probability: float) -> str:
    """How sure the ranking is, in the three steps its calibration can bear."""
    if probability >= VERY_LIKELY:
        return "very likely worth your time"
    return "likely worth your time" if probability >= LIKELY else "maybe worth your time"


def guess(*, is_answerable: bool) -> str:
    """What stands in the verdict's place over a paper that was taken in to learn from."""
    return "a guess at the border of what you like" + (": tell me" if is_answerable else "")


def volume_sentence(volume: Volume) -> str:
    """How much its reader gets, for the foot of the mail."""
    match volume:
        case Volume.FEW:
            return "You get few papers: only those that are surest to be worth your time."
        case Volume.MANY:
            return "You get many papers: also those that only may be worth your time."
        case Volume.NORMAL:
            return "You get the normal amount: papers that are more likely worth your time than not."


def commands_sentence(email: str) -> str:
    """How whoever runs this answers for a reader."""
    profile, like = f"autoreader profile {email} --volume few", f"autoreader like {email} ID"
    return f"Whoever runs this changes that with: {profile}; and answers papers with: {like} (or dislike)."


def authors_in_words(authors: Sequence[str], shown: int = 4) -> str:
    """`A, B, C, D and 3 more`."""
    rest = len(authors) - shown
    names = ", ".join(authors[:shown])
    return f"{names} and {rest} more" if rest > 0 else names


def place_in_words(passage: Passage) -> str:
    """Where a passage stands: `Method, page 4`, `page 4`, `abstract`."""
    if passage.page < 1:
        return "abstract"
    section = " ".join(passage.section.split())
    return f"{section}, page {passage.page}" if section else f"page {passage.page}"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut between two words and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:.-") + _ELLIPSIS


def ledger_sentence(summary: DaySummary) -> str:
    """What is known of the day's completeness, for the foot of the mail."""
    day = day_in_words(summary.day)
    if summary.state is DayState.NO_ANNOUNCEMENT:
        return f"arXiv announced no papers for {day}."
    told = f"arXiv listed {count(summary.listed, 'paper')} for {day}; {_holdings(summary)}."
    reason = summary.reason.strip().rstrip(".")
    match summary.state:
        case DayState.AWAITING:
            why = f" ({reason})" if reason else ""
            return f"{told} The list is not finished yet{why}; what is still to come will be in a later mail."
        case DayState.UNCHECKED:
            reason = reason or "the list could not be checked against a second source"
            return f"{told} {reason[0].upper()}{reason[1:]}."
        case _:
            return told


def reading_sentence(summary: DaySummary) -> str:
    """What reading the day took; empty where nothing of it was read."""
    if not summary.pages:
        return ""
    cost = dollars(summary.cost_usd) if summary.cost_usd else "on this machine, no cost"
    return f"Reading {count(summary.read, 'paper')}, {count(summary.pages, 'page')}: {cost}."


def dollars(amount: float) -> str:
    """`$0.43`; what is less than a cent is called so."""
    return f"${amount:,.2f}" if amount >= _CENT else "less than $0.01"


def _holdings(summary: DaySummary) -> str:
    is_stored, is_read = summary.stored >= summary.listed, summary.read >= summary.listed
    if is_stored and is_read:
        return "all are stored and read in full" if summary.listed > 1 else "it is stored and read in full"
    are = "is" if summary.stored == 1 else "are"
    return f"{summary.stored} {are} stored, {summary.read} read in full"
