import pytest

from ocr.figures.captions import caption_kind, find_figures
from pipeline.document import Block, BlockKind, Box, Figure, FigureKind, Page

_PROSE = "Running text about something else."


def _page(*blocks: tuple[BlockKind, str, Box], number: int = 1) -> Page:
    made = tuple(Block(kind, text, box, order) for order, (kind, text, box) in enumerate(blocks))
    return Page(number, 612, 792, made, "surya")


def _shown(page: Page) -> list[tuple[str, Box]]:
    return [(figure.label, figure.box) for figure in find_figures([page])]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("Figure 3: Results", FigureKind.FIGURE),
        ("Fig. 3. Results", FigureKind.FIGURE),
        ("FIG. 3 Results", FigureKind.FIGURE),
        ("Figure A.1 | Results", FigureKind.FIGURE),
        ("Extended Data Fig. 2: Results", FigureKind.FIGURE),
        ("Supplementary Figure S4. Results", FigureKind.FIGURE),
        ("Scheme 1. A synthesis", FigureKind.FIGURE),
        ("Table 2: Scores", FigureKind.TABLE),
        ("TABLE IV SCORES", FigureKind.TABLE),
        ("Tab. 1: Scores", FigureKind.TABLE),
        ("Algorithm 1: Steps", None),
        ("Tables of contents", None),
        ("Figures are nice", None),
    ],
)
def test_a_caption_says_what_it_is_about(text: str, kind: FigureKind | None) -> None:
    assert caption_kind(text) is kind


def test_a_picture_goes_with_the_caption_below_and_a_table_with_the_one_above() -> None:
    page = _page(
        (BlockKind.FIGURE, "", Box(100, 50, 900, 250)),
        (BlockKind.CAPTION, "Figure 1: A view", Box(200, 260, 800, 280)),
        (BlockKind.CAPTION, "Table 1: Scores", Box(200, 300, 800, 320)),
        (BlockKind.TABLE, "a b", Box(100, 330, 900, 450)),
    )

    assert find_figures([page]) == (
        Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: A view", 1, Box(100, 50, 900, 250)),
        Figure(FigureKind.TABLE, "Table 1", "Table 1: Scores", 1, Box(100, 330, 900, 450)),
    )


def test_pictures_side_by_side_over_one_caption_are_parts_of_one_figure() -> None:
    page = _page(
        (BlockKind.FIGURE, "", Box(100, 50, 480, 250)),
        (BlockKind.FIGURE, "", Box(520, 50, 900, 250)),
        (BlockKind.CAPTION, "Figure 1: Two views", Box(150, 260, 850, 280)),
    )

    assert _shown(page) == [("Figure 1", Box(100, 50, 900, 250))]


def test_text_between_two_pictures_makes_them_two_figures() -> None:
    page = _page(
        (BlockKind.FIGURE, "", Box(100, 50, 900, 250)),
        (BlockKind.TEXT, _PROSE, Box(100, 255, 900, 280)),
        (BlockKind.FIGURE, "", Box(100, 290, 900, 450)),
        (BlockKind.CAPTION, "Figure 1: A view", Box(100, 460, 900, 480)),
    )

    assert _shown(page) == [("", Box(100, 50, 900, 250)), ("Figure 1", Box(100, 290, 900, 450))]


def test_a_caption_without_a_picture_stands_with_the_empty_space_it_belongs_to() -> None:
    page = _page(
        (BlockKind.TEXT, _PROSE, Box(100, 50, 900, 200)),
        (BlockKind.CAPTION, "Figure 1: Not seen", Box(200, 500, 800, 520)),
        (BlockKind.TEXT, _PROSE, Box(100, 530, 900, 900)),
    )

    assert _shown(page) == [("Figure 1", Box(100, 200, 900, 500))]


def test_a_caption_without_a_picture_or_space_stands_with_its_own_box() -> None:
    page = _page(
        (BlockKind.TEXT, _PROSE, Box(100, 50, 900, 490)),
        (BlockKind.CAPTION, "Figure 1: Not seen", Box(200, 500, 800, 520)),
    )

    assert _shown(page) == [("Figure 1", Box(200, 500, 800, 520))]


def test_a_caption_that_names_nothing_takes_the_kind_of_what_it_stands_beside() -> None:
    page = _page(
        (BlockKind.CAPTION, "Scores of all methods", Box(200, 300, 800, 320)),
        (BlockKind.TABLE, "a b", Box(100, 330, 900, 450)),
    )

    assert [(figure.kind, figure.label, figure.caption) for figure in find_figures([page])] == [
        (FigureKind.TABLE, "", "Scores of all methods")
    ]


def test_small_pictures_without_captions_are_ornaments() -> None:
    assert find_figures([_page((BlockKind.FIGURE, "", Box(20, 20, 100, 60)))]) == ()


def test_lettering_counts_only_where_nothing_is_drawn() -> None:
    page = _page(
        (BlockKind.FIGURE, "0 1 2 3", Box(100, 230, 900, 250)),
        (BlockKind.CAPTION, "Figure 1: A view", Box(100, 260, 900, 280)),
        (BlockKind.FIGURE, "seconds", Box(100, 50, 900, 220)),
    )

    drawn = find_figures([page], {1: {2: 1}})
    undrawn = find_figures([page], {})

    assert [figure.box for figure in drawn] == [Box(100, 50, 900, 220)]
    assert [figure.box for figure in undrawn] == [Box(100, 50, 900, 250)]
