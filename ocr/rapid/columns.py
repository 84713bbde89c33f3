"""The reading order of lines that come without one: full-width lines, then column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from ocr.page.lines import Line
from ocr.page.rects import Rect, holds

_FEWEST = 4  # lines in a column
_FILLED = 0.6  # of a column's width, by its middling row: prose does, the cells of a table do not
_MIDDLE = (0.2, 0.8)  # of the width, where a gutter may be
_STEP = 2.0  # points
_SLACK = 1.0  # points by which a line may reach into the gutter


def in_runs(lines: Sequence[Line], areas: Sequence[Rect] = ()) -> list[list[Line]]:
    """The lines in runs to be read one after the other, each from top to bottom; every line is in exactly one.

    What stands in one of `areas`, a table or a drawing, is not parted by a gutter through it.
    A gutter parts a stretch of the page where rows on both of its sides fill their columns. What stands above and
    below may have gutters of its own, and so may a column.
    """
    gutter = _best_gutter(lines, areas)
    if gutter is None:
        return [_by_rows(lines)] if lines else []
    runs: list[list[Line]] = []
    between: list[Line] = []
    for is_across, band in _bands(lines, gutter, areas):
        if not is_across and _is_columns(band, gutter):
            left, right = _sides(band, gutter)
            runs += [*in_runs(between, areas), *in_runs(left, areas), *in_runs(right, areas)]
            between = []
        else:
            between += band
    return [*runs, *in_runs(between, areas)]


def _best_gutter(lines: Sequence[Line], areas: Sequence[Rect]) -> float | None:
    """The x at which most lines stand in columns; the middle of such places, None where there is none."""
    if len(lines) < 2 * _FEWEST:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    first, last = (left + share * (right - left) for share in _MIDDLE)
    places = [first + step * _STEP for step in range(int((last - first) / _STEP) + 1)]
    counts = [_in_columns(lines, place, areas) for place in places]
    most = max(counts, default=0)
    best = [place for place, count in zip(places, counts, strict=True) if count == most]
    return best[len(best) // 2] if most else None


def _in_columns(lines: Sequence[Line], gutter: float, areas: Sequence[Rect]) -> int:
    bands = _bands(lines, gutter, areas)
    return sum(len(band) for is_across, band in bands if not is_across and _is_columns(band, gutter))


def _bands(lines: Sequence[Line], gutter: float, areas: Sequence[Rect]) -> Iterator[tuple[bool, list[Line]]]:
    """Stretches of the page from top to bottom: lines across the gutter (True), lines beside it, and so on."""
    wide = [area for area in areas if area.left < gutter < area.right]

    def is_across(line: Line) -> bool:
        return _is_across(line, gutter) or any(holds(area, line) for area in wide)

    for are_across, band in groupby(sorted(lines, key=lambda line: line.top + line.bottom), key=is_across):
        yield are_across, list(band)


def _is_across(line: Line, gutter: float) -> bool:
    return line.left < gutter - _SLACK and line.right > gutter + _SLACK


def _is_columns(band: Sequence[Line], gutter: float) -> bool:
    """Whether lines stand in two columns: some on either side, beside each other, most of them as wide as can be."""
    left, right = _sides(band, gutter)
    if min(len(left), len(right)) < _FEWEST:
        return False
    top = max(min(line.top for line in side) for side in (left, right))
    bottom = min(max(line.bottom for line in side) for side in (left, right))
    is_beside = bottom - top > 2 * median(line.height for line in band)
    return is_beside and _is_filled(left) and _is_filled(right)


def _is_filled(column: Sequence[Line]) -> bool:
    width = max(line.right for line in column) - min(line.left for line in column)
    return median(sum(line.right - line.left for line in row) for row in rows_of(column)) >= _FILLED * width


def _sides(band: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    return [line for line in band if line.centre < gutter], [line for line in band if line.centre >= gutter]


def _by_rows(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom; those of about the same height from left to right."""
    return [line for row in rows_of(lines) for line in sorted(row, key=lambda line: line.left)]


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        if rows and _is_beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_beside(first: Line, line: Line) -> bool:
    distance = abs((first.top + first.bottom) - (line.top + line.bottom)) / 2
    return distance < 0.5 * min(first.height, line.height)
