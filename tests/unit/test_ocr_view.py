import math

import pytest

from ocr.page.lines import Line
from ocr.page.view import View, box_of
from pipeline.document import Box

_UPRIGHT = View(a=1, b=0, c=0, d=-1, e=0, f=800, width=600, height=800)


def test_an_upright_page_has_its_origin_top_left() -> None:
    assert _UPRIGHT.point(0, 800) == (0, 0)
    assert _UPRIGHT.point(600, 0) == (600, 800)


@pytest.mark.parametrize("direction, quarters", [((1, 0), 0), ((0, -1), 1), ((-1, 0), 2), ((0, 1), 3)])
def test_directions_are_told_as_seen(direction: tuple[float, float], quarters: int) -> None:
    assert _UPRIGHT.quarters_of(*direction) == quarters


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_as_many_turns_make_text_run_to_the_right(quarters: int) -> None:
    angle = -math.pi / 2 * quarters
    view = _UPRIGHT
    for _ in range(quarters):
        view = view.turned()

    assert view.quarters_of(math.cos(angle), math.sin(angle)) == 0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_boxes_are_told_on_the_page_as_seen_however_it_was_turned(quarters: int) -> None:
    view = _UPRIGHT
    for _ in range(quarters):
        view = view.turned()
    corners = [view.point(60, 720), view.point(120, 400)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]

    box = box_of([Line("x", min(xs), min(ys), max(xs), max(ys), 10, 0)], view.width, view.height, view.quarters)

    assert box == Box(100, 100, 200, 500)


def test_boxes_are_clipped_to_the_page() -> None:
    assert box_of([Line("x", -50, -1, 700, 900, 10, 0)], 600, 800) == Box(0, 0, 1000, 1000)


def test_a_page_without_size_has_empty_boxes() -> None:
    assert box_of([Line("x", 1, 1, 2, 2, 10, 0)], 0, 0) == Box(0, 0, 0, 0)
