"""Finds what is printed around the text of every page: running headers, footers, page and line numbers, stamps."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.text.habits import MOST_LINES, PAGE_NUMBER, WORDS, ZONE, Habits, find_habits
from ocr.text.line_numbers import without_line_numbers
from ocr.text.shapes import is_caption_text

_STAMP = re.compile(r"arxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(\.[a-z]{2})?/\d{7})(v\d+)?", re.IGNORECASE)
# What publishers and templates print once, on the first page, at the edge ...
_NOTICE = re.compile(
    r"preprint\b(?! arxiv)|under review|accepted (?:at|by|for|to)\b|published (?:as|in|by)\b|"
    r"(?:the )?proceedings of|copyright|©|licensed under|permission to make|arxiv:|"
    r"\d+(?:st|nd|rd|th) (?:annual |international )*(?:conference|workshop|symposium)",
    re.IGNORECASE,
)
# ... and what libraries print on every page they hand out.
_DELIVERY = re.compile(
    r"downloaded (?:from|by|on)\b|digitized by\b|authorized licensed use|this content downloaded", re.IGNORECASE
)
_NOTICE_ZONE = 0.25  # of the page's height: a permission to copy has ten lines
_LONE_ZONE = 0.08  # of the height: where a single line by itself is no text
_LONE = 1.0  # em of white between such a line and the text
_SMALL = 0.95  # of the text's size
_SAME_SIZE = 1.07
_FEWEST_LINES = 10  # of a page of text
_MOST_LINES_COMPARED = 2000  # with each other; more are no paper
_HAS_NUMBER = re.compile(r"^\d{1,4}\s|\s\d{1,4}$|^[-–—\s]*\d{1,4}[-–—\s]*$")
_LONG_STAMP = 12  # em; a plot beside which nothing stands has shorter names on its axis


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


def body_of(placed: Iterable[PlacedLine]) -> list[Line]:
    """The lines of the running text, in their order."""
    return [item.line for item in placed if item.place is Place.BODY]


def place_lines(pages: Sequence[PageText]) -> list[list[PlacedLine]]:
    """The lines of every page, in their order, each with its place."""
    cleaned = without_line_numbers(pages)
    habits = find_habits(cleaned)
    return [list(_place(page, habits)) for page in cleaned]


def _place(page: PageText, habits: Habits) -> Iterator[PlacedLine]:
    marks = {id(line): Place.DROPPED for line in _stamps(page)}
    upright = [line for line in page.lines if id(line) not in marks and line.is_upright]
    marks |= {id(line): Place.FOOTER for line in _notices(upright, page)}
    unmarked = [line for line in upright if id(line) not in marks and not _DELIVERY.match(line.text)]
    loose = _loose_lines(unmarked, page) if habits.is_short else frozenset()
    for place, ordered in (
        (Place.HEADER, sorted(upright, key=lambda line: line.top)),
        (Place.FOOTER, sorted(upright, key=lambda line: -line.bottom)),
    ):
        for line in ordered[:MOST_LINES]:
            is_edge = _is_at_edge(line, page, place) and (id(line) in marks or _is_furniture(line, page, habits))
            if not (is_edge or id(line) in loose):
                break
            marks.setdefault(id(line), place)
    for line in page.lines:
        yield PlacedLine(line, marks.get(id(line), Place.BODY))


def _is_furniture(line: Line, page: PageText, habits: Habits) -> bool:
    if habits.has_number(line.text, page) or habits.recurs(line):
        return True
    if line.bottom < page.height / 2 and habits.has_header_at(line) and not is_caption_text(line.text):
        return True
    may_be_notice = page.number == 1 or (habits.is_short and line.bottom < page.height / 2)
    return bool(_DELIVERY.match(line.text)) or (may_be_notice and bool(_NOTICE.match(line.text)))


def _notices(lines: Sequence[Line], page: PageText) -> Iterator[Line]:
    """On the first page the small print at the foot of a column, from a line that begins like a notice on."""
    if page.number > 1:
        return
    size = _usual_size(lines)
    foot = [line for line in lines if line.top > (1 - _NOTICE_ZONE) * page.height]
    for notice in foot:
        if _NOTICE.match(notice.text) and notice.size < _SMALL * size:
            below = [line for line in foot if line.top >= notice.top and _is_under(line, notice)]
            if all(line.size < _SAME_SIZE * notice.size for line in below):
                yield from below


def _loose_lines(lines: Sequence[Line], page: PageText) -> frozenset[int]:
    """Lines at the outer edges that stand by themselves: what heads and feet look like where none can recur."""
    if not _FEWEST_LINES <= len(lines) <= _MOST_LINES_COMPARED:
        return frozenset()
    size = _usual_size(lines)
    last = max(lines, key=lambda line: line.bottom)
    return frozenset(
        id(line)
        for line in lines
        if (_is_outermost(line, page) and _looks_outer(line, size)) or (line is last and PAGE_NUMBER.match(line.text))
        if all(_gap(line, other) > _LONE * line.size for other in lines if not _is_beside(line, other))
    )


def _usual_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_outermost(line: Line, page: PageText) -> bool:
    """Whether a line is at the very edge of a page; one set from margin to margin may stand further in."""
    is_spread = len(line.cells) > 1 and line.right - line.left > page.width / 2
    zone = (2 if is_spread else 1) * _LONE_ZONE * page.height
    return line.bottom < zone or line.top > page.height - zone


def _looks_outer(line: Line, size: float) -> bool:
    is_set_off = line.size < _SMALL * size or len(line.cells) > 1 or bool(_HAS_NUMBER.search(line.text))
    return is_set_off and not is_caption_text(line.text)


def _is_beside(line: Line, other: Line) -> bool:
    return min(line.bottom, other.bottom) - max(line.top, other.top) > 0


def _gap(line: Line, other: Line) -> float:
    return max(line.top - other.bottom, other.top - line.bottom)


def _is_under(line: Line, notice: Line) -> bool:
    return line.left < notice.right and line.right > notice.left


def _is_at_edge(line: Line, page: PageText, place: Place) -> bool:
    zone = ZONE * page.height
    return line.bottom < zone if place is Place.HEADER else line.top > page.height - zone


def _stamps(page: PageText) -> Iterator[Line]:
    """What is set sideways beside the text: arXiv's mark on the first page, a library's on every one."""
    upright = [line for line in page.lines if line.is_upright]
    left, right = min((line.left for line in upright), default=0), max((line.right for line in upright), default=0)
    for line in page.lines:
        if line.is_upright:
            continue
        is_mark = line.right < ZONE * page.width and _STAMP.search(line.text)
        is_outside = line.right <= left or line.left >= right
        if is_mark or (is_outside and line.height > _LONG_STAMP * line.size and WORDS.search(line.text)):
            yield line
