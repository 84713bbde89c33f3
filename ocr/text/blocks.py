"""Turns the placed lines of a whole document into the blocks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocr.page.lines import Line
from ocr.page.page_text import PageText
from ocr.page.view import box_of
from ocr.text.fragments import join_fragments
from ocr.text.furniture import Place, PlacedLine, body_of
from ocr.text.groups import Group
from ocr.text.hyphens import Vocabulary, join_lines, with_hyphen
from ocr.text.kinds import Surroundings, kind_of
from ocr.text.paragraphs import group_lines
from ocr.text.references import is_references_heading, split_entries
from ocr.text.shapes import ABSTRACT
from ocr.text.title import find_title
from ocr.text.typography import Typography
from pipeline.document import Block, BlockKind, Box

_CONTENTS = re.compile(r"(?:table of )?contents$", re.IGNORECASE)
_LAST_ABSTRACT_PAGE = 2
_ROW_KINDS = frozenset({BlockKind.TABLE, BlockKind.CODE})
_OUTSIDE = {Place.HEADER: BlockKind.HEADER, Place.FOOTER: BlockKind.FOOTER}


def make_blocks(
    pages: Sequence[PageText], placed: Sequence[Sequence[PlacedLine]], typography: Typography
) -> list[tuple[Block, ...]]:
    """The blocks of every page in reading order: headers first, footers last, what was dropped is gone.

    `typography` is the document's.
    """
    bodies = [body_of(items) for items in placed]
    vocabulary = Vocabulary(with_hyphen(line) for lines in bodies for line in lines)
    builder = _Builder(typography)
    finished = []
    for page, items, body in zip(pages, placed, bodies, strict=True):
        groups = [
            *_outside(items, Place.HEADER),
            *builder.groups(page, body),
            *_outside(items, Place.FOOTER),
        ]
        finished.append(tuple(_print(groups, page, vocabulary)))
    return finished


class _Builder:
    """Walks through the pages of one document, remembering whether the references have begun."""

    def __init__(self, typography: Typography) -> None:
        self._typography = typography
        self._references_heading: Line | None = None
        self._is_in_contents = False

    def groups(self, page: PageText, body: Sequence[Line]) -> list[Group]:
        """The groups of one page's body."""
        around = Surroundings(
            self._typography, page.height, tuple(line for line in body if self._typography.is_body_size(line))
        )
        grouped = group_lines(body, self._typography)
        kinds = [kind_of(lines, around) for lines in grouped]
        groups = [Group(kind, tuple(lines)) for kind, lines in zip(kinds, grouped, strict=True)]
        if page.number == 1:
            groups = find_title(groups, self._typography, page.height)
        joined = [self._outside_contents(group) for group in join_fragments(groups)]
        return list(self._with_references(joined, page))

    def _outside_contents(self, group: Group) -> Group:
        """The group, as a list item where it is a line of the table of contents and only looks like a heading."""
        if group.kind is BlockKind.HEADING and _CONTENTS.match(group.text):
            self._is_in_contents = True
            return group
        ends_in_number = group.text[-1].isdigit()
        self._is_in_contents = self._is_in_contents and (ends_in_number or group.kind is not BlockKind.HEADING)
        return replace(group, kind=BlockKind.LIST) if self._is_in_contents and ends_in_number else group

    def _with_references(self, groups: Iterable[Group], page: PageText) -> Iterator[Group]:
        entries: list[Line] = []
        for group in groups:
            if group.kind is BlockKind.HEADING and self._is_section(group):
                yield from _references(entries, page)
                entries = []
                is_list = is_references_heading(group.text)
                self._references_heading = group.lines[0] if is_list else None
                yield group
            elif self._references_heading is not None and group.kind not in (BlockKind.CAPTION, BlockKind.FOOTNOTE):
                entries += group.lines
            else:
                yield group
        yield from _references(entries, page)

    def _is_section(self, group: Group) -> bool:
        """Whether a heading is one: inside the references only what is set like their own heading counts."""
        opened = self._references_heading
        if opened is None:
            return True
        return group.lines[0].size > 0.97 * opened.size and group.lines[0].is_bold == opened.is_bold


def _outside(items: Sequence[PlacedLine], place: Place) -> Iterator[Group]:
    for item in items:
        if item.place is place:
            yield Group(_OUTSIDE[place], (item.line,))


def _references(lines: Sequence[Line], page: PageText) -> Iterator[Group]:
    for entry in split_entries(lines, page.width):
        yield Group(BlockKind.REFERENCE, tuple(entry))


def _print(groups: Iterable[Group], page: PageText, vocabulary: Vocabulary) -> Iterator[Block]:
    order = 0
    for group in groups:
        for block in _parts(_block(group, page, vocabulary), group, page):
            yield replace(block, order=order)
            order += 1


def _block(group: Group, page: PageText, vocabulary: Vocabulary) -> Block:
    if group.kind in _ROW_KINDS:
        text = "\n".join(line.text for line in group.lines)
    else:
        text = join_lines(group.lines, vocabulary)
    return Block(group.kind, text, _box(group.lines, page), 0)


def _parts(block: Block, group: Group, page: PageText) -> Iterator[Block]:
    """The block, with "Abstract." at the beginning of a paragraph made a heading of its own."""
    match = ABSTRACT.match(block.text) if page.number <= _LAST_ABSTRACT_PAGE and block.kind is BlockKind.TEXT else None
    if match is None:
        yield block
        return
    yield Block(BlockKind.HEADING, match["head"], _box(group.lines[:1], page), 0)
    yield replace(block, text=block.text[match.end() :])


def _box(lines: Sequence[Line], page: PageText) -> Box:
    return box_of(lines, page.width, page.height, page.quarters)
