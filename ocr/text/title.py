"""Finds the title on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.text.groups import Group
from ocr.text.shapes import is_abstract, is_known_heading
from ocr.text.typography import Typography
from pipeline.document import BlockKind

_TOP = 0.55  # of the page; titles stand no lower
_FEWEST_LETTERS = 4
_SAME_SIZE = 0.02
_PROSE = frozenset({BlockKind.TEXT, BlockKind.HEADING, BlockKind.LIST, BlockKind.TITLE})


def find_title(groups: Sequence[Group], typography: Typography, page_height: float) -> list[Group]:
    """The first page's groups with the title joined and marked: the largest print before the paper begins."""
    candidates = [index for index, group in enumerate(groups) if _may_be_title(group, page_height)]
    begins = next((index for index, group in enumerate(groups) if _opens_paper(group)), None)
    candidates = [index for index in candidates if begins is None or index < begins]
    if not candidates:
        return list(groups)
    front = begins or 0
    groups = [*_without_headings(groups[:front]), *groups[front:]]
    size = max(groups[index].size for index in candidates)
    if size < 1.1 * typography.body_size:
        # Old styles set the title in bold capitals of the text's own size: take the first bold line, if any.
        bold = [index for index in candidates if groups[index].lines[0].is_bold]
        return _marked(groups, _with_next(groups, bold[0], candidates) if bold else [])
    first = next(index for index in candidates if groups[index].size >= 0.98 * size)
    last = first
    while last + 1 in candidates and groups[last + 1].size >= 0.98 * size:
        last += 1
    return _marked(groups, range(first, last + 1))


def _with_next(groups: Sequence[Group], first: int, candidates: Sequence[int]) -> list[int]:
    """A bold title and the lines set like it that follow: a symbol in one of them may have parted it."""
    chosen = [first]
    while chosen[-1] + 1 in candidates:
        above, below = groups[chosen[-1]].lines[-1], groups[chosen[-1] + 1].lines[0]
        is_alike = abs(below.size - above.size) < _SAME_SIZE * above.size and (below.is_bold or below.text.isupper())
        if not is_alike or below.top - above.bottom > above.size or above.text.isupper() is not below.text.isupper():
            break
        chosen.append(chosen[-1] + 1)
    return chosen


def _opens_paper(group: Group) -> bool:
    return is_known_heading(group.text) or is_abstract(group.text)


def _may_be_title(group: Group, page_height: float) -> bool:
    line = group.lines[0]
    letters = sum(character.isalpha() for character in group.text)
    return group.kind in _PROSE and line.is_upright and line.top < _TOP * page_height and letters >= _FEWEST_LETTERS


def _marked(groups: Sequence[Group], chosen: Sequence[int]) -> list[Group]:
    if not chosen:
        return list(groups)
    lines = tuple(line for index in chosen for line in groups[index].lines)
    title = Group(BlockKind.TITLE, lines)
    return [*groups[: chosen[0]], title, *groups[chosen[-1] + 1 :]]


def _without_headings(groups: Sequence[Group]) -> list[Group]:
    """Author names are often set like headings; before the first section there are none."""
    return [replace(group, kind=BlockKind.TEXT) if group.kind is BlockKind.HEADING else group for group in groups]
