from dataclasses import replace

from pipeline.document import Box, Figure, FigureKind, teaser_index

_PICTURE = Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: How the parts work together", 2, Box(100, 100, 900, 400))


def test_the_first_real_picture_stands_for_the_paper() -> None:
    table = replace(_PICTURE, kind=FigureKind.TABLE, label="Table 1", caption="Table 1: All that was measured at once")

    assert teaser_index([table, _PICTURE, _PICTURE]) == 1


def test_a_logo_a_bare_label_and_a_whole_page_do_not() -> None:
    logo = replace(_PICTURE, box=Box(450, 20, 550, 100))
    bare = replace(_PICTURE, caption="Figure 1: The second view of it")
    page = replace(_PICTURE, box=Box(0, 0, 1000, 1000))
    rule = replace(_PICTURE, box=Box(100, 100, 900, 120))

    assert teaser_index([logo, replace(bare, caption="Figure 1: Results"), page, rule]) is None
    assert teaser_index([bare]) == 0


def test_a_paper_without_figures_has_none() -> None:
    assert teaser_index([]) is None
