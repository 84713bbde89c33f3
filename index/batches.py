"""Which texts are computed together: those of like length, so that hardly any work is spent on padding."""

from __future__ import annotations

from collections.abc import Sequence


def token_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Places of the texts, batch by batch, longest first; padded, no batch has more than `budget` tokens.

    `lengths` are in tokens. A text that is longer than the budget is a batch of its own. Longest first, so that what
    does not fit into memory fails at once.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    batches: list[list[int]] = []
    start = 0
    while start < len(order):
        most = max(1, budget // max(1, lengths[order[start]]))
        batches.append(order[start : start + most])
        start += most
    return batches
