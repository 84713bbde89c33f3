"""What a case of an unwanted part of an interest consists of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NegativeCase:
    """`dropped` is about interest and negative, `kept` about the interest alone; the first sentence is the title.

    `written` is the interest with the exception in it, where the reader gives no negative of its own; `named` is what a
    reason calls the negative, where that is not its text.
    """

    interest: str
    negative: str
    dropped: str
    kept: str
    written: str = ""
    named: str = ""
