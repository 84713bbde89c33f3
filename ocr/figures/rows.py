"""Lines of a table put side by side into rows."""

from __future__ import annotations

from collections.abc import Iterable

from ocr.page.lines import Line

_SAME = 0.5  # of a line's height: baselines of one row are closer together


def rows_of(lines: Iterable[Line]) -> list[list[Line]]:
    """The rows from the top down, each from left to right; of cells with several lines each line is one."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if rows and abs(rows[-1][0].baseline - line.baseline) < _SAME * min(rows[-1][0].height, line.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]
