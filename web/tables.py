"""Tables as an engine read them: HTML from outside, of which only the bare table is kept, formulas as MathML."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup, escape

from pipeline.document import BlockKind, Box, Document, Figure, FigureKind
from web.mathml import mathml

_TAGS = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "sub", "sup", "b", "i", "em", "strong", "br"}
_SPANS = {"colspan", "rowspan"}
_MOST_CHARS = 100_000
_SPAN = re.compile(r"[1-9][0-9]?")
# Surya writes formulas as TeX in a math element.
_FORMULA = re.compile(r"<math\b[^>]*>(.*?)</math>", re.DOTALL | re.IGNORECASE)
_PLACEHOLDER = re.compile("\ue000(\\d{1,6})\ue001")  # private use: nothing that is shown holds it
_NO_PLACEHOLDERS = {0xE000: None, 0xE001: None}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'"}
_ENTITY = re.compile("|".join(_ENTITIES))


def table_of(figure: Figure, document: Document) -> Markup | None:
    """The table behind a figure as safe HTML; None where it was not read as a table."""
    if figure.kind is not FigureKind.TABLE:
        return None
    blocks = [block for page in document.pages if page.number == figure.page for block in page.blocks]
    tables = [block for block in blocks if block.kind is BlockKind.TABLE and block.html]
    best = max(tables, key=lambda block: _shared(block.box, figure.box), default=None)
    if best is None or not _shared(best.box, figure.box):
        return None
    return safe_table(best.html)


def safe_table(html: str) -> Markup | None:
    """What may be shown of a table; None where nothing of a table is left, or where it is endless."""
    if len(html) > _MOST_CHARS:
        return None
    formulas: list[Markup] = []

    def set_aside(match: re.Match[str]) -> str:
        tex = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], match[1]).strip()
        formulas.append(mathml(tex) or Markup('<span class="tex">{}</span>').format(tex))
        return f"\ue000{len(formulas) - 1}\ue001"

    marked = _FORMULA.sub(set_aside, html.translate(_NO_PLACEHOLDERS))
    attributes = {"td": _SPANS, "th": _SPANS | {"scope"}}
    clean = nh3.clean(marked, tags=_TAGS, attributes=attributes, attribute_filter=_only_sane)
    if "<td" not in clean and "<th" not in clean:
        return None
    return Markup(_PLACEHOLDER.sub(lambda match: str(escape(formulas[int(match[1])])), clean))  # noqa: S704 - cleaned


def _only_sane(tag: str, name: str, value: str) -> str | None:
    """A span of millions would cost the browser its memory; a scope is one of four words."""
    del tag
    if name == "scope":
        return value if value in ("row", "col", "rowgroup", "colgroup") else None
    return value if _SPAN.fullmatch(value) else None


def _shared(one: Box, other: Box) -> int:
    """The area two boxes have in common."""
    both_left, both_right = max(one.left, other.left), min(one.right, other.right)
    both_top, both_bottom = max(one.top, other.top), min(one.bottom, other.bottom)
    return max(both_right - both_left, 0) * max(both_bottom - both_top, 0)
