"""Reads the pieces of an open text page: runs between line ends, with boxes, sizes and fonts.

The whole text comes in one call; geometry is asked for per piece, not per character, which is what makes it fast
(a call through ctypes costs about 1 us, a page has 5,000 characters but 100 lines).
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.page.accents import place_accents
from ocr.page.characters import read_characters
from ocr.page.fonts import Look, look_of
from ocr.page.glyphs import HYPHEN, clean
from ocr.page.letter_pitch import SPACED, close_letters
from ocr.page.lines import Line, merge_runs
from ocr.page.view import View

_PIECE = re.compile(f"[^\r\n{HYPHEN}\x02]+")
_RULE = re.compile(r"([._=\u2013\u2014-])(?:\s?\1){4,}$")  # drawn with characters
_HYPHENS = (HYPHEN, "\x02")  # the second where characters are asked for one by one
_SAMPLES = (0.0, 0.6, 0.3, 0.9)  # where in a piece its font is looked up; some of them may be symbols
_MIDDLE = 0.5
_HIGHEST = 4  # em
_SAME_SIZE = 0.05  # points
_LETTERS = re.compile(r"[^\W\d_]{4,12}")
_FEWEST_LETTERS = 3
_SAME_STEP = 0.02


class _Sample(NamedTuple):
    """How a character is set: size in points, direction as in `View.quarters_of`."""

    position: int
    size: float
    direction: int
    look: Look
    has_name: bool


class PieceReader:
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
        start = match.start()
        count = pdfium.FPDFText_CountRects(self._raw, start, match.end() - start)
        samples = self._samples(match, has_runs=count > 1)
        usual = _usual(samples)
        boxes = self._runs(count, _HIGHEST * max(usual.size, 1.0))
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
            follows_space=match[0].startswith(" "),
        )

    def _samples(self, match: re.Match[str], *, has_runs: bool) -> list[_Sample]:
        """Some characters of a piece: one run is one text object, so one font, and one of them tells it all.

        Of several runs two are looked at, and two more where these differ or where all must agree (bold, italic,
        typewriter); otherwise the rest could not change what is made of them.
        """
        if not has_runs:
            return [self._sample(_visible(match, _MIDDLE))]
        first, second = (self._sample(_visible(match, share)) for share in _SAMPLES[:2])
        marks = (first.look.is_bold, first.look.is_italic, first.look.is_mono)
        if abs(first.size - second.size) < _SAME_SIZE and not any(marks) and first.has_name:
            return [first, second]
        return [first, second, *(self._sample(_visible(match, share)) for share in _SAMPLES[2:])]

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

    def _runs(self, count: int, highest: float) -> list[tuple[float, float, float, float]]:
        """Boxes (left, top, right, bottom) as seen of the text objects that pdfium has just counted.

        Those beside the page are left out, and broken glyphs', which are many lines high.
        """
        left, top, right, bottom = edges = self._edges
        raw, view, get_rect = self._raw, self.view, pdfium.FPDFText_GetRect
        found = []
        for index in range(count):
            get_rect(raw, index, *edges)
            x1, y1 = view.point(left.value, top.value)
            x2, y2 = view.point(right.value, bottom.value)
            if x1 > x2:
                x1, x2 = x2, x1
            if y1 > y2:
                y1, y2 = y2, y1
            is_on_page = x2 > 0 and y2 > 0 and x1 < view.width and y1 < view.height
            if is_on_page and (y2 - y1 <= highest or x2 - x1 <= highest):
                found.append((x1, y1, x2, y2))
        return found


def _usual(samples: Sequence[_Sample]) -> _Sample:
    """The first sample of the size most have: no script, no initial of a chapter, no name in typewriter letters."""
    exact = [sample.size for sample in samples]
    if max(exact) - min(exact) < _SAME_SIZE:
        return samples[0]
    sizes = [round(size, 1) for size in exact]
    return samples[sizes.index(Counter(sizes).most_common(1)[0][0])]


def _visible(match: re.Match[str], share: float) -> int:
    """The position of a visible character at about this share of a piece."""
    piece = match[0]
    index = int(len(piece) * share)
    while index and piece[index].isspace():
        index -= 1
    return match.start() + index
