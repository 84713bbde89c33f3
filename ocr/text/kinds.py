"""Decides what a group of lines is."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.page.lines import Line
from ocr.text.shapes import is_caption, is_equation, is_equation_number, is_heading, is_list_item, is_row
from ocr.text.typography import Typography
from pipeline.document import BlockKind

_NOTE_MARK = re.compile(r"^(?:\d{1,2}(?=\s?[A-Z\"“(h])|[*†‡§¶∗⋆♯]+)")
_CONTACT = re.compile(r"\w@\w|\be-?mail\b|\borcid\b|corresponding author|equal contribution", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){5,}")  # of a table of contents
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_HEADING_LINES = 3
_MOST_LABEL_LINES = 12
_LETTERING = 0.85  # of the body's size


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a group's kind depends on besides its lines; `body` are the page's lines at the size of running text."""

    typography: Typography
    page_height: float
    body: tuple[Line, ...]

    def is_below_body(self, line: Line) -> bool:
        """Whether no running text stands under a line in its column."""
        return not any(
            other.top > line.top and other.left < line.right and other.right > line.left for other in self.body
        )


def kind_of(lines: Sequence[Line], around: Surroundings) -> BlockKind:
    """The kind of a group that is no title, reference, header or footer (those need the whole document)."""
    for kind, is_kind in _CHECKS:
        if is_kind(lines, around.typography):
            return kind
    return _text_kind(lines, around)


def _text_kind(lines: Sequence[Line], around: Surroundings) -> BlockKind:
    first, body_size = lines[0], around.typography.body_size
    is_small = first.size < 0.93 * body_size
    is_low = is_small and first.top > 0.4 * around.page_height
    has_mark = bool(_NOTE_MARK.match(first.text))
    if is_low and (has_mark or _is_contact(lines)) and around.is_below_body(first):
        return BlockKind.FOOTNOTE
    if is_list_item(first.text):
        return BlockKind.LIST
    is_lettering = is_small and not (is_low and has_mark) and _is_label(lines)
    return BlockKind.FIGURE if is_lettering else BlockKind.TEXT


def _is_contact(lines: Sequence[Line]) -> bool:
    """Whether these are authors' addresses, which stand under the first page's text often without a mark."""
    return any(_CONTACT.search(line.text) for line in lines)


def _is_sideways(lines: Sequence[Line], _typography: Typography) -> bool:
    return not lines[0].is_upright


def _is_caption(lines: Sequence[Line], typography: Typography) -> bool:
    return is_caption(lines[0], typography)


def _is_contents(lines: Sequence[Line], _typography: Typography) -> bool:
    return bool(_LEADERS.search(lines[0].text))


def _is_small_formula(lines: Sequence[Line], typography: Typography) -> bool:
    """Whether a formula is lettering in a drawing, or a limit of a sum, which `fragments` puts back in its place."""
    is_small = max(line.size for line in lines) <= _LETTERING * typography.body_size
    return is_small and _is_formula(lines, typography)


def _is_formula(lines: Sequence[Line], _typography: Typography) -> bool:
    text = " ".join(line.text for line in lines)
    return is_equation(text) or is_equation_number(text)


def _is_code(lines: Sequence[Line], _typography: Typography) -> bool:
    """Whether all is set in typewriter letters and more than one word, which a URL or a name is not."""
    return all(line.is_mono for line in lines) and any(" " in line.text for line in lines)


def _is_heading(lines: Sequence[Line], typography: Typography) -> bool:
    if len(lines) > _MOST_HEADING_LINES or not is_heading(lines[0], typography):
        return False
    return all(line.is_bold == lines[0].is_bold for line in lines) and not lines[-1].text.endswith((",", ";"))


def _is_table(lines: Sequence[Line], _typography: Typography) -> bool:
    return len(lines) > 1 and sum(map(is_row, lines)) > 0.5 * len(lines)


def _is_label(lines: Sequence[Line]) -> bool:
    """Whether small print is lettering in a drawing: a few words or numbers to a line, no sentence."""
    words = sum(len(_WORD.findall(line.text)) for line in lines)
    return words <= 4 * len(lines) and not lines[-1].text.endswith((".", ";", ":")) and len(lines) < _MOST_LABEL_LINES


_CHECKS: tuple[tuple[BlockKind, Callable[[Sequence[Line], Typography], bool]], ...] = (
    (BlockKind.FIGURE, _is_sideways),
    (BlockKind.CAPTION, _is_caption),
    (BlockKind.LIST, _is_contents),
    (BlockKind.HEADING, _is_heading),
    (BlockKind.FIGURE, _is_small_formula),
    (BlockKind.EQUATION, _is_formula),
    (BlockKind.CODE, _is_code),
    (BlockKind.TABLE, _is_table),
)
