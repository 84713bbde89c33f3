"""Where a passage is marked on its page."""

from __future__ import annotations

from pipeline.document import Block, BlockKind, Box, Document, Page
from web.page_view import Marked, draw

LEFT, RIGHT, OTHER = Box(100, 800, 480, 900), Box(520, 100, 900, 200), Box(520, 300, 900, 500)
AROUND = LEFT.union(RIGHT)
TEXT = "We drew nine hundred and thirty theses. The copies fall into five classes."
PAGE = Page(
    2,
    600.0,
    600.0,
    (
        Block(BlockKind.HEADER, "The copies fall into five classes.", Box(100, 10, 900, 30), 0),
        Block(BlockKind.TEXT, "We drew nine hundred and thirty theses.", LEFT, 1),
        Block(BlockKind.TEXT, "The copies fall into five classes.", RIGHT, 2),
        Block(BlockKind.TEXT, "Nine hundred and more people transcribed them all by hand.", OTHER, 3),
    ),
    "text_layer",
)


READ = Document((PAGE,), "key")


def marks(text: str, document: Document | None = READ) -> list[tuple[float, ...]]:
    return list(draw(document, 2, Marked(AROUND, "the passage", text=text)).marks)


def test_a_passage_over_two_columns_is_marked_block_by_block() -> None:
    assert marks(TEXT) == [(100, 800, 380, 100), (520, 100, 380, 100)]


def test_a_part_of_a_long_paragraph_marks_the_paragraph() -> None:
    assert marks("nine hundred and more people transcribed") == [(520, 300, 380, 200)]


def test_what_no_block_says_is_marked_by_its_box() -> None:
    assert marks("Something else entirely.") == [(100, 100, 800, 800)]
    assert marks(TEXT, None) == [(100, round(100 * 792 / 612, 1), 800, round(800 * 792 / 612, 1))]
