"""Finds where the figures and tables of a text-layer page lie, from what is drawn around its captions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocr.drawings import Drawing, find_drawings, level_rules
from ocr.figures import caption_kind
from ocr.graphics import ShapeKind
from ocr.lines import Line
from ocr.page_text import PageText
from ocr.prose import Chain, Role, find_chains
from ocr.rects import Edged, Rect, around, gap_across, gap_down, holds, touch
from ocr.typography import Typography
from pipeline.document import FigureKind

# Distances in em of the body's size.
_FAR = 6.0  # from a caption to what it is about, at most
_OTHER_SIDE = 3.0  # how much nearer a drawing below a caption must be than one above it
_LETTERING = 1.3  # from a drawing to the numbers and names beside it
_ROUNDS = 3  # of lettering found beside lettering
_TABLE_FAR = 4.0  # from a table's caption to its first rule
_NARROWEST = 6.0  # rule of a table
_FLUSH = 0.4  # two rules of one table end so close together
_LARGE = 0.03  # of the page: a picture without a caption is no smaller


@dataclass(frozen=True, slots=True)
class Float:
    """A figure or table on a page: its place in points, its caption's first line, and the lines set inside it."""

    kind: FigureKind
    rect: Rect
    lines: tuple[Line, ...]
    caption: Line | None = None


def find_floats(page: PageText, body: Sequence[Line], typography: Typography) -> list[Float]:
    """The floats of a page whose running headers and footers are not in `body`; no line is in two of them."""
    shapes = page.graphics.shapes
    if not shapes:
        return []
    finder = _Finder(find_chains(body, typography), typography.body_size)
    if not finder.captions and all(shape.kind is ShapeKind.PATH for shape in shapes):
        return []  # rules, frames, underlines: nothing says that they are a figure
    tables = list(finder.tables(level_rules(shapes, _NARROWEST * typography.body_size)))
    drawings = [
        drawing
        for drawing in find_drawings(shapes, page.width, page.height)
        if not any(touch(table.rect, drawing.rect) for table in tables)
    ]
    return [*tables, *finder.figures(drawings, _LARGE * page.width * page.height)]


class _Finder:
    """One page's chains of lines, and how drawings lie to them."""

    def __init__(self, chains: Sequence[Chain], em: float) -> None:
        self._em = em
        self.captions = [chain for chain in chains if chain.role is Role.CAPTION]
        self._prose = [line for chain in chains if chain.role is Role.PROSE for line in chain.lines]
        self._loose = [line for chain in chains if chain.role is Role.LOOSE for line in chain.lines]
        self._rects = [around(chain.lines) for chain in self.captions]
        self._kinds = [caption_kind(chain.text) for chain in self.captions]
        self._taken: set[int] = set()

    def tables(self, rules: Sequence[Edged]) -> Iterator[Float]:
        """What lies between rules of one length beside each table's caption."""
        for index, chain in enumerate(self.captions):
            if self._kinds[index] is not FigureKind.TABLE:
                continue
            rect = self._below(index, rules) or self._above(index, rules)
            if rect is not None:
                yield self._float(FigureKind.TABLE, rect, chain.lines[0])

    def figures(self, drawings: Sequence[Drawing], large: float) -> Iterator[Float]:
        """The drawings that have a caption, all of one caption together, and large pictures without one."""
        owned: dict[int, list[Drawing]] = {}
        for drawing in drawings:
            owner = self._owner(drawing)
            if owner is not None:
                owned.setdefault(owner, []).append(drawing)
            elif drawing.has_pictures and _area(drawing.rect) >= large and not self._holds_prose(drawing.rect):
                yield self._float(FigureKind.FIGURE, self._lettered(drawing.rect, None), None)
        for index, parts in owned.items():
            rect = self._lettered(around(part.rect for part in parts), self._rects[index])
            yield self._float(self._kinds[index] or FigureKind.FIGURE, rect, self.captions[index].lines[0])

    def _owner(self, drawing: Drawing) -> int | None:
        """The caption a drawing stands nearest to, with no running text and no other caption between."""
        costs = [
            (cost, index)
            for index, caption in enumerate(self._rects)
            if (cost := self._cost(drawing, caption)) is not None and self._is_open(drawing, index)
        ]
        return min(costs)[1] if costs else None

    def _cost(self, drawing: Drawing, caption: Rect) -> float | None:
        down, across = gap_down(drawing.rect, caption), gap_across(drawing.rect, caption)
        if down < -self._em or down > 40 * self._em:
            return None
        is_below = drawing.rect.top > caption.top
        return max(0.0, down) + max(0.0, across) + (_OTHER_SIDE * self._em if is_below else 0.0)

    def _is_open(self, drawing: Drawing, index: int) -> bool:
        caption = self._rects[index]
        between = around((drawing.rect, caption))
        if any(holds(between, line) and not holds(drawing.rect, line) for line in self._prose):
            return False
        return not any(
            other is not caption and touch(between, other, -1.0) and not holds(drawing.rect, other)
            for other in self._rects
        )

    def _holds_prose(self, rect: Rect) -> bool:
        return any(holds(rect, line) for line in self._prose)

    def _lettered(self, rect: Rect, caption: Rect | None) -> Rect:
        """A drawing with the lettering around it, and all that stands between it and its caption."""
        reach = _LETTERING * self._em
        for _ in range(_ROUNDS):
            near = [line for line in self._loose if touch(rect, line, reach) and not self._is_beyond(line, caption)]
            grown = around([rect, *near])
            if grown == rect:
                break
            rect = grown
        if caption is None:
            return rect
        between = _between(rect, caption)
        return around([rect, *(line for line in self._loose if holds(between, line))])

    def _is_beyond(self, line: Line, caption: Rect | None) -> bool:
        """Whether a line stands on the other side of the caption, or in it."""
        return any(touch(line, other, -1.0) for other in self._rects) or (
            caption is not None and line.top > caption.bottom - 1
        )

    def _below(self, index: int, rules: Sequence[Edged]) -> Rect | None:
        caption = self._rects[index]
        under = [rule for rule in rules if rule.top > caption.bottom - self._em and gap_across(rule, caption) < 0]
        if not under or under[0].top - caption.bottom > _TABLE_FAR * self._em:
            return None
        return self._between_rules(under, caption)

    def _above(self, index: int, rules: Sequence[Edged]) -> Rect | None:
        caption = self._rects[index]
        over = [rule for rule in rules if rule.bottom < caption.top + self._em and gap_across(rule, caption) < 0]
        if not over or caption.top - over[-1].bottom > _TABLE_FAR * self._em:
            return None
        return self._between_rules(over[::-1], caption)

    def _between_rules(self, rules: Sequence[Edged], caption: Rect) -> Rect | None:
        """From the first rule to the last as long as it, as far as neither text nor another caption parts them."""
        first = rules[0]
        found = [first]
        for rule in rules[1:]:
            if self._is_parted(around([*found, rule]), caption):
                break
            if abs(rule.left - first.left) < _FLUSH * self._em and abs(rule.right - first.right) < _FLUSH * self._em:
                found.append(rule)
        rect = around(found)
        return rect if len(found) > 1 and rect.bottom - rect.top > self._em else None

    def _is_parted(self, rect: Rect, caption: Rect) -> bool:
        if any(other is not caption and touch(rect, other, -1.0) for other in self._rects):
            return True
        wide = [
            line
            for line in self._prose
            if holds(rect, line) and line.right - line.left > 0.9 * (rect.right - rect.left)
        ]
        return len(wide) > 1

    def _float(self, kind: FigureKind, rect: Rect, caption: Line | None) -> Float:
        inside = [line for line in self._inside(rect) if id(line) not in self._taken]
        self._taken.update(map(id, inside))
        return Float(kind, rect, tuple(inside), caption)

    def _inside(self, rect: Rect) -> Iterable[Line]:
        return (line for line in (*self._loose, *self._prose) if holds(rect, line))


def _between(rect: Rect, caption: Rect) -> Rect:
    left, right = min(rect.left, caption.left), max(rect.right, caption.right)
    if rect.bottom < caption.bottom:
        return Rect(left, rect.bottom, right, caption.top)
    return Rect(left, caption.bottom, right, rect.top)


def _area(rect: Rect) -> float:
    return (rect.right - rect.left) * (rect.bottom - rect.top)
