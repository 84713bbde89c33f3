"""How much OCR may take in a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pipeline.document import Engine, Usage

_REMEMBERED = 200  # pages that weigh in what a page usually takes


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How long, how often and for how much pages may be tried.

    The guesses are what a page is taken to need before an engine has read its first one; a guess of 0 dollars
    means that nothing it does costs money.
    """

    max_usd_per_day: float
    max_cpu_seconds_per_day: float
    attempts: int = 3
    lease: timedelta = timedelta(minutes=35)
    usd_guess: float = 0.0
    cpu_seconds_guess: float = 5.0


class Purse:
    """What an engine may still take today, in dollars or in processor seconds.

    Pages in flight count with what one usually takes, so that a day overdraws by the error of that guess at most.
    """

    def __init__(self, limit: float, spent: float, usual: float, words: str) -> None:
        self._limit = limit
        self._spent = spent
        self._usual = usual
        self._pages = 1
        self._words = words

    def why_not(self, in_flight: int) -> str:
        """Why no further page may be begun; empty where it may."""
        if self._usual <= 0 or self._spent + (in_flight + 1) * self._usual <= self._limit:
            return ""
        return self._words.format(limit=self._limit)

    def take(self, amount: float) -> None:
        """Counts what a page took."""
        self._spent += amount
        self._pages = min(self._pages + 1, _REMEMBERED)
        self._usual += (amount - self._usual) / self._pages


def amount_of(engine: Engine, usage: Usage) -> float:
    """What counts of an engine's usage: dollars of one on a GPU, processor seconds of one that works here."""
    return usage.cost_usd if engine is Engine.SURYA else usage.cpu_seconds


def purse_of(engine: Engine, limits: PageLimits, spent: Usage, usual: Usage | None) -> Purse:
    """The purse of an engine after what the day has taken; `usual` is None for an engine that has read nothing yet."""
    before = amount_of(engine, spent)
    known = None if usual is None else amount_of(engine, usual)
    if engine is Engine.SURYA:
        words = "today's {limit:.2f} US dollars are spent (ocr.max_usd_per_day)"
        if not limits.max_usd_per_day:
            words = "it costs money, and none may be spent (ocr.max_usd_per_day is 0)"
        # A home GPU costs nothing, whatever a rented one has cost before.
        guess = (known or limits.usd_guess) if limits.usd_guess else 0.0
        return Purse(limits.max_usd_per_day, before, guess, words)
    words = "today's {limit:.0f} processor seconds for OCR are used up (ocr.max_cpu_seconds_per_day)"
    return Purse(limits.max_cpu_seconds_per_day, before, known or limits.cpu_seconds_guess, words)
