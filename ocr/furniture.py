"""Finds what is printed around the text of every page: running headers, footers, page and line numbers, stamps."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ocr.lines import Line
from ocr.page_text import PageText

_ZONE = 0.15  # of the page's height, at either end
_MOST_LINES = 6  # walked inwards from an edge
_STAMP = re.compile(r"arxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(\.[a-z]{2})?/\d{7})(v\d+)?", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page\s*)?(?:(?P<digits>\d{1,4})|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*$", re.IGNORECASE
)
# What publishers and templates print once, on the first page, at the edge.
_NOTICE = re.compile(
    r"preprint\b|under review|accepted (?:at|by|for|to)\b|published (?:as|in|by)\b|proceedings of|copyright|©|"
    r"\d+(?:st|nd|rd|th) (?:annual )?(?:conference|workshop|symposium)|licensed under|permission to make|arxiv:",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{3}")  # numbers alone recur in tables and plots too
_JITTER = 2  # points by which a header may stand higher or lower
_APART = 1.0  # em of white under a header
_LONG = 8  # pages
_MOST_PAGES = 0.6
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")


class Place(StrEnum):
    """Where on a page a line belongs."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    DROPPED = "dropped"  # arXiv's stamp, line numbers: about the page, never part of the paper


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and where it belongs."""

    line: Line
    place: Place


def place_lines(pages: Sequence[PageText]) -> list[list[PlacedLine]]:
    """The lines of every page, in their order, each with its place."""
    cleaned = [_without_line_numbers(page) for page in pages]
    habits = _Habits(_recurring(cleaned), _header_heights(cleaned), _page_offsets(cleaned))
    return [list(_place(page, habits)) for page in cleaned]


@dataclass(frozen=True, slots=True)
class _Habits:
    """What a document prints around its pages.

    Recurring texts, the heights (points) of running headers, and how far printed page numbers are from the count.
    """

    texts: frozenset[str]
    header_heights: tuple[int, ...]
    page_offsets: frozenset[int]

    def has_number(self, text: str, page: PageText) -> bool:
        """Whether a text is the page's number; a lone number in a plot or table rarely is."""
        match = _PAGE_NUMBER.match(text)
        if match is None:
            return False
        return not match["digits"] or int(match["digits"]) - page.number in self.page_offsets

    def has_header_at(self, line: Line) -> bool:
        return any(abs(line.top - height) <= _JITTER for height in self.header_heights)


def _place(page: PageText, habits: _Habits) -> Iterator[PlacedLine]:
    marks = {id(line): Place.DROPPED for line in page.lines if _is_stamp(line, page)}
    upright = [line for line in page.lines if id(line) not in marks and line.is_upright]
    for place, ordered in (
        (Place.HEADER, sorted(upright, key=lambda line: line.top)),
        (Place.FOOTER, sorted(upright, key=lambda line: -line.bottom)),
    ):
        for line in ordered[:_MOST_LINES]:
            if not _is_at_edge(line, page, place) or not _is_furniture(line, page, habits):
                break
            marks.setdefault(id(line), place)
    for line in page.lines:
        yield PlacedLine(line, marks.get(id(line), Place.BODY))


def _is_furniture(line: Line, page: PageText, habits: _Habits) -> bool:
    if habits.has_number(line.text, page) or _key(line) in habits.texts or line.text in habits.texts:
        return True
    if line.bottom < page.height / 2 and habits.has_header_at(line):
        return True
    return page.number == 1 and bool(_NOTICE.match(line.text))


def _is_at_edge(line: Line, page: PageText, place: Place) -> bool:
    zone = _ZONE * page.height
    return line.bottom < zone if place is Place.HEADER else line.top > page.height - zone


def _recurring(pages: Sequence[PageText]) -> frozenset[str]:
    """Texts that stand near an edge of several pages: two, of eight pages or more three.

    With words in them they may differ in their numbers; without, they must be the same on most pages.
    """
    keys: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for page in pages:
        zone = _ZONE * page.height
        edge = [line for line in page.lines if line.bottom < zone or line.top > page.height - zone]
        keys.update({_key(line) for line in edge})
        texts.update({line.text for line in edge if len(line.text) > 1})
    few = 2 if len(pages) < _LONG else 3
    most = max(2, _MOST_PAGES * len(pages))
    worded = {key for key, count in keys.items() if count >= few and _WORDS.search(key)}
    return frozenset(worded | {text for text, count in texts.items() if count >= most})


def _page_offsets(pages: Sequence[PageText]) -> frozenset[int]:
    """Differences between printed and counted page numbers that at least two pages share (of one page, any)."""
    seen: Counter[int] = Counter()
    for page in pages:
        zone = _ZONE * page.height
        edge = (line.text for line in page.lines if line.bottom < zone or line.top > page.height - zone)
        numbers = (match["digits"] for text in edge if (match := _PAGE_NUMBER.match(text)))
        seen.update({int(digits) - page.number for digits in numbers if digits})
    needed = min(2, len(pages))
    return frozenset(offset for offset, count in seen.items() if count >= needed)


def _header_heights(pages: Sequence[PageText]) -> tuple[int, ...]:
    """Where at least half of the pages begin with a line that stands apart: headers that change with the section."""
    heights: Counter[int] = Counter()
    for page in pages:
        ordered = sorted((line for line in page.lines if line.is_upright), key=lambda line: line.top)[:_MOST_LINES]
        if not ordered or ordered[0].bottom > _ZONE * page.height:
            continue
        below = [line.top for line in ordered if line.top > ordered[0].bottom]
        if below and min(below) - ordered[0].bottom > _APART * ordered[0].size:
            heights[round(ordered[0].top)] += 1
    near = {height: sum(heights[height + shift] for shift in range(-_JITTER, _JITTER + 1)) for height in heights}
    return tuple(height for height, count in near.items() if count >= max(3, len(pages) / 2))


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _is_stamp(line: Line, page: PageText) -> bool:
    """The mark of arXiv: sideways in the left margin of the first page."""
    return not line.is_upright and line.right < 0.15 * page.width and bool(_STAMP.search(line.text))


_LEADING_NUMBER = re.compile(r"^(\d{1,4})(?:\s+(?=\S)|$)")
_FEWEST_NUMBERS = 5
_RAGGED = 3  # points


def _without_line_numbers(page: PageText) -> PageText:
    """The page without the numbers that review copies print beside every line."""
    numbered = [(line, int(match[1])) for line in page.lines if (match := _LEADING_NUMBER.match(line.text))]
    alone = [(line, number) for line, number in numbered if line.text.isdigit()]
    dropped = {id(line) for line in _consecutive(alone)}
    if not dropped:
        heads = _consecutive([(line, number) for line, number in numbered if not line.text.isdigit()])
        if len(heads) > 0.6 * len(page.lines):
            trimmed = {id(line) for line in heads}
            return replace(page, lines=tuple(_trim(line) if id(line) in trimmed else line for line in page.lines))
    return replace(page, lines=tuple(line for line in page.lines if id(line) not in dropped)) if dropped else page


def _consecutive(numbered: Sequence[tuple[Line, int]]) -> list[Line]:
    """The lines of the runs of at least five numbers that count up by one down the page at one edge."""
    found: list[Line] = []
    run: list[tuple[Line, int]] = []
    for line, number in numbered:
        if run and not _follows(run[-1], (line, number)):
            found += [line for line, _ in run] if len(run) >= _FEWEST_NUMBERS else []
            run = []
        run.append((line, number))
    return found + ([line for line, _ in run] if len(run) >= _FEWEST_NUMBERS else [])


def _follows(above: tuple[Line, int], below: tuple[Line, int]) -> bool:
    is_one_more = below[1] == above[1] + 1 and below[0].top > above[0].top
    is_same_edge = _is_near(below[0].left, above[0].left) or _is_near(below[0].right, above[0].right)
    return is_one_more and is_same_edge


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) < _RAGGED


def _trim(line: Line) -> Line:
    match = _LEADING_NUMBER.match(line.text)
    if match is None:
        return line
    cells = line.cells[1:] if len(line.cells) > 1 else line.cells
    return replace(line, text=line.text[match.end() :], cells=cells, left=cells[0][0] if cells else line.left)
