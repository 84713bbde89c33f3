"""Takes out the numbers that review copies print beside their lines.

They stand in a margin or between the columns, at every line or every fifth, in one count down each column. pdfium
tells them as lines of their own, or joined to the line they count, before or behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ocr.page.lines import Line
from ocr.page.page_text import PageText

_ALONE = re.compile(r"\d{1,5}$")
_HEAD = re.compile(r"(\d{1,5})\s+(?=\S)")
_TAIL = re.compile(r"(?<=\S)\s+(\d{1,5})$")
_STEPS = (1, 2, 5, 10)
_FEWEST = 5  # numbers of one count
_SAME_EDGE = 8.0  # points between the edges of 9 and 100
_DIGIT = 0.5  # em
_MOST_ACROSS = 0.25  # lines of text that reach over the numbers' column, by numbers: a title does, a paragraph not
_COVER = 0.5  # of the lines of a page, where numbers are joined to lines: lists of references are numbered as well
_NEAR = 30  # how far a stray number may be from its neighbours in the count
_PAGES = 0.5  # of the pages, for the same reason
_ENOUGH_LINES = 15  # of a page that must have them


class _How(Enum):
    ALONE = 0
    HEAD = 1
    TAIL = 2


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at an edge of a line; `left` and `right` are its own."""

    line: Line
    value: int
    how: _How
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Count:
    """The numbers down one column, and by how much they grow from one to the next."""

    numbers: tuple[_Number, ...]
    step: int


def without_line_numbers(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without their line numbers; most documents have none."""
    counts = [list(_counts(page)) for page in pages]
    full = [number for number, page in enumerate(pages) if len(page.lines) >= _ENOUGH_LINES]
    is_numbered = sum(_covers(counts[number], pages[number]) for number in full) >= max(1.0, _PAGES * len(full))
    return [_cleaned(page, found, is_numbered=is_numbered) for page, found in zip(pages, counts, strict=True)]


def _cleaned(page: PageText, counts: Iterable[_Count], *, is_numbered: bool) -> PageText:
    """The page without the counts that stand in a margin, and of a numbered document without all of them."""
    found: defaultdict[int, list[_Number]] = defaultdict(list)
    for count in counts:
        if is_numbered or _is_in_margin(count, page):
            for number in count.numbers:
                found[id(number.line)].append(number)
    if not found:
        return page
    lines = (_trim(line, found[id(line)]) if id(line) in found else line for line in page.lines)
    return replace(page, lines=tuple(line for line in lines if line is not None))


def _counts(page: PageText) -> Iterator[_Count]:
    """The counts down a page: numbers at one edge that grow by the same step from line to line."""
    numbers = [number for line in page.lines if line.is_upright for number in _numbers(line)]
    if len(numbers) < _FEWEST:
        return
    for column in _columns(numbers):
        ordered = sorted(column, key=lambda number: number.line.baseline)
        step, run = max(((step, _run(ordered, step)) for step in _STEPS), key=lambda found: len(found[1]))
        if run:
            yield _Count(tuple(_with_strays(run, ordered)), step)


def _numbers(line: Line) -> Iterator[_Number]:
    em = line.size
    if _ALONE.match(line.text):
        yield _Number(line, int(line.text), _How.ALONE, line.left, line.right)
        return
    if line.text[0].isdigit() and (match := _HEAD.match(line.text)):
        right = line.cells[0][1] if len(line.cells) > 1 else line.left + _DIGIT * em * len(match[1])
        yield _Number(line, int(match[1]), _How.HEAD, line.left, right)
    if line.text[-1].isdigit() and (match := _TAIL.search(line.text)):
        left = line.cells[-1][0] if len(line.cells) > 1 else line.right - _DIGIT * em * len(match[1])
        yield _Number(line, int(match[1]), _How.TAIL, left, line.right)


def _columns(numbers: Iterable[_Number]) -> list[list[_Number]]:
    """The numbers that stand under each other, flush left or right."""
    columns: list[list[_Number]] = []
    for number in sorted(numbers, key=lambda number: number.right):
        last = columns[-1][-1] if columns else None
        if (
            last is not None
            and number.right - last.right < _SAME_EDGE
            and abs(number.left - last.left) < 2 * _SAME_EDGE
        ):
            columns[-1].append(number)
        else:
            columns.append([number])
    return columns


def _run(ordered: Sequence[_Number], step: int) -> list[_Number]:
    """All numbers in runs of five and more in which each is one step more than the one above."""
    found: list[_Number] = []
    run: list[_Number] = []
    for number in ordered:
        if run and number.value != run[-1].value + step:
            found += run if len(run) >= _FEWEST else []
            run = []
        run.append(number)
    return found + (run if len(run) >= _FEWEST else [])


def _with_strays(run: Sequence[_Number], ordered: Sequence[_Number]) -> Iterator[_Number]:
    """The run, and between its numbers those that a formula or a heading parted from it."""
    kept = {id(number) for number in run}
    below: list[int | None] = [None]  # for each number the next of the run under it, from the last up
    for number in reversed(ordered):
        below.append(number.value if id(number) in kept else below[-1])
    above: int | None = None
    for number, after in zip(ordered, reversed(below[:-1]), strict=True):
        if id(number) in kept:
            above = number.value
            yield number
        elif _fits(number.value, above, after):
            yield number


def _fits(value: int, above: int | None, below: int | None) -> bool:
    is_between = (above is None or above < value) and (below is None or value < below)
    return is_between and any(abs(value - other) <= _NEAR for other in (above, below) if other is not None)


def _is_in_margin(count: _Count, page: PageText) -> bool:
    """Whether lone numbers stand where hardly a line of text reaches over, as paragraphs do over a table's column."""
    if any(number.how is not _How.ALONE for number in count.numbers):
        return False
    left, right = min(number.left for number in count.numbers), max(number.right for number in count.numbers)
    counted = {id(number.line) for number in count.numbers}
    across = sum(
        line.left < right and line.right > left for line in page.lines if line.is_upright and id(line) not in counted
    )
    return across <= 1 + _MOST_ACROSS * len(count.numbers)


def _covers(counts: Iterable[_Count], page: PageText) -> bool:
    """Whether about every line of a page, or every fifth, has a number."""
    lines = sum(not _ALONE.match(line.text) for line in page.lines)
    return sum(len(count.numbers) * count.step for count in counts) >= _COVER * lines


def _trim(line: Line, numbers: Iterable[_Number]) -> Line | None:
    """The line without its numbers; None where nothing else is left."""
    trimmed = line
    for number in numbers:
        match number.how:
            case _How.ALONE:
                return None
            case _How.HEAD:
                trimmed = _without_head(trimmed, number)
            case _How.TAIL:
                trimmed = _without_tail(trimmed, number)
    return trimmed


def _without_head(line: Line, number: _Number) -> Line:
    has_cell = len(line.cells) > 1
    left = line.cells[1][0] if has_cell else number.right + _DIGIT * line.size
    cells = line.cells[1:] if has_cell else ((left, line.right),)
    return replace(line, text=_HEAD.sub("", line.text, count=1), cells=cells, left=left)


def _without_tail(line: Line, number: _Number) -> Line:
    has_cell = len(line.cells) > 1
    right = line.cells[-2][1] if has_cell else number.left - _DIGIT * line.size
    cells = line.cells[:-1] if has_cell else ((line.left, right),)
    text = _TAIL.sub("", line.text)
    is_parted = text.endswith("-") and text[-2:-1].isalpha()
    return replace(line, text=text[:-1] if is_parted else text, cells=cells, right=right, is_hyphenated=is_parted)
