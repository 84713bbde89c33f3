r"""Text from papers as HTML: escaped, mathematics as MathML, found words marked.

Titles and abstracts are TeX-flavoured (`$O(n)$`, `\emph{...}`, `5\%`); passages read from a PDF are taken literally but
for formulas between dollars, as an engine that reads mathematics writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from pipeline.mathtext import tex_to_text
from web.mathml import mathml

Span = tuple[int, int]

# Dollars as in pandoc's manual (tex_math_dollars): no space inside them and no digit after the closing one, so that
# "from $5 to $10" is money.
_MATH = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]+)\$\$"
    r"|(?<!\\)\$(?!\s)(?P<inline>(?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)"
    r"|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be marked and cut: prose in Unicode, and where its formulas stand (still in TeX)."""

    text: str
    formulas: tuple[Span, ...] = ()


@lru_cache(maxsize=1024)
def read_tex(source: str) -> Text:
    """A title or abstract: TeX in the prose becomes Unicode, formulas stay as they are."""
    pieces: list[str] = []
    formulas: list[Span] = []
    end = length = 0
    for match in _MATH.finditer(source):
        prose = _prose(source[end : match.start()])
        start = length + len(prose)
        length = start + len(match[0])
        formulas.append((start, length))
        pieces += [prose, match[0]]
        end = match.end()
    return Text("".join([*pieces, _prose(source[end:])]), tuple(formulas))


def read_page(source: str) -> Text:
    """A passage read from a page: to the letter, only its formulas are set."""
    return Text(source, tuple(match.span() for match in _MATH.finditer(source)))


def _prose(source: str) -> str:
    lead, body, trail = _EDGES.match(source).groups()  # type: ignore[union-attr]  # it matches any string
    return f"{lead and ' '}{tex_to_text(body)}{trail and ' '}" if body else (lead and " ")


def to_html(text: Text, marks: Sequence[Span] = ()) -> Markup:
    """Escaped HTML with the marked ranges (ascending) in `<mark>`; marks within a formula are dropped."""
    marks = list(_joined(text.text, marks))
    html: list[Markup] = []
    end = 0
    for start, stop in text.formulas:
        html += [_marked(text.text, (end, start), marks), _formula(text.text[start:stop])]
        end = stop
    return Markup("").join([*html, _marked(text.text, (end, len(text.text)), marks)])


def _joined(text: str, marks: Sequence[Span]) -> Iterator[Span]:
    """Neighbouring words become one mark: `late-interaction` is read as one."""
    waiting: Span | None = None
    for start, stop in marks:
        if waiting is not None and text[waiting[1] : start] in (" ", "-"):
            waiting = waiting[0], stop
            continue
        if waiting is not None:
            yield waiting
        waiting = start, stop
    if waiting is not None:
        yield waiting


def _marked(text: str, span: Span, marks: Sequence[Span]) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text[start:stop]) if is_marked else escape(text[start:stop])
        for start, stop, is_marked in _cut(span, marks)
    )


def _cut(span: Span, marks: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """The span in pieces, in and out of the marks (which ascend)."""
    end, last = span
    for start, stop in marks:
        if start >= end and stop <= last:
            yield end, start, False
            yield start, stop, True
            end = stop
    yield end, last, False


def _formula(source: str) -> Markup:
    match = _MATH.fullmatch(source)
    groups = match.groupdict() if match else {}
    tex = next((group for group in groups.values() if group is not None), "")
    is_display = groups.get("display") is not None or groups.get("square") is not None
    shown = mathml(tex, is_display=is_display)
    return shown if shown is not None else Markup('<span class="tex">{}</span>').format(source)


def tex_html(source: str) -> Markup:
    """A title or abstract, unmarked."""
    return to_html(read_tex(source))


def code_html(text: str) -> Markup:
    """One of our own sentences: what stands between backticks is set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before
