"""What was seen on a picture, as the lines of a page: in points, straightened, in reading order, with sizes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr.page.glyphs import clean
from ocr.page.lines import Line, join_pieces, merge_runs
from ocr.page.rects import holds
from ocr.rapid.columns import in_runs, rows_of
from ocr.rapid.parts import Part
from ocr.rapid.sight import Point, SeenLine, Sight

_EM = 0.9  # of the height of a detected line, which reaches from the highest to the lowest stroke and a little beyond
_BASELINE = 0.3  # em below the middle
_LARGER, _SMALLER = 1.15, 0.87  # than the usual height and width of letters, both: else a line is set as usual
_ALIKE = 1.2  # two lines that follow each other, closer in size than this, have the same
_LONG = 30  # characters; shorter lines tell little about what is usual
_STRAIGHT = 0.003  # radians; less is left as it is
_EDGE = 0.15  # of the height, at either end
_APART = 0.7  # em of white; between two lines of text there are .2
_HELD_TOGETHER = frozenset({"table", "figure"})


@dataclass(frozen=True, slots=True)
class _Usual:
    """The height of a line and the width of a letter in running text, points."""

    height: float
    letter: float

    def size(self, height: float, letter: float) -> float:
        """A font size, told from noise only where height and width agree; capitals are wide, formulas are high."""
        ratios = (height / self.height, letter / self.letter)
        ratio = math.sqrt(ratios[0] * ratios[1]) if min(ratios) > _LARGER or max(ratios) < _SMALLER else 1.0
        return _EM * self.height * ratio


def lines_of(sight: Sight, width_pt: float, height_pt: float, parts: Sequence[Part] = ()) -> list[Line]:
    """The lines in reading order; the page's sizes are those of the view that was seen, and the parts are its."""
    scale = width_pt / sight.width, height_pt / sight.height
    found = [(line, quad) for line, quad in _quads(sight, scale) if clean(line.text)]
    if not found:
        return []
    usual = _usual(found)
    titles = [part.area for part in parts if part.label == "title"]
    areas = [part.area for part in parts if part.label in _HELD_TOGETHER]
    pieces = [_line(line.text, quad, usual) for line, quad in found]
    pieces = [replace(piece, is_bold=any(holds(title, piece) for title in titles)) for piece in pieces]
    pieces = _with_whole_edges(pieces, height_pt)
    return [line for run in in_runs(pieces, areas) for line in join_pieces(_like_above(run))]


def _quads(sight: Sight, scale: tuple[float, float]) -> Iterator[tuple[SeenLine, tuple[Point, ...]]]:
    """The lines with their corners in points, the whole page turned so that its lines lie level."""
    quads = [tuple((x * scale[0], y * scale[1]) for x, y in line.corners) for line in sight.lines]
    angle = _tilt(quads)
    sine, cosine = (math.sin(-angle), math.cos(angle)) if abs(angle) > _STRAIGHT else (0.0, 1.0)
    for line, quad in zip(sight.lines, quads, strict=True):
        yield line, tuple((x * cosine - y * sine, x * sine + y * cosine) for x, y in quad)


def _tilt(quads: Sequence[tuple[Point, ...]]) -> float:
    """The angle of the middling line, radians, clockwise; every line counts by its length."""
    angles = []
    for (x0, y0), (x1, y1), *_ in quads:
        angles.append((math.atan2(y1 - y0, x1 - x0), math.hypot(x1 - x0, y1 - y0)))
    half = sum(length for _, length in angles) / 2
    for angle, length in sorted(angles):
        half -= length
        if half <= 0:
            return angle
    return 0.0


def _usual(found: Sequence[tuple[SeenLine, tuple[Point, ...]]]) -> _Usual:
    long = [item for item in found if len(item[0].text) >= _LONG] or found
    return _Usual(
        median(_height(quad) for _, quad in long), median(_width(quad) / len(line.text) for line, quad in long)
    )


def _height(quad: tuple[Point, ...]) -> float:
    return max(0.1, (math.dist(quad[0], quad[3]) + math.dist(quad[1], quad[2])) / 2)


def _width(quad: tuple[Point, ...]) -> float:
    return max(0.1, math.dist(quad[0], quad[1]))


def _line(text: str, quad: tuple[Point, ...], usual: _Usual) -> Line:
    text = clean(text)
    size = usual.size(_height(quad), _width(quad) / len(text))
    left, right = min(x for x, _ in quad), max(x for x, _ in quad)
    middle = sum(y for _, y in quad) / len(quad)
    is_hyphenated = len(text) > 1 and text[-1] == "-" and text[-2].isalpha()
    return Line(
        text=text[:-1] if is_hyphenated else text,
        left=left,
        top=middle - size / 2,
        right=right,
        bottom=middle + size / 2,
        size=size,
        baseline=middle + _BASELINE * size,
        cells=((left, right),),
        is_hyphenated=is_hyphenated,
    )


def _like_above(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those that follow one of nearly their size given just that size: measuring is inexact."""
    above: Line | None = None
    for line in lines:
        if above is not None and 1 / _ALIKE < line.size / above.size < _ALIKE:
            line = replace(line, size=above.size)  # noqa: PLW2901 (the line goes on with its size changed)
        yield line
        above = line


def _with_whole_edges(pieces: Sequence[Line], height: float) -> list[Line]:
    """The lines, those of the first and of the last row made one where white parts it from the text: a head, a foot."""
    rows = rows_of(pieces)
    if len(rows) > 1 and _bottom(rows[0]) < _EDGE * height and _is_apart(rows[0], rows[1]):
        rows[0] = [_joined(rows[0])]
    if len(rows) > 1 and _top(rows[-1]) > (1 - _EDGE) * height and _is_apart(rows[-2], rows[-1]):
        rows[-1] = [_joined(rows[-1])]
    return [line for row in rows for line in row]


def _is_apart(above: Sequence[Line], below: Sequence[Line]) -> bool:
    return _top(below) - _bottom(above) > _APART * max(line.size for line in above)


def _top(row: Sequence[Line]) -> float:
    return min(line.top for line in row)


def _bottom(row: Sequence[Line]) -> float:
    return max(line.bottom for line in row)


def _joined(row: Sequence[Line]) -> Line:
    ordered = sorted(row, key=lambda line: line.left)
    return replace(
        ordered[0],
        text=" ".join(line.text for line in ordered),
        top=_top(row),
        right=max(line.right for line in row),
        bottom=_bottom(row),
        cells=merge_runs((cell for line in row for cell in line.cells), ordered[0].size),
        is_bold=all(line.is_bold for line in row),
        is_hyphenated=ordered[-1].is_hyphenated,
    )
