"""Makes a page's blocks of what the model found: kinds, readable text, LaTeX, clean tables, one block a reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr.surya.answers import Found
from ocr.surya.html_blocks import Node, code_text, entries, formulas, parse, plain_text, table_html, table_text
from pipeline.document import Block, BlockKind, Box

_KINDS = {
    "Caption": BlockKind.CAPTION,
    "Footnote": BlockKind.FOOTNOTE,
    "Equation": BlockKind.EQUATION,
    "ListGroup": BlockKind.LIST,
    "PageHeader": BlockKind.HEADER,
    "PageFooter": BlockKind.FOOTER,
    "Picture": BlockKind.FIGURE,
    "SectionHeader": BlockKind.HEADING,
    "Table": BlockKind.TABLE,
    "Text": BlockKind.TEXT,
    "Figure": BlockKind.FIGURE,
    "Code": BlockKind.CODE,
    "Form": BlockKind.TEXT,
    "TableOfContents": BlockKind.LIST,
    "ChemicalBlock": BlockKind.TEXT,
    "Diagram": BlockKind.FIGURE,
    "Bibliography": BlockKind.REFERENCE,
}  # BlankPage is no block
_BLANK = "BlankPage"
_TITLE_ABOVE = 500  # per mille of the page
_TEX = re.compile(r"\\[A-Za-z]{2,}|[_^]\{")


def make_blocks(found: Sequence[Found], number: int) -> tuple[Block, ...]:
    """The blocks of page `number` in reading order, from 0; what holds neither text nor a picture is left out."""
    blocks = [
        block
        for item in found
        if item.label != _BLANK
        for block in _blocks(item)
        if block.text.strip() or block.kind is BlockKind.FIGURE
    ]
    if number == 1:
        _name_title(blocks, {item.box for item in found if "<h1" in item.html})
    return tuple(replace(block, order=order) for order, block in enumerate(blocks))


def _blocks(item: Found) -> Iterator[Block]:
    kind = _KINDS.get(item.label, BlockKind.TEXT)
    if kind is BlockKind.FIGURE:
        yield Block(kind, "", item.box, 0)
        return
    node = parse(item.html)
    if kind is BlockKind.REFERENCE:
        yield from _references(entries(node), item.box)
    elif kind is BlockKind.TABLE or (kind is BlockKind.TEXT and node.find(".//table") is not None):
        yield Block(BlockKind.TABLE, table_text(node) or plain_text(node), item.box, 0, html=table_html(node))
    elif kind is BlockKind.CODE:
        yield Block(kind, code_text(node), item.box, 0)
    elif kind is BlockKind.EQUATION:
        yield _equation(node, item.box)
    else:
        yield Block(kind, plain_text(node), item.box, 0)


def _equation(node: Node, box: Box) -> Block:
    """An equation; LaTeX that the model left without its tag is taken for what it is."""
    text = plain_text(node)
    latex = "\n".join(formulas(node))
    if not latex and _TEX.search(text):
        latex, text = text, f"$${text}$$"
    return Block(BlockKind.EQUATION, text, box, 0, latex=latex)


def _references(texts: Sequence[str], box: Box) -> Iterator[Block]:
    """A block an entry. The model tells the list's box alone: it is shared out by the length of the entries."""
    total = sum(map(len, texts)) or 1
    above = 0
    for text in texts:
        top, bottom = (box.top + round((box.bottom - box.top) * part / total) for part in (above, above + len(text)))
        yield Block(BlockKind.REFERENCE, text, Box(box.left, top, box.right, bottom), 0)
        above += len(text)


def _name_title(blocks: list[Block], largest: set[Box]) -> None:
    """Makes the first heading in the upper half the paper's title: one the model set as h1, where there is any."""
    headings = [
        place for place, block in enumerate(blocks) if block.kind is BlockKind.HEADING and block.box.top < _TITLE_ABOVE
    ]
    titles = [place for place in headings if blocks[place].box in largest] or headings
    if titles:
        blocks[titles[0]] = replace(blocks[titles[0]], kind=BlockKind.TITLE)
