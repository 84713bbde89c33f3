"""Puts the words of program listings together again, whose letters stand apart.

LaTeX's `listings` sets every letter in a box of the same width (0.6 em), which is wider than most letters: extractors
see a space after each one, and no longer where the words end. Only the distances tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

SPACED = re.compile(r"(?<!\S)(?:\S ){5,}\S(?!\S)")
_WIDEST_PITCH = 0.75  # em; single letters that are words of their own stand further apart ...
_WIDEST_OF_ALL = 1.1  # ... unless these are many, and code in print smaller than its boxes were made for
_MANY = 10
_UNEVEN = 0.2  # of the pitch
_SHARE = 0.85  # of the steps must be even: letters spaced for looks keep their own widths


def close_letters(text: str, size_of: Callable[[int], float], place_of: Callable[[int], float]) -> str:
    """The text with letters of one pitch closed up; runs that are set in any other way stay as they are.

    `size_of` and `place_of` tell a character's font size and where its middle stands along its line, both in points.
    """
    parts, end = [], 0
    for match in SPACED.finditer(text):
        visible = [index for index in range(*match.span()) if text[index] != " "]
        closed = _close([text[index] for index in visible], [place_of(index) for index in visible], size_of(visible[0]))
        if closed is not None:
            parts += [text[end : match.start()], closed]
            end = match.end()
    return "".join([*parts, text[end:]])


def _close(letters: Sequence[str], places: Sequence[float], size: float) -> str | None:
    steps = [right - left for left, right in pairwise(places)]
    pitch = median(steps)
    is_word = sum(map(str.isalpha, letters)) >= _MANY
    if not 0 < pitch < (_WIDEST_OF_ALL if is_word else _WIDEST_PITCH) * size:
        return None
    counts = [max(1, round(step / pitch)) for step in steps]
    even = sum(abs(step - count * pitch) < _UNEVEN * pitch for step, count in zip(steps, counts, strict=True))
    if even < _SHARE * len(steps):
        return None
    return letters[0] + "".join(
        (" " if count > 1 else "") + letter for count, letter in zip(counts, letters[1:], strict=True)
    )
