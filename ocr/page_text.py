"""Reads one page's text layer from pdfium: lines with boxes, sizes and fonts, in content-stream order.

The whole text comes in one call; geometry is asked for per line, not per character, which is what makes it fast
(a call through ctypes costs about 1 us, a page has 5,000 characters but 100 lines).
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.accents import place_accents
from ocr.characters import read_characters
from ocr.fonts import Look, look_of
from ocr.glyphs import HYPHEN, clean, junk_count
from ocr.graphics import NO_GRAPHICS, Graphics, read_graphics
from ocr.letter_pitch import SPACED, close_letters
from ocr.lines import Line, join_pieces, merge_runs
from ocr.view import View

_PIECE = re.compile(f"[^\r\n{HYPHEN}\x02]+")
_RULE = re.compile(r"([._=\u2013\u2014-])(?:\s?\1){4,}$")  # drawn with characters
_HYPHENS = (HYPHEN, "\x02")  # the second where characters are asked for one by one
_SAMPLES = (0.0, 0.3, 0.6, 0.9)  # where in a piece its font is looked up; some of them may be symbols
_MIDDLE = (0.5,)
_SAME_SIZE = 0.05  # points
_LETTERS = re.compile(r"[^\W\d_]{4,12}")
_FEWEST_LETTERS = 3
_SAME_STEP = 0.02
_DEVICE = 1_000_000  # PageToDevice answers in whole pixels: many of them make it exact


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page's text layer holds. Sizes in points; `junk` counts meaningless characters.

    `quarters`: the lines are as seen after that many quarter turns of the page, because most text is set sideways.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    characters: int
    junk: int
    graphics: Graphics = NO_GRAPHICS
    quarters: int = 0


class _Sample(NamedTuple):
    """How a character is set: size in points, direction as in `View.quarters_of`."""

    position: int
    size: float
    direction: int
    look: Look
    has_name: bool


def read_page(page: pypdfium2.PdfPage, number: int) -> PageText:
    """Reads a page that pdfium could load. Raises pypdfium2.PdfiumError where it has no readable text structure."""
    text_page = page.get_textpage()
    try:
        reader = _Reader(text_page, _view(page))
        pieces = list(reader.pieces())
        for _ in range(reader.main_direction()):
            reader.view = reader.view.turned()
        if reader.view.quarters:
            pieces = _downwards(list(reader.pieces()))
        text = reader.text
        characters = len(text) - text.count("\r") - text.count("\n") - text.count(" ")
        return PageText(
            number=number,
            width=reader.view.width,
            height=reader.view.height,
            lines=tuple(join_pieces(pieces)),
            characters=characters,
            junk=junk_count(text),
            graphics=read_graphics(page, reader.view),
            quarters=reader.view.quarters,
        )
    finally:
        text_page.close()


def _downwards(pieces: list[Line]) -> list[Line]:
    """The pieces, in reverse where they run up the page: pdfium turns the order of text set sideways around."""
    rising = sum(below.top < above.top for above, below in pairwise(pieces))
    return pieces[::-1] if rising > len(pieces) / 2 else pieces


class _Reader:
    """One open text page, with the buffers its calls fill."""

    def __init__(self, text_page: pypdfium2.PdfTextPage, view: View) -> None:
        self._raw = text_page.raw
        self.view = view
        self.text = place_accents(self._raw, read_characters(self._raw))
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._matrix = pdfium.FS_MATRIX()
        self._origin = (ctypes.c_double(), ctypes.c_double())
        self._looks: dict[tuple[bytes, int], Look] = {}
        self._directions: Counter[int] = Counter()

    def main_direction(self) -> int:
        """How most characters run: 0 to the right, 1 down, 2 upside down, 3 up."""
        return self._directions.most_common(1)[0][0] if self._directions else 0

    def pieces(self) -> Iterator[Line]:
        """The runs between line ends, cleaned; empty ones are left out."""
        for match in _PIECE.finditer(self.text):
            raw = match[0]
            is_spaced = 3 * raw.count(" ") > len(raw) and SPACED.search(raw)
            cleaned = clean(self._closed(match) if is_spaced else raw)
            if cleaned and not _RULE.match(cleaned) and (line := self._piece(match, cleaned)) is not None:
                yield line

    def _closed(self, match: re.Match[str]) -> str:
        start = match.start()
        return close_letters(
            match[0], lambda index: self._sample(start + index).size, lambda index: self._middle(start + index)
        )

    def _middle(self, index: int) -> float:
        """Where the middle of a glyph stands along a line."""
        left, right, bottom, top = self._edges
        pdfium.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return self.view.point((left.value + right.value) / 2, (bottom.value + top.value) / 2)[0]

    def _piece(self, match: re.Match[str], cleaned: str) -> Line | None:
        runs = list(self._runs(match.start(), match.end() - match.start()))
        # One run is one text object, so one font: a single sample tells it all.
        samples = [self._sample(index) for index in _sample_indices(match, _SAMPLES if len(runs) > 1 else _MIDDLE)]
        usual = _usual(samples)
        boxes = [box for box in runs if self._is_sound(box, usual.size)]
        if not boxes:
            return None
        self._directions[usual.direction] += len(cleaned)
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        looks = {id(sample.look): sample.look for sample in samples}.values()  # mostly one
        return Line(
            text=cleaned,
            left=min(lefts),
            top=min(tops),
            right=max(rights),
            bottom=max(bottoms),
            size=usual.size,
            baseline=self._place(usual.position)[1],
            cells=merge_runs(zip(lefts, rights, strict=True), usual.size)
            if len(boxes) > 1
            else ((lefts[0], rights[0]),),
            is_bold=all(look.is_bold for look in looks),
            # Fonts of bitmaps, as old TeX embeds them, have no name: their letters tell.
            is_mono=all(look.is_mono for look in looks) or (not usual.has_name and self._has_fixed_pitch(match)),
            is_small_caps=usual.look.is_small_caps,
            is_italic=all(look.is_italic for look in looks),
            is_upright=usual.direction == 0,
            is_hyphenated=self.text[match.end() : match.end() + 1] in _HYPHENS,
        )

    def _sample(self, index: int) -> _Sample:
        """How one character is set."""
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._raw, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._raw, index) * (matrix.c**2 + matrix.d**2) ** 0.5
        return _Sample(index, size, self.view.quarters_of(matrix.a, matrix.b), *self._look(index))

    def _look(self, index: int) -> tuple[Look, bool]:
        """The look of a character's font, whose weight is asked for once a page, and whether the font has a name."""
        pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, len(self._name), self._flags)
        font = (self._name.value, self._flags.value)
        look = self._looks.get(font)
        if look is None:
            weight = pdfium.FPDFText_GetFontWeight(self._raw, index)
            look = self._looks[font] = look_of(font[0].decode("utf-8", "replace"), font[1], weight)
        return look, bool(font[0])

    def _has_fixed_pitch(self, piece: re.Match[str]) -> bool:
        """Whether the letters of a word are equally wide, three different ones at least; digits are in most fonts."""
        letters = _LETTERS.search(self.text, *piece.span())
        if letters is None or len(set(letters[0])) < _FEWEST_LETTERS:
            return False
        places = [self._place(index) for index in range(letters.start(), letters.end())]
        steps = [abs(right[0] - left[0]) + abs(right[1] - left[1]) for left, right in pairwise(places)]
        return max(steps) - min(steps) < _SAME_STEP * max(steps)

    def _place(self, index: int) -> tuple[float, float]:
        """Where a character stands on its baseline, as seen."""
        x, y = self._origin
        pdfium.FPDFText_GetCharOrigin(self._raw, index, x, y)
        return self.view.point(x.value, y.value)

    def _runs(self, start: int, count: int) -> Iterator[tuple[float, float, float, float]]:
        """Boxes (left, top, right, bottom) of a piece's text objects as seen."""
        left, top, right, bottom = edges = self._edges
        raw, view, get_rect = self._raw, self.view, pdfium.FPDFText_GetRect
        for index in range(pdfium.FPDFText_CountRects(raw, start, count)):
            get_rect(raw, index, *edges)
            x1, y1 = view.point(left.value, top.value)
            x2, y2 = view.point(right.value, bottom.value)
            yield (x1, y1, x2, y2) if x1 <= x2 and y1 <= y2 else (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def _is_sound(self, box: tuple[float, float, float, float], size: float) -> bool:
        """Whether a box lies on the page and is no broken glyph's, which are many lines high."""
        left, top, right, bottom = box
        is_on_page = right > 0 and bottom > 0 and left < self.view.width and top < self.view.height
        return is_on_page and min(bottom - top, right - left) <= 4 * max(size, 1.0)


def _view(page: pypdfium2.PdfPage) -> View:
    """The page as seen, its rotation and crop box applied."""
    width, height = page.get_size()
    (x0, y0), (x1, y1), (x2, y2) = (_to_device(page, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
    sx, sy = width / _DEVICE, height / _DEVICE
    return View(
        a=(x1 - x0) * sx / 1000,
        b=(y1 - y0) * sy / 1000,
        c=(x2 - x0) * sx / 1000,
        d=(y2 - y0) * sy / 1000,
        e=x0 * sx,
        f=y0 * sy,
        width=width,
        height=height,
    )


def _to_device(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, device_x, device_y)
    return device_x.value, device_y.value


def _usual(samples: Sequence[_Sample]) -> _Sample:
    """The first sample of the size most have: no script, no initial of a chapter, no name in typewriter letters."""
    exact = [sample.size for sample in samples]
    if max(exact) - min(exact) < _SAME_SIZE:
        return samples[0]
    sizes = [round(size, 1) for size in exact]
    return samples[sizes.index(Counter(sizes).most_common(1)[0][0])]


def _sample_indices(match: re.Match[str], shares: tuple[float, ...]) -> Iterator[int]:
    """Positions of visible characters at about these shares of a piece."""
    piece = match[0]
    for share in shares:
        index = int(len(piece) * share)
        while index and piece[index].isspace():
            index -= 1
        yield match.start() + index
