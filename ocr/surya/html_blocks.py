"""What a vision model writes of a block, HTML with LaTeX in <math>, as readable text, LaTeX and clean tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree, html
from lxml.etree import _Element

_NEVER_READ = frozenset({"script", "style", "template", "noscript"})
_LINES = frozenset({"blockquote", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li"})
_LINES |= {"ol", "p", "pre", "table", "tr", "ul"}
_CELLS = frozenset({"td", "th"})
_TABLE_TAGS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
_TABLE_TAGS |= {"b", "br", "em", "i", "strong", "sub", "sup", "u"}
_TABLE_ATTRIBUTES: Mapping[str, set[str]] = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SPAN = re.compile(r"[1-9]\d{0,2}")
_FRAME = re.compile(r"</?(?:html|body|head|frameset)\b[^>]*>?", re.IGNORECASE)  # of a whole document: not a block's
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# The LaTeX of a formula that is closed before anything else opens or closes.
_TAG = r"</?(?:math|div|p|table|tr|t[dh]|li)(?:\s+[a-z-]+=|\s*/?>)"
_MATH = re.compile(rf"(<math\b[^>]*>)((?:(?!{_TAG}).)*)(</math>)", re.DOTALL | re.IGNORECASE)
_GLUE = "\x01"  # between an item's mark and its text, whatever tags stand there; no text holds it
_NUMBERED = re.compile(r"(?:^|(?<=\s))\[(\d{1,4})\](?=\s)")

Node = _Element


def repair(answer: str) -> str:
    """A model's answer with formulas that no parser takes for tags ("a<b"), and without characters no text may hold."""
    answer = _SURROGATE.sub("\ufffd", _CONTROL.sub("", answer))
    return _MATH.sub(lambda match: match[1] + match[2].replace("<", "&lt;") + match[3], answer)


def parse(markup: str) -> Node:
    """The tree of a piece of HTML, under a div of its own. Never fails: what is no HTML is text."""
    markup = _FRAME.sub("", repair(markup))
    try:
        root: Node = html.fragment_fromstring(markup, create_parent="div", parser=_parser())
    except (etree.ParserError, ValueError):
        root = etree.Element("div")
        root.text = markup
    return root


def plain_text(node: Node) -> str:
    """The text as one reads it: a line a paragraph or item, formulas as $LaTeX$ ($$ for displayed ones)."""
    return _tidy("".join(_pieces(node)))


def code_text(node: Node) -> str:
    """The text with its line breaks and indentation as they are."""
    text = "".join("\n" if piece is None else piece for piece in _raw(node))
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def formulas(node: Node) -> list[str]:
    """The LaTeX of all formulas as delivered, without the space around it."""
    return [latex for math in node.iter("math") if (latex := _latex(math).strip())]


def table_text(node: Node) -> str:
    """A line a row, its cells parted by " | "; what stands outside of rows (a caption) on lines of its own."""
    lines: list[str] = []
    for element in node.iter("caption", "tr"):
        if element.tag == "tr":
            cells = [plain_text(cell).replace("\n", " ") for cell in element if cell.tag in _CELLS]
            lines.append(" | ".join(cells))
        else:
            lines.append(plain_text(element))
    return "\n".join(line for line in lines if line.strip(" |"))


def table_html(node: Node) -> str:
    """The tables in a block and nothing else of it: structure and spans, formulas as $LaTeX$, no other attribute."""
    import nh3

    tables = [table for table in node.iter("table") if not _is_inside(table, node, "table")]
    return "".join(
        nh3.clean(
            _with_written_formulas(table),
            tags=set(_TABLE_TAGS),
            attributes={tag: set(names) for tag, names in _TABLE_ATTRIBUTES.items()},
            attribute_filter=lambda _tag, _name, value: value if _SPAN.fullmatch(value) else None,
            clean_content_tags=set(_NEVER_READ),
            link_rel=None,
        )
        for table in tables
    )


def entries(node: Node) -> list[str]:
    """The entries of a list of references: its items or paragraphs, else its lines."""
    for tag in ("li", "p", "tr"):
        found = [plain_text(item).replace("\n", " ") for item in node.iter(tag) if not _is_inside(item, node, tag)]
        if len(found) > 1:
            return [entry for entry in found if entry]
    for line_break in list(node.iter("br")):
        line_break.tag = "p"
    return [entry for line in plain_text(node).split("\n") if line for entry in _by_numbers(line)]


def _parser() -> html.HTMLParser:
    return html.HTMLParser(remove_comments=True, remove_pis=True)


def _latex(math: Node) -> str:
    return "".join(str(piece) for piece in math.itertext())


def _by_numbers(line: str) -> list[str]:
    """A line parted where the next number in brackets stands: [1] ... [2] ..."""
    starts: list[int] = []
    due = None
    for match in _NUMBERED.finditer(line):
        if due in (None, int(match[1])):
            starts.append(match.start())
            due = int(match[1]) + 1
    if len(starts) < 2 or starts[0] > 0:  # noqa: PLR2004 - one entry needs no parting
        return [line]
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def _pieces(node: Node) -> Iterator[str]:
    if node.tag in _NEVER_READ:
        return
    if node.tag == "math":
        yield _written(node)
        return
    if node.tag == "br":
        yield " "
    if node.tag == "input":
        yield "[x] " if "checked" in node.attrib else "[ ] "
    edge = "\n" if node.tag in _LINES else (" " if node.tag in _CELLS else "")
    yield edge + _mark(node) + _flat(node.text)
    for child in node:
        yield from _pieces(child)
        yield _flat(child.tail)
    yield edge


def _flat(text: str | None) -> str:
    """The text without line breaks of its own: only tags break lines."""
    return re.sub(r"\s+", " ", text or "")


def _mark(node: Node) -> str:
    """What a list shows before an item."""
    parent = node.getparent()
    if node.tag != "li" or parent is None:
        return ""
    if parent.tag == "ol":
        first = parent.get("start", "1")
        place = sum(1 for item in node.itersiblings("li", preceding=True))
        return f"{(int(first) if first.isdecimal() else 1) + place}.{_GLUE}"
    return f"•{_GLUE}"


def _written(math: Node) -> str:
    latex = " ".join(_latex(math).split())
    sign = "$$" if math.get("display") == "block" else "$"
    return f"{sign}{latex}{sign}" if latex else ""


def _tidy(text: str) -> str:
    text = re.sub(rf"{_GLUE}\s*", " ", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _raw(node: Node) -> Iterator[str | None]:
    """The text as it is; None where a tag breaks the line."""
    if node.tag in _NEVER_READ:
        return
    if node.tag == "br":
        yield None
    yield node.text or ""
    for child in node:
        yield from _raw(child)
        if child.tag in {"p", "div", "pre"}:
            yield None
        yield child.tail or ""


def _with_written_formulas(table: Node) -> str:
    copy = html.fromstring(html.tostring(table, encoding="unicode", with_tail=False))
    for math in list(copy.iter("math")):
        written = _written(math)
        tail = math.tail
        math.clear()
        math.text, math.tail = written, tail
    text: str = html.tostring(copy, encoding="unicode", with_tail=False)
    return text


def _is_inside(node: Node, root: Node, tag: str) -> bool:
    """Whether an element lies in another of the same kind."""
    return any(ancestor.tag == tag for ancestor in node.iterancestors() if ancestor is not root)
