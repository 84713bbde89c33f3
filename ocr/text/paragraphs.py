"""Groups consecutive lines into paragraphs, headings, captions, equations: whatever is set as one."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ocr.page.lines import Line
from ocr.text.shapes import is_caption, is_equation, is_equation_number, is_heading, is_list_item, is_row
from ocr.text.typography import Typography

_MOST_BOLD_END = 12  # characters
_INITIAL = 1.8  # em; journals set the first letter of a paper over two or three lines
_INITIAL_LINES = 4
_INDENT = 0.8  # em; TeX indents by 1 to 2
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*\d{0,3}$")


def group_lines(lines: Iterable[Line], typography: Typography) -> list[list[Line]]:
    """The groups in reading order; every line is in exactly one."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _starts_new(groups[-1], line, typography):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [part for group in groups for part in _without_rows(group)]


def _without_rows(group: list[Line]) -> list[list[Line]]:
    """The group, parted where prose set close to a table begins or ends: two rows beside two lines of prose."""
    marks = [is_row(line) for line in group]
    starts = [0]
    for index in range(2, len(group) - 1):
        before, after = marks[index - 2 : index], marks[index : index + 2]
        if before[0] == before[1] != after[0] == after[1]:
            starts.append(index)
    return [group[start:end] for start, end in zip(starts, [*starts[1:], len(group)], strict=True)]


def _starts_new(group: Sequence[Line], line: Line, typography: Typography) -> bool:
    above = group[-1]
    if above.is_upright != line.is_upright:
        return True
    if not line.is_upright:
        return abs(line.left - above.left) > 3 * line.size
    if _is_apart(group, line, typography):
        return True
    if _overlaps(above, line):
        return False
    if _is_mathematics(above) or _is_mathematics(line):
        return not _is_same_formula(group, line)
    return _changes_look(group, line, typography) or _begins_paragraph(group, line)


def _is_apart(group: Sequence[Line], line: Line, typography: Typography) -> bool:
    """Whether space parts the line from the group: another column, or more than a line's distance."""
    above = group[-1]
    em = max(above.size, line.size)
    step = line.baseline - above.baseline
    if step < -0.8 * em or step > (typography.leading * 1.35 + 0.1) * em:
        return True
    return line.left > max(member.right for member in group) + em or line.right < min(m.left for m in group) - em


def _overlaps(above: Line, line: Line) -> bool:
    """Whether two lines stand beside rather than below each other, as the parts of a formula do."""
    return min(above.bottom, line.bottom) - max(above.top, line.top) > 0.3 * min(above.height, line.height)


def _is_mathematics(line: Line) -> bool:
    return is_equation(line.text) or is_equation_number(line.text)


def _is_same_formula(group: Sequence[Line], line: Line) -> bool:
    """Whether a mathematical line goes on with what stands above it, or is a fragment of a line of prose."""
    above = group[-1]
    if _is_mathematics(above) and _is_mathematics(line):
        return True
    # Prose full of symbols: a line that reaches from margin to margin is no display.
    narrow = line if _is_mathematics(line) else above
    widest = max((member for member in (*group, line)), key=lambda member: member.right - member.left)
    is_full = narrow.left - widest.left < narrow.size and widest.right - narrow.right < 2 * narrow.size
    return is_full and abs(above.size - line.size) < 0.07 * above.size


def _changes_look(group: Sequence[Line], line: Line, typography: Typography) -> bool:
    above = group[-1]
    if is_caption(line, typography) or (above.is_mono != line.is_mono and not _is_address(above, line)):
        return True
    is_other_size = abs(above.size - line.size) > 0.07 * above.size
    is_other_weight = above.is_bold != line.is_bold and not _is_run_in(group, line)
    if is_other_size or is_other_weight:
        return True
    if above.is_bold or above.size > 1.07 * typography.body_size:
        return False  # the same size and weight below a heading: its second line
    return is_heading(above, typography) != is_heading(line, typography)


def _is_address(above: Line, line: Line) -> bool:
    """Whether a line in typewriter letters is a URL or a name inside a paragraph rather than code."""
    mono = line if line.is_mono else above
    return "://" in mono.text or " " not in mono.text


def _is_run_in(group: Sequence[Line], line: Line) -> bool:
    """Whether a weight change is inside a paragraph: bold words that fill a line, or a bold lead that goes on."""
    above = group[-1]
    is_short = len(line.text) < _MOST_BOLD_END
    return (len(group) > 1 and not group[0].is_bold and is_short) or (above.is_hyphenated and len(group) == 1)


def _begins_paragraph(group: Sequence[Line], line: Line) -> bool:
    """Whether the line is a paragraph's or a list item's first, by its indent or the shortness of the line above."""
    above = group[-1]
    em = line.size
    if is_list_item(line.text) and (is_list_item(group[0].text) or _ends_sentence(above)):
        return line.left <= group[0].left + _INDENT * em or not is_list_item(group[0].text)
    if abs(line.centre - above.centre) < 0.3 * em or _runs_around_initial(group):
        return False
    if line.left > above.left + _INDENT * em:
        return len(group) > 1 or not _may_hang(group[0])
    if line.left < above.left - _INDENT * em and len(group) > 1:
        return True
    right = max(member.right for member in group)
    width = right - min(member.left for member in group)
    return _ends_sentence(above) and above.right < right - 0.15 * width


def _runs_around_initial(group: Sequence[Line]) -> bool:
    """Whether a paragraph begins with a letter some lines high, beside which its next lines are indented."""
    first = group[0]
    return first.height > _INITIAL * first.size and len(group) < _INITIAL_LINES and not _ends_sentence(group[-1])


def _may_hang(first: Line) -> bool:
    """Whether the lines below a group's first may be indented against it, as in lists and references."""
    return is_list_item(first.text) or not _ends_sentence(first)


def _ends_sentence(line: Line) -> bool:
    return not line.is_hyphenated and bool(_SENTENCE_END.search(line.text))
