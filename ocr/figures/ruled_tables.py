"""Finds tables by the rules across that they are set between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ocr.figures.drawings import Drawing
from ocr.figures.rows import rows_of
from ocr.figures.surface import Caption, Surface
from ocr.page.lines import Line
from ocr.page.rects import Edged, Rect, around, gap_across, gap_down, touch
from pipeline.document import FigureKind

# Distances in em of the page's running text.
_FAR = 4.0  # from a table's caption to its first rule
_FLUSH = 0.4  # two rules of one table end so close together
_STEP = 1.8  # from one row to the next, where a table goes on over the end of the page
_FULL = 0.9  # of a table's width: lines of running text that wide are not in it
_MOST_FULL = 0.4  # of the lines of such text that do stand in a table: cells may be sentences
_HAIR = 1.0


def find_tables(surface: Surface, rules: Sequence[Edged], drawings: Sequence[Drawing]) -> list[tuple[Caption, Rect]]:
    """The captions of tables with what lies between rules of one length beside them, the nearest first.

    `rules` go from the top down; a drawing that begins with them is the table's grid. No table is given to two
    captions.
    """
    found = sorted(
        ((max(0.0, gap_down(rect, caption.rect)), number, rect) for number, caption, rect in _beside(surface, rules)),
        key=lambda item: item[:2],
    )
    tables: dict[int, Rect] = {}
    for _, number, rect in found:
        if number not in tables and not any(touch(rect, other, -_HAIR) for other in tables.values()):
            tables[number] = rect
    return [
        (surface.captions[number], _with_grid(surface, surface.captions[number], rect, drawings))
        for number, rect in tables.items()
    ]


def _with_grid(surface: Surface, caption: Caption, rect: Rect, drawings: Sequence[Drawing]) -> Rect:
    """A table's head with the lines drawn between its columns, which reach down where no rule closes it."""
    for drawing in drawings:
        grown = around((rect, drawing.rect))
        is_as_wide = rect.left - grown.left < surface.em and grown.right - rect.right < surface.em
        if touch(rect, drawing.rect) and is_as_wide and not _is_parted(surface, grown, caption):
            rect = grown
    return rect


def _beside(surface: Surface, rules: Sequence[Edged]) -> Iterator[tuple[int, Caption, Rect]]:
    for number, caption in enumerate(surface.captions):
        if caption.kind is not FigureKind.TABLE:
            continue
        near = [rule for rule in rules if gap_across(rule, caption.rect) < 0]
        under = [rule for rule in near if rule.top > caption.rect.bottom - surface.em]
        over = [rule for rule in near if rule.bottom < caption.rect.top + surface.em][::-1]
        for ordered in (under, over):
            if ordered and gap_down(ordered[0], caption.rect) <= _FAR * surface.em:
                rect = _between(surface, ordered, caption)
                if rect is not None:
                    yield number, caption, rect


def _between(surface: Surface, rules: Sequence[Edged], caption: Caption) -> Rect | None:
    """From the first rule to the last one as long, as far as neither text nor another caption parts them."""
    first, em = rules[0], surface.em
    found = [first]
    is_parted = False
    for rule in rules[1:]:
        is_parted = _is_parted(surface, around([*found, rule]), caption)
        if is_parted:
            break
        if abs(rule.left - first.left) < _FLUSH * em and abs(rule.right - first.right) < _FLUSH * em:
            found.append(rule)
    rect = around(found)
    if len(found) < 2 or rect.bottom - rect.top <= em:  # noqa: PLR2004 (a table has a rule above and one below)
        return None
    is_header = len(found) == 2 and first.top > caption.rect.top  # noqa: PLR2004 (and nothing closes it)
    return _continued(surface, rect) if is_header and not is_parted else rect


def _is_parted(surface: Surface, rect: Rect, caption: Caption) -> bool:
    width = rect.right - rect.left
    prose = surface.prose_in(rect)
    full = [line for line in prose if line.right - line.left > _FULL * width]
    return surface.is_parted(rect, caption) or len(full) > max(1.0, _MOST_FULL * len(prose))


def _continued(surface: Surface, head: Rect) -> Rect:
    """A table's head with the rows under it, as long as cells stand side by side, for one that fills the page."""
    em = surface.em
    window = Rect(head.left - em, head.bottom, head.right + em, float("inf"))
    below = (
        line
        for line in (*surface.loose, *surface.prose)
        if line.top >= head.bottom - _HAIR and line.left >= window.left and line.right <= window.right
    )
    end = head.bottom
    for above, row in pairwise([[], *rows_of(below)]):
        is_cell = len(row) > 1 or len(row[0].cells) > 1 or (above and _is_under_a_cell(row[0], head, em))
        if min(line.top for line in row) - end > _STEP * em or not is_cell:
            break
        end = max(line.bottom for line in row)
    return Rect(head.left, head.top, head.right, end)


def _is_under_a_cell(line: Line, head: Rect, em: float) -> bool:
    """Whether a lone line goes on in one column of a table: it leaves the others empty."""
    return line.left > head.left + 2 * em or line.right < head.left + 0.5 * (head.right - head.left)
