"""Puts together what a page draws in fragments: displayed formulas, drawings, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ocr.page.lines import Line
from ocr.text.groups import Group
from ocr.text.shapes import is_equation, is_equation_number, is_table_caption
from pipeline.document import BlockKind

_PROSE_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_CHARACTERS = 60  # of a fragment of a formula
_REACH = 4  # em to the side
_NUMBER_REACH = 40  # an equation number stands at the margin
_CAPTIONED = frozenset({BlockKind.TABLE, BlockKind.FIGURE})
_CODE_LIKE = frozenset({BlockKind.FIGURE, BlockKind.EQUATION, BlockKind.LIST})
_LOOSE = frozenset({BlockKind.TEXT, BlockKind.FIGURE, BlockKind.EQUATION, BlockKind.LIST, BlockKind.TABLE})


def join_fragments(groups: Iterable[Group]) -> list[Group]:
    """The groups of one page with the fragments of each formula, drawing or table made one."""
    joined = _merge(groups, _makes_formula, BlockKind.EQUATION)
    joined = _by_caption(_merge(joined, _makes_table, BlockKind.TABLE))
    joined = _merge(joined, _makes_listing, BlockKind.CODE)
    joined = _merge(joined, _makes_drawing, BlockKind.FIGURE)
    return _merge(joined, _makes_footnote, BlockKind.FOOTNOTE)


def _by_caption(groups: Sequence[Group]) -> list[Group]:
    """Rows beside a figure's caption are a legend or an axis, lettering beside a table's caption is a table."""
    return [
        replace(group, kind=_captioned(groups, index)) if group.kind in _CAPTIONED else group
        for index, group in enumerate(groups)
    ]


def _captioned(groups: Sequence[Group], index: int) -> BlockKind:
    group = groups[index]
    beside = (_first_other(groups[index + 1 :]), _first_other(groups[:index][::-1]))
    captions = [other for other in beside if other is not None and other.kind is BlockKind.CAPTION]
    if not captions:
        return group.kind
    nearest = min(captions, key=lambda caption: _distance(group.lines, caption.lines))
    return BlockKind.TABLE if is_table_caption(nearest.text) else BlockKind.FIGURE


def _first_other(groups: Sequence[Group]) -> Group | None:
    return next((group for group in groups if group.kind not in _CAPTIONED), None)


def _merge(groups: Iterable[Group], belong: Callable[[Group, Group], bool], kind: BlockKind) -> list[Group]:
    merged: list[Group] = []
    for group in groups:
        if merged and belong(merged[-1], group):
            merged[-1] = Group(kind, (*merged[-1].lines, *group.lines))
        else:
            merged.append(group)
    return merged


def _makes_formula(above: Group, below: Group) -> bool:
    if not (_is_fragment(above) and _is_fragment(below)):
        return False
    kinds = {above.kind, below.kind}
    has_number = is_equation_number(below.text)
    is_formula = BlockKind.EQUATION in kinds or has_number or is_equation(f"{above.text} {below.text}")
    if not is_formula or kinds == {BlockKind.FIGURE}:
        return False
    reach = _NUMBER_REACH if has_number else _REACH
    return _distance(above.lines, below.lines, reach) < 0.8 * max(above.size, below.size)


def _is_fragment(group: Group) -> bool:
    if group.kind is BlockKind.EQUATION:
        return True
    if group.kind not in _LOOSE or not group.lines[0].is_upright or len(group.text) > _MOST_CHARACTERS:
        return False
    return len(_PROSE_WORD.findall(group.text)) <= 1


def _makes_table(above: Group, below: Group) -> bool:
    kinds = {above.kind, below.kind}
    if BlockKind.TABLE not in kinds or not kinds <= {BlockKind.TABLE, BlockKind.FIGURE, BlockKind.TEXT}:
        return False
    is_short = all(group.kind is BlockKind.TABLE or len(group.text) <= _MOST_CHARACTERS for group in (above, below))
    return is_short and _distance(above.lines, below.lines) < 1.5 * max(above.size, below.size)


def _makes_listing(above: Group, below: Group) -> bool:
    """Code that goes on, also where a short line such as `end` does not tell its letters from others."""
    is_code = below.kind is BlockKind.CODE or (below.kind in _CODE_LIKE and len(below.text) <= _MOST_CHARACTERS)
    is_alike = above.kind is BlockKind.CODE and abs(below.size - above.size) < 0.05 * above.size
    return is_code and is_alike and 0 <= _distance(above.lines, below.lines) < above.size


def _makes_drawing(above: Group, below: Group) -> bool:
    return above.kind is below.kind is BlockKind.FIGURE


def _makes_footnote(above: Group, below: Group) -> bool:
    """A footnote's later lines, which a change of font or a short line parted from it."""
    is_small = below.kind in (BlockKind.TEXT, BlockKind.FIGURE) and abs(below.size - above.size) < 0.07 * above.size
    return above.kind is BlockKind.FOOTNOTE and is_small and 0 <= _distance(above.lines, below.lines) < above.size


def _distance(above: Sequence[Line], below: Sequence[Line], reach: float = _REACH) -> float:
    """The vertical gap between two groups, negative where they overlap; infinite where they stand apart sideways."""
    left, right = min(line.left for line in above), max(line.right for line in above)
    em = max(line.size for line in above)
    if min(line.left for line in below) > right + reach * em or max(line.right for line in below) < left - reach * em:
        return float("inf")
    gap_below = min(line.top for line in below) - max(line.bottom for line in above)
    gap_above = min(line.top for line in above) - max(line.bottom for line in below)
    return max(gap_below, gap_above)
