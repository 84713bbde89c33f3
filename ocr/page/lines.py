"""A line of text as it stands on the page, put together from the pieces a PDF draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line in points, origin top left, as the page is seen (rotation and crop box applied).

    `cells` are its horizontal runs parted by gaps of more than an em: two or more hint at a table row.
    `is_hyphenated` means that a hyphen at its end was taken off, `follows_space` that the PDF has a space before it.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    baseline: float
    cells: tuple[tuple[float, float], ...] = ()
    is_bold: bool = False
    is_mono: bool = False
    is_small_caps: bool = False
    is_italic: bool = False
    is_upright: bool = True
    is_hyphenated: bool = False
    follows_space: bool = False

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2


def join_pieces(pieces: Iterable[Line]) -> list[Line]:
    """Joins consecutive pieces of one visual line, which pdfium parts at superscripts and fractions.

    The order of the content stream is kept: it is the best reading order there is (.985 of pdfTeX's two-column
    pages; every sort by position is worse, down to .58).
    """
    lines: list[Line] = []
    for piece in pieces:
        if lines and _continues(lines[-1], piece):
            lines[-1] = _joined(lines[-1], piece)
        else:
            lines.append(piece)
    return lines


def _continues(line: Line, piece: Line) -> bool:
    if not (line.is_upright and piece.is_upright):
        return False
    em = max(line.size, piece.size)
    overlap = min(line.bottom, piece.bottom) - max(line.top, piece.top)
    is_beside = overlap >= 0.3 * min(line.height, piece.height) or abs(line.baseline - piece.baseline) < 0.5 * em
    if not is_beside:
        return False
    # Stacked scripts begin under each other, so a piece may begin some letters before the line's end.
    return -3 * em < piece.left - line.right < 1.5 * em and piece.right > line.right - 0.5 * em


def _joined(line: Line, piece: Line) -> Line:
    # The larger piece is no script; but names in typewriter letters are often larger than the line they stand in.
    main = max((line, piece), key=lambda part: (not part.is_mono, part.size))
    gap = piece.left - line.right
    hyphen = "-" if line.is_hyphenated else ""
    # A step back begins a second script above or below the first: together they would read as one word.
    is_close = not piece.follows_space and -0.2 * main.size < gap <= 0.15 * main.size
    space = "" if hyphen or is_close else " "
    return Line(  # `replace` takes three times as long, and every second piece is joined to another
        text=f"{line.text}{hyphen}{space}{piece.text}",
        left=min(line.left, piece.left),
        top=min(line.top, piece.top),
        right=max(line.right, piece.right),
        bottom=max(line.bottom, piece.bottom),
        size=main.size,
        baseline=main.baseline,
        cells=merge_runs([*line.cells, *piece.cells], main.size),
        is_bold=line.is_bold and piece.is_bold,
        is_mono=line.is_mono and piece.is_mono,
        is_small_caps=main.is_small_caps,
        is_italic=line.is_italic and piece.is_italic,
        is_upright=main.is_upright,
        is_hyphenated=piece.is_hyphenated,
        follows_space=line.follows_space,
    )


def merge_runs(runs: Iterable[tuple[float, float]], gap: float) -> tuple[tuple[float, float], ...]:
    """Horizontal extents, ascending, with those joined that are no further apart than `gap`."""
    ascending = sorted(runs)
    if len(ascending) == 1:
        return (ascending[0],)
    merged: list[tuple[float, float]] = []
    for left, right in ascending:
        if merged and left - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return tuple(merged)
