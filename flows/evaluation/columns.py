"""Two-column pages whose reading order follows from geometry alone: the left column, then the right one.

The words and their places come from pdfium's characters, without any of this project's reading. Such a page has
nothing that crosses the gutter between its running head and foot; their zones are left out on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from flows.evaluation.words import words_of

_TOP, _BOTTOM = 0.065, 0.92  # of the page's height: between them stands the text
_GUTTER = (0.42, 0.58)  # of its width
_NARROWEST = 6.0  # points
_FEWEST_WORDS = 120  # in either column
_WORD = re.compile("[^\\s\ufffe\x02]+[\ufffe\x02]?")  # the last two are hyphens at line ends
_SPACED = re.compile(r"(?:[^\W\d_] ){8,}")
_HYPHENS = "-\u00ad\ufffe\x02"


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A run of visible characters in points, origin at the bottom left as in PDF."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.bottom + self.top) / 2


def two_column_pages(pdf: Path) -> Iterator[tuple[int, list[str]]]:
    """The pages, counted from 1, that are purely in two columns, each with its words in reading order."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            words = [word for word in _placed_words(page) if _TOP * height < height - word.middle < _BOTTOM * height]
            columns = split_columns(words, width)
            if columns is not None:
                yield number, [word for column in columns for word in words_of(_running_text(column))]
            page.close()


def split_columns(words: Sequence[PlacedWord], width: float) -> tuple[list[PlacedWord], list[PlacedWord]] | None:
    """The words left and right of an empty gutter, None where there is none or a column is nearly empty."""
    gutter = _gutter(words, width)
    if gutter is None:
        return None
    left = [word for word in words if word.right <= gutter]
    right = [word for word in words if word.left >= gutter]
    return (left, right) if min(len(left), len(right)) >= _FEWEST_WORDS else None


def _gutter(words: Iterable[PlacedWord], width: float) -> float | None:
    """The middle of the widest strip near the page's middle that no word touches."""
    low, high = _GUTTER[0] * width, _GUTTER[1] * width
    taken = sorted(
        (max(word.left, low), min(word.right, high)) for word in words if word.right > low and word.left < high
    )
    reached, best = low, (0.0, 0.0)
    for start, end in [*taken, (high, high)]:
        best = max(best, (start - reached, (start + reached) / 2))
        reached = max(reached, end)
    return best[1] if best[0] >= _NARROWEST else None


def _running_text(column: Sequence[PlacedWord]) -> str:
    """A column's words line by line, those parted by a hyphen at a line's end joined where a small letter follows."""
    text = ""
    for line in _lines(column):
        parts = [word.text for word in sorted(line, key=lambda word: word.left)]
        joined = " ".join(parts)
        if len(text) > 1 and text[-1] in _HYPHENS and text[-2].isalpha() and joined[:1].islower():
            text = text[:-1] + joined
        else:
            text = f"{text} {joined}"
    return text


def _lines(column: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Words whose middles lie within each other's height, from the top."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(column, key=lambda word: -word.middle):
        if lines and any(other.bottom < word.middle < other.top for other in lines[-1]):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _placed_words(page: pypdfium2.PdfPage) -> Iterator[PlacedWord]:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    # No gold where positions do not fit the characters, or where pdfium parts every letter of a listing.
    if len(text) == text_page.count_chars() and not _SPACED.search(text):
        for match in _WORD.finditer(text):
            boxes = [text_page.get_charbox(index) for index in range(*match.span())]
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            yield PlacedWord(match[0], min(lefts), min(bottoms), max(rights), max(tops))
    text_page.close()
