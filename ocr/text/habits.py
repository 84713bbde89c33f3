"""Finds what a document prints around its pages: by what recurs near their edges, and how they are numbered."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.text.shapes import is_caption_text

ZONE = 0.15  # of the page's height, at either end
MOST_LINES = 6  # walked inwards from an edge
PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page\s*)?(?:(?P<digits>\d{1,4})|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*$", re.IGNORECASE
)
WORDS = re.compile(r"[^\W\d_]{3}")  # numbers alone recur in tables and plots too
_JITTER = 2  # points by which a header may stand higher or lower
_APART = 1.0  # em of white under a header
_NUMBER_IN_HEAD = re.compile(r"^\d{1,4}(?=\s)|(?<=\s)\d{1,4}$")
_SHORT = 3  # pages; with fewer nothing can recur
_LONG = 8  # pages
_MOST_PAGES = 0.6
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")


@dataclass(frozen=True, slots=True)
class Habits:
    """What a document prints around its pages.

    Recurring texts, the heights (points) of running headers, and how far printed page numbers are from the count.
    """

    texts: frozenset[str]
    header_heights: tuple[int, ...]
    page_offsets: frozenset[int]
    is_short: bool

    def has_number(self, text: str, page: PageText) -> bool:
        """Whether a text is the page's number; a lone number in a plot or table rarely is."""
        match = PAGE_NUMBER.match(text)
        if match is None:
            return False
        return not match["digits"] or int(match["digits"]) - page.number in self.page_offsets

    def recurs(self, line: Line) -> bool:
        """Whether its text stands at the edges of other pages too."""
        return _key(line) in self.texts or line.text in self.texts

    def has_header_at(self, line: Line) -> bool:
        """Whether it stands where many pages begin."""
        return any(abs(line.top - height) <= _JITTER for height in self.header_heights)


def find_habits(pages: Sequence[PageText]) -> Habits:
    """The habits of a document whose pages have no line numbers."""
    return Habits(_recurring(pages), _header_heights(pages), _page_offsets(pages), is_short=len(pages) < _SHORT)


def _recurring(pages: Sequence[PageText]) -> frozenset[str]:
    """Texts that stand near an edge of several pages: two, of eight pages or more three.

    With words in them they may differ in their numbers; without, they must be the same on most pages.
    """
    keys: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for page in pages:
        edge = [line for line in _at_edges(page) if not is_caption_text(line.text)]  # "TABLE II" heads many IEEE pages
        keys.update({_key(line) for line in edge})
        texts.update({line.text for line in edge if len(line.text) > 1})
    few = 2 if len(pages) < _LONG else 3
    most = max(2, _MOST_PAGES * len(pages))
    worded = {key for key, count in keys.items() if count >= few and WORDS.search(key)}
    return frozenset(worded | {text for text, count in texts.items() if count >= most})


def _page_offsets(pages: Sequence[PageText]) -> frozenset[int]:
    """Differences between printed and counted page numbers that at least two pages share (of one page, any)."""
    seen: Counter[int] = Counter()
    for page in pages:
        edge = _at_edges(page)
        numbers = [match["digits"] for line in edge if (match := PAGE_NUMBER.match(line.text))]
        outermost = sorted(edge, key=lambda line: line.top)
        for line in outermost[:1] + outermost[-1:]:  # heads hold it too: "2 A. AUTHOR", "TITLE 3"
            numbers += _NUMBER_IN_HEAD.findall(line.text)
        seen.update({int(digits) - page.number for digits in numbers if digits})
    needed = min(2, len(pages))
    return frozenset(offset for offset, count in seen.items() if count >= needed)


def _header_heights(pages: Sequence[PageText]) -> tuple[int, ...]:
    """Where at least half of the pages begin with a line that stands apart: headers that change with the section."""
    heights: Counter[int] = Counter()
    for page in pages:
        ordered = sorted((line for line in page.lines if line.is_upright), key=lambda line: line.top)[:MOST_LINES]
        if not ordered or ordered[0].bottom > ZONE * page.height:
            continue
        below = [line.top for line in ordered if line.top > ordered[0].bottom]
        if below and min(below) - ordered[0].bottom > _APART * ordered[0].size:
            heights[round(ordered[0].top)] += 1
    near = {height: sum(heights[height + shift] for shift in range(-_JITTER, _JITTER + 1)) for height in heights}
    return tuple(height for height, count in near.items() if count >= max(3, len(pages) / 2))


def _at_edges(page: PageText) -> list[Line]:
    zone = ZONE * page.height
    return [line for line in page.lines if line.bottom < zone or line.top > page.height - zone]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())
