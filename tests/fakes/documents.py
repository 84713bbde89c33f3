"""What was read of the papers of `tests.fakes.site`: pages by three engines, figures, a table, a bibliography."""

from __future__ import annotations

from pipeline.document import (
    Block,
    BlockKind,
    Box,
    Citation,
    Document,
    Figure,
    FigureKind,
    Page,
    PageStatus,
    Reference,
)

_LETTER = (612.0, 792.0)
_BOX = Box(80, 100, 920, 300)
_TABLE_BOX = Box(80, 500, 920, 650)
HOSTILE_TABLE = (
    '<table onclick="alert(1)"><thead><tr><th scope="col">Method</th><th>Memory <script>alert(2)</script></th></tr>'
    '</thead><tbody><tr><td rowspan="2" style="position:fixed">ours</td>'
    '<td colspan="999999"><math>O(\\sqrt{n})</math></td></tr>'
    "<tr><td><img src=x onerror=alert(3)>4 kB &lt; 1 MB</td></tr></tbody></table>"
)

OPEN_FIGURES = (
    Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: A logo.", 1, Box(450, 40, 500, 60)),
    Figure(
        FigureKind.FIGURE,
        "Figure 2",
        "Figure 2: Memory taken by the two walks, $O(\\sqrt{n})$ & less, for documents of any length.",
        3,
        Box(100, 350, 480, 550),
    ),
    Figure(FigureKind.TABLE, "Table 1", "Table 1: Memory by method.", 4, Box(80, 470, 920, 660)),
)
CLOSED_FIGURES = (
    Figure(
        FigureKind.FIGURE,
        "Figure 1",
        "Figure 1. How labels were made. " + "It was dear. " * 40,
        2,
        Box(100, 100, 900, 400),
    ),
)
OPEN_REFERENCES = (
    Reference(
        "[1] B. Okafor. Ranking with few labels. 2026.",
        9,
        Box(80, 100, 480, 130),
        label="1",
        title="Ranking with few labels",
        arxiv_id="2611.00002",
    ),
    Reference(
        "[2] A. Elsewhere. A paper that is not here. 2020.", 9, Box(80, 140, 480, 170), "2", arxiv_id="2001.00001"
    ),
    Reference("[3] D. Else. Printed on paper. J. Paper, 1999.", 9, Box(80, 180, 480, 200), "3", doi="10.1000/p_1<x>"),
    Reference("[4] <b>Mallory</b>. javascript:alert(1)", 9, Box(80, 210, 480, 230), "4", url="javascript:alert(1)"),
    Reference("[5] A dataset.", 9, Box(80, 240, 480, 260), "5", url="https://example.org/data?a=1&b=2"),
)
CLOSED_REFERENCES = (
    Reference("A. Lind. Searching long documents. 2026.", 4, Box(80, 100, 480, 130), arxiv_id="2611.00001"),
)


def open_document() -> Document:
    """Nine pages: seven by their text, one by Surya with a table, one not complete."""
    pages = [_page(number) for number in range(1, 10)]
    table = Block(BlockKind.TABLE, "Method Memory ours", _TABLE_BOX, 0, html=HOSTILE_TABLE)
    pages[3] = Page(4, *_LETTER, (table,), "surya/0.22.1", route="a tenth of it is mathematics")
    pages[6] = Page(
        7, *_LETTER, (), "text_layer/1", PageStatus.DEGRADED, "the endpoint refused it", route="no text, but no GPU"
    )
    citations = (Citation(1, 0, 3, 6, (0, 1)), Citation(3, 0, 3, 6, (0,)))
    return Document(tuple(pages), "text_layer/1", 2.4, 0.0312, OPEN_FIGURES, OPEN_REFERENCES, citations)


def closed_document() -> Document:
    """Four pages, all by their text."""
    pages = tuple(_page(number) for number in range(1, 5))
    return Document(pages, "text_layer/1", 0.5, 0.0, CLOSED_FIGURES, CLOSED_REFERENCES)


def _page(number: int) -> Page:
    block = Block(BlockKind.TEXT, f"Text of page {number} [1, 2].", _BOX, 0)
    return Page(number, *_LETTER, (block,), "text_layer/1", route="its text is good")
