"""What pdfium makes of text that stands close together, and what is made of that."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ocr.text_layer import read_text_layer
from tests.fakes.placed_text import Placed, make_placed_pdf

_LINES = (
    "Review copies carry a number beside each of their lines",
    "so that those who judge them can say where it is",
    "wrong, and whoever searches never asks for counts",
    "because they are part of the copy and say nothing of it",
)


def _text(tmp_path: Path, pages: Sequence[Sequence[Placed]]) -> str:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(make_placed_pdf(pages))
    return " ".join(read_text_layer(pdf, max_pages=10).text.split())


def _name(number: int) -> str:
    """A number in letters, so that no two lines are the same."""
    return "z" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def test_accents_drawn_by_themselves_find_their_letters(tmp_path: Path) -> None:
    # Where the letters begin follows from Helvetica's widths: F 6.11, r 3.33, e, d, a and n 5.56, space 2.78.
    pieces = [
        Placed("Frederic and Francois met", 72, 700),
        Placed("\u00b4", 72 + 9.44 + 1.1, 700),  # over the first e, long after it was drawn
        Placed("\u00b4", 72 + 20.56 + 1.1, 700),
        Placed("\u00b8", 72 + 58.91 + 20.56 + 0.8, 700),  # a cedilla
    ]

    assert _text(tmp_path, [pieces]) == "Frédéric and François met"


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("size", [5.0, 10.0])
@pytest.mark.parametrize("columns", [(72.0,), (72.0, 330.0)])
def test_the_numbers_of_review_copies_are_gone(
    tmp_path: Path, columns: Sequence[float], size: float, is_after: bool
) -> None:
    pages, count = [], 0
    for _ in range(2):
        pieces = []
        for x in columns:
            for row in range(45):
                count += 1
                number = Placed(str(count), x - 10 - 0.556 * size * len(str(count)), 720 - 12 * row, size)
                line = Placed(f"{_LINES[row % 4]} {_name(count)}", x, 720 - 12 * row, 8.0)
                pieces += [line, number] if is_after else [number, line]
        pages.append(pieces)

    words = _text(tmp_path, pages).split()

    assert not [word for word in words if word.isdigit()]
    assert [word for word in words if word.startswith("z")] == [_name(number + 1) for number in range(count)]


def test_numbers_in_the_outer_margins_are_gone(tmp_path: Path) -> None:
    pieces = []
    for column, (x, edge) in enumerate(((72.0, 48.0), (330.0, 570.0))):
        for row in range(45):
            number = Placed(f"{45 * column + row:03}", edge, 720 - 12 * row, 6.0)
            pieces += [Placed(_LINES[row % 4], x, 720 - 12 * row, 8.0), number]

    assert not [word for word in _text(tmp_path, [pieces]).split() if word.isdigit()]


def test_a_numbered_list_keeps_its_numbers(tmp_path: Path) -> None:
    pieces = [Placed(f"{row}. {_LINES[row % 4].capitalize()}", 72, 720 - 20 * row) for row in range(1, 9)]

    assert [word for word in _text(tmp_path, [pieces]).split() if word[0].isdigit()] == [f"{n}." for n in range(1, 9)]
