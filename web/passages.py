"""A quotation as the pages print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from index import highlight
from pipeline.digest import Passage
from web.excerpt import excerpt, part
from web.markup import Span, Text, read_page, read_tex, to_html

_KNOWN_BY = 40  # characters of a sentence's beginning
_MOST_EMPHASISED = 0.8


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Its text with the found words marked, where it stands in the paper, and its anchor on the paper's page.

    `page` counts from 1 and is 0 for the abstract, which is on no page that was read.
    """

    html: Markup
    place: str
    page: int
    chunk_id: int

    @property
    def anchor(self) -> str:
        """Names the passage on its paper's page."""
        return f"p{self.chunk_id}"


def show_passage(passage: Passage, query: str, width: int, sentence: Span | None = None) -> ShownPassage:
    """At most about `width` characters of a passage, around the sentence that answers, else the words of the query."""
    text = _read(passage, passage.text)
    answer = _answer(passage, text, sentence)
    cut, marks = excerpt(text, highlight(text.text, query), width, answer)
    shown = None if answer is None else _found(cut, text.text[answer[0] : answer[1]])
    place = place_of(passage.section, passage.page)
    return ShownPassage(_html(cut, marks, shown), place, passage.page, passage.chunk_id)


def _read(passage: Passage, source: str) -> Text:
    return read_page(source) if passage.page else read_tex(source)


def _answer(passage: Passage, text: Text, sentence: Span | None) -> Span | None:
    """Where the sentence stands in the text as it is shown; None where TeX made something else of it."""
    if sentence is None:
        return None
    words = _read(passage, passage.text[sentence[0] : sentence[1]]).text.strip()
    at = text.text.find(words)
    return (at, at + len(words)) if words and at >= 0 else None


def _found(cut: Text, sentence: str) -> Span | None:
    """As much of the sentence as the cut text holds."""
    at = cut.text.find(sentence[:_KNOWN_BY])
    if at < 0:
        return None
    pairs = enumerate(zip(cut.text[at:], sentence, strict=False))
    length = next((number for number, (one, other) in pairs if one != other), min(len(sentence), len(cut.text) - at))
    return at, at + len(sentence[:length].rstrip())


def _html(cut: Text, marks: Sequence[Span], answer: Span | None) -> Markup:
    """The answer stands out, unless it is nearly all there is, or ends within a formula."""
    if answer is None or answer[1] - answer[0] > _MOST_EMPHASISED * len(cut.text):
        return to_html(cut, marks)
    start, stop = answer
    if any(first < edge < last for first, last in cut.formulas for edge in answer):
        return to_html(cut, marks)
    windows = (0, start), (start, stop), (stop, len(cut.text))
    before, middle, after = (to_html(*part(cut, marks, window)) for window in windows)
    return Markup('{}<strong class="answer">{}</strong>{}').format(before, middle, after)


def section_levels(section: str) -> list[str]:
    """The headings a chunk stands under, outermost first; the chunker joins them by ` > `."""
    return [level for level in section.split(" > ") if level.strip()]


def place_of(section: str, page: int) -> str:
    """Where a passage stands: `3 Method · page 4`, `Abstract`."""
    if not page:
        return section or "Abstract"
    return " · ".join([*section_levels(section)[-1:], f"page {page}"])
