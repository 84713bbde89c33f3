"""Gathers the strings of a bibliography from the pages, whatever engine read them.

The text layer and layout models give an entry a block; what runs over the end of a page is joined again. OCR may give
the whole list as one block: it is split at its labels, its paragraphs or its lines.
"""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.bibliography.labels import label_of
from ocr.bibliography.letters import LOWER, UPPER
from ocr.bibliography.names import read_names
from ocr.text.references import is_references_heading
from pipeline.document import Block, BlockKind, Box, Page

_PARAGRAPH = re.compile(r"</(?:p|li|div|tr)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_INLINE_BRACKET = re.compile(r"(?:^|(?<=\s))\[(\d{1,3})\](?=\s?\S)")
_INLINE_DOT = re.compile(rf"(?:^|(?<=[.)\]/]\s))(\d{{1,3}})\.\s(?=[{UPPER}“\"])")
_SMALL_START = re.compile(rf"[{LOWER}\d(&,;.)–-]|https?:")
_WHOLE_END = re.compile(r"(?:[.)\]”\"]|\d|https?://\S+)\s*$")
_INDENT = 8  # per mille of the page's width: an em is about 16
_MIDDLE = 500
_SHARE_OF_LABELS = 0.5
_LARGEST_STEP = 3  # labels may be missing where a page was not read


@dataclass(frozen=True, slots=True)
class Entry:
    """A reference string; `places` are the pages and boxes it stands in, empty where it shares its box with others."""

    text: str
    page: int
    box: Box
    places: tuple[tuple[int, Box], ...] = ()


def collect_entries(pages: Sequence[Page]) -> list[Entry]:
    """The reference strings in order, those torn apart by a page's end in one piece."""
    pieces = [piece for page, block in _reference_blocks(pages) for piece in _pieces(page, block)]
    labels = [label_of(piece.entry.text) for piece in pieces]
    is_labelled = len(pieces) > 0 and sum(map(bool, labels)) >= _SHARE_OF_LABELS * len(pieces)
    entries: list[Entry] = []
    previous = ""
    for piece, label in zip(pieces, labels, strict=True):
        goes_on = _is_out_of_turn(label, previous) if is_labelled else _goes_on(piece, entries[-1:])
        if entries and goes_on:
            entries[-1] = _joined(entries[-1], piece.entry)
        else:
            entries.append(piece.entry)
            previous = label or previous
    return entries


@dataclass(frozen=True, slots=True)
class _Piece:
    entry: Entry
    is_first: bool  # of its page
    is_indented: bool  # against the other entries of its column


def _reference_blocks(pages: Sequence[Page]) -> Iterator[tuple[Page, Block]]:
    """Blocks of references; where an engine knows no such kind, what follows their heading."""
    is_in_list = False
    for page in pages:
        has_kind = any(block.kind is BlockKind.REFERENCE for block in page.blocks)
        for block in page.blocks:
            if block.kind is BlockKind.HEADING:
                is_in_list = is_references_heading(block.text)
            elif block.kind is BlockKind.REFERENCE or (
                is_in_list and not has_kind and block.kind in (BlockKind.TEXT, BlockKind.LIST)
            ):
                yield page, block


def _pieces(page: Page, block: Block) -> Iterator[_Piece]:
    texts = split_strings(block)
    places = ((page.number, block.box),) if len(texts) == 1 else ()
    lefts = [
        other.box.left
        for other in page.blocks
        if other.kind is BlockKind.REFERENCE and (other.box.left < _MIDDLE) is (block.box.left < _MIDDLE)
    ]
    first = next((other for other in page.blocks if other.kind is BlockKind.REFERENCE), block)
    is_indented = len(lefts) > 1 and block.box.left > min(lefts) + _INDENT
    for index, text in enumerate(texts):
        is_top = index == 0 and block is first
        yield _Piece(Entry(text, page.number, block.box, places), is_top, is_indented and index == 0)


def split_strings(block: Block) -> list[str]:
    """The reference strings of a block: one where it holds one entry."""
    is_marked_up = bool(block.html) and len(_PARAGRAPH.findall(block.html)) > 1
    if is_marked_up:
        lines = [html.unescape(_TAG.sub("", part)) for part in _PARAGRAPH.split(block.html)]
    else:
        lines = block.text.split("\n")
    lines = [" ".join(line.split()) for line in lines]
    lines = [line for line in lines if line]
    if len(lines) <= 1:
        return _split_inline(lines[0]) if lines else []
    return _joined_lines(lines, is_marked_up=is_marked_up)


def _split_inline(text: str) -> list[str]:
    """One string that holds the labels [4], [5], [6]... or 4., 5., 6... parted before each of them."""
    for pattern in (_INLINE_BRACKET, _INLINE_DOT):
        if not pattern.match(text):
            continue
        starts: list[int] = []
        expected = -1
        for match in pattern.finditer(text):
            if expected in (-1, int(match[1])):
                starts.append(match.start())
                expected = int(match[1]) + 1
        if len(starts) > 1:
            ends = [*starts[1:], len(text)]
            return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [text]


def _joined_lines(lines: list[str], *, is_marked_up: bool) -> list[str]:
    is_labelled = sum(bool(label_of(line)) for line in lines) > 1
    texts: list[str] = []
    for line in lines:
        if not texts:
            starts = True
        elif is_labelled:
            starts = bool(label_of(line))
        elif is_marked_up:
            starts = not _SMALL_START.match(line)
        else:
            starts = bool(_WHOLE_END.search(texts[-1])) and bool(read_names(line).authors)
        if starts:
            texts.append(line)
        else:
            texts[-1] = _run_on(texts[-1], line)
    return [part for text in texts for part in _split_inline(text)]


def _is_out_of_turn(label: str, previous: str) -> bool:
    """Whether a label is none: missing, or a number that does not follow the one before."""
    if not label:
        return True
    if not (label.isdigit() and previous.isdigit()):
        return False
    return not 0 < int(label) - int(previous) <= _LARGEST_STEP


def _goes_on(piece: _Piece, before: list[Entry]) -> bool:
    if not piece.is_first or not before:
        return False
    if _SMALL_START.match(piece.entry.text) or piece.is_indented:
        return True
    return not _WHOLE_END.search(before[0].text) and not read_names(piece.entry.text).authors


def _joined(entry: Entry, rest: Entry) -> Entry:
    return replace(entry, text=_run_on(entry.text, rest.text), places=entry.places + rest.places)


def _run_on(before: str, after: str) -> str:
    if before.endswith("-") and after[:1].islower() and before[-2:-1].isalpha():
        return before[:-1] + after
    return f"{before} {after}"
