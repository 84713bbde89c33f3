"""The part of a passage worth quoting in a list: where most of the searched words stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from web.markup import Span, Text

_LEAD_IN_CHARS = 160  # how far before a found word its sentence may begin
_WORTH_ENDING = 0.6  # of the width: then it ends with a sentence rather than in the middle of the next
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z\"“(])")


def excerpt(text: Text, marks: Sequence[Span], width: int, answer: Span | None = None) -> tuple[Text, list[Span]]:
    """At most about `width` characters, cut between words and never within a formula; `…` says where.

    Returns the cut text and the marks within it, in its own positions. Where it is known which sentence is the
    `answer`, it holds its beginning.
    """
    if len(text.text) <= width:
        return text, list(marks)
    if answer is None:
        start = max(_starts(text.text, marks), key=lambda at: _worth(text.text, marks, (at, at + width)))
    else:
        start = 0 if answer[1] <= width else answer[0]
    start, stop = _whole(text, start, min(start + width, len(text.text)))
    lead = "… " if text.text[:start].strip() else ""
    trail = " …" if text.text[stop:].strip() else ""
    shift = len(lead) - start
    return (
        Text(lead + text.text[start:stop] + trail, _within(text.formulas, (start, stop), shift)),
        list(_within(marks, (start, stop), shift)),
    )


def part(text: Text, marks: Sequence[Span], window: Span) -> tuple[Text, list[Span]]:
    """What stands in a window, and the marks within it, in positions of their own."""
    start, stop = window
    return Text(text.text[start:stop], _within(text.formulas, window, -start)), list(_within(marks, window, -start))


def _starts(text: str, marks: Sequence[Span]) -> list[int]:
    """Where a quotation could begin: at the beginning, or with the sentence a found word stands in."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    found = [0]
    for at, _ in marks:
        sentence = max((end for end in ends if end <= at), default=0)
        found.append(sentence if at - sentence <= _LEAD_IN_CHARS else text.rfind(" ", 0, at - _LEAD_IN_CHARS // 2) + 1)
    return found


def _worth(text: str, marks: Sequence[Span], span: Span) -> tuple[int, int]:
    """Different words first, then how often they stand there; the earliest of equals wins by its place."""
    inside = [text[start:stop].lower() for start, stop in marks if span[0] <= start and stop <= span[1]]
    return len(set(inside)), len(inside)


def _whole(text: Text, start: int, stop: int) -> Span:
    """The span moved so that it ends between words and cuts no formula."""
    if stop < len(text.text):
        sentence = max((match.start() + 1 for match in _SENTENCE_END.finditer(text.text, start, stop)), default=0)
        is_long_enough = sentence - start >= _WORTH_ENDING * (stop - start)
        stop = sentence if is_long_enough else max(text.text.rfind(" ", start, stop), start + 1)
    for first, last in text.formulas:
        if first < start < last:
            start = first
        if first < stop < last:
            stop = last
    while start < stop and text.text[start].isspace():
        start += 1
    while start < stop and text.text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _within(spans: Sequence[Span], window: Span, shift: int) -> tuple[Span, ...]:
    return tuple((start + shift, stop + shift) for start, stop in spans if window[0] <= start and stop <= window[1])
