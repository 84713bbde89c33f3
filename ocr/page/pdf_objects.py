"""Lists what a page draws besides text: where its images, paths, shadings and embedded drawings lie.

Measured on published papers: 0.2 to 1 ms a page, of about 10 for the whole read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.page.graphics import Graphics, Shape, ShapeKind
from ocr.page.math_fonts import math_share
from ocr.page.rects import Edged, Rect, around
from ocr.page.view import View

_MOST_OBJECTS = 20_000  # looked at on one page; of more, every second, third... one
_MOST_SHAPES = 4_000
_MOST_NESTED = 1_000  # of one embedded drawing
_DEEPEST = 5
_WRAPPER = 0.6  # of the page: a form that large holds the page, it is no drawing on it
_WIDE = 0.3  # of the page's width or height: only shapes that large are worth the look at what clips them
_MOST_CLIPS = 8
_MOST_SEGMENTS = 40
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
_Handle = Any  # pdfium hands out pointers to types it does not tell


def read_graphics(page: pypdfium2.PdfPage, view: View) -> Graphics:
    """Looks through a page's objects; of very many, at a fair sample."""
    walk = _Walk(view)
    raw = page.raw
    walk.visit(pdfium.FPDFPage_CountObjects(raw), lambda index: pdfium.FPDFPage_GetObject(raw, index), _IDENTITY)
    return Graphics(tuple(walk.shapes), tuple(walk.images), tuple(walk.lettering), math_share(walk.texts))


class _Walk:
    """One pass over a page, with the buffers its calls fill."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._matrix = pdfium.FS_MATRIX()
        self._left = _MOST_OBJECTS
        self.shapes: list[Shape] = []
        self.images: list[Shape] = []
        self.lettering: list[Rect] = []
        self.texts: list[_Handle] = []

    def visit(self, count: int, at: Callable[[int], _Handle], matrix: Matrix, depth: int = 0) -> None:
        """Takes in what lies on the page itself, or in forms that hold the page."""
        for index in _sampled(count, self._left):
            self._left -= 1
            handle = at(index)
            kind = pdfium.FPDFPageObj_GetType(handle)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.texts.append(handle)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                self._visit_form(handle, matrix, depth)
            elif kind in _KINDS and len(self.shapes) < _MOST_SHAPES:
                self._keep(_KINDS[kind], handle, matrix)

    def _visit_form(self, form: _Handle, matrix: Matrix, depth: int) -> None:
        shape = self._shape(ShapeKind.FORM, form, matrix)
        if shape is None or depth >= _DEEPEST:
            return
        inner = _product(self._matrix_of(form), matrix)
        noted = len(self.images), len(self.lettering)
        inside = self._look_into(form, shape, inner, depth + 1)
        if self._is_page(shape) and self._is_page(inside):
            del self.images[noted[0] :], self.lettering[noted[1] :]
            count = pdfium.FPDFFormObj_CountObjects(form)
            self.visit(count, lambda index: pdfium.FPDFFormObj_GetObject(form, index), inner, depth + 1)
            return
        if self._is_wide(shape):
            # A form's bounds are those of all in it, whether its own clipping shows it or not.
            shape = self._clipped(_overlap(shape, inside), form, matrix)
        if shape is not None:
            self.shapes.append(shape)

    def _look_into(self, form: _Handle, whole: Shape, matrix: Matrix, depth: int) -> Edged | None:
        """Notes the images and the text in a form and tells what of it is seen; None where that is nothing.

        Of a form with very many parts some are looked at, and all of it is taken to be seen.
        """
        seen: list[Edged] = []
        count = pdfium.FPDFFormObj_CountObjects(form)
        indexes = _sampled(count, min(_MOST_NESTED, self._left))
        for index in indexes:
            self._left -= 1
            handle = pdfium.FPDFFormObj_GetObject(form, index)
            kind = pdfium.FPDFPageObj_GetType(handle)
            shape = self._shape(_KINDS.get(kind, ShapeKind.FORM), handle, matrix)
            if shape is not None and kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                inside = self._look_into(handle, shape, _product(self._matrix_of(handle), matrix), depth + 1)
                shape = _overlap(shape, inside)
            if shape is not None and self._is_wide(shape):
                shape = self._clipped(shape, handle, matrix)
            if shape is None:
                continue
            seen.append(shape)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.lettering.append(Rect(shape.left, shape.top, shape.right, shape.bottom))
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.images.append(shape)
        if len(indexes) < count:
            return whole
        return around(seen) if seen else None

    def _keep(self, kind: ShapeKind, handle: _Handle, matrix: Matrix) -> None:
        shape = self._shape(kind, handle, matrix)
        if shape is not None and self._is_wide(shape):
            shape = self._clipped(shape, handle, matrix)
        if shape is not None:
            self.shapes.append(shape)
            if kind is ShapeKind.IMAGE:
                self.images.append(shape)

    def _is_wide(self, shape: Shape) -> bool:
        return shape.width > _WIDE * self._view.width or shape.height > _WIDE * self._view.height

    def _is_page(self, rect: Edged | None) -> bool:
        """Whether a form holds the page rather than a drawing on it."""
        page = self._view.width * self._view.height
        return rect is not None and (rect.right - rect.left) * (rect.bottom - rect.top) > _WRAPPER * page

    def _shape(self, kind: ShapeKind, handle: _Handle, matrix: Matrix) -> Shape | None:
        """The object's bounds; None where it lies outside of the page."""
        if not pdfium.FPDFPageObj_GetBounds(handle, *self._edges):
            return None
        left, bottom, right, top = (edge.value for edge in self._edges)
        corners = [(left, bottom), (right, top)]
        if matrix is not _IDENTITY:
            corners = [_moved(x, y, matrix) for x in (left, right) for y in (bottom, top)]
        return self._seen(kind, corners)

    def _clipped(self, shape: Shape | None, handle: _Handle, matrix: Matrix) -> Shape | None:
        """The shape, cut off by what clips it: each clipping path's bounds are taken for a rectangle."""
        path = pdfium.FPDFPageObj_GetClipPath(handle)
        for number in range(min(pdfium.FPDFClipPath_CountPaths(path), _MOST_CLIPS) if path else 0):
            corners = [_moved(x, y, matrix) for x, y in _corners(path, number)]
            if shape is not None and corners:
                shape = _overlap(shape, self._seen(shape.kind, corners))
        return shape

    def _seen(self, kind: ShapeKind, corners: Sequence[tuple[float, float]]) -> Shape | None:
        across, down = zip(*(self._view.point(x, y) for x, y in corners), strict=True)
        left, right = max(0.0, min(across)), min(self._view.width, max(across))
        top, bottom = max(0.0, min(down)), min(self._view.height, max(down))
        return Shape(kind, left, top, right, bottom) if left <= right and top <= bottom else None

    def _matrix_of(self, form: _Handle) -> Matrix:
        matrix = self._matrix
        if not pdfium.FPDFPageObj_GetMatrix(form, matrix):
            return _IDENTITY
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


_KINDS = {
    pdfium.FPDF_PAGEOBJ_IMAGE: ShapeKind.IMAGE,
    pdfium.FPDF_PAGEOBJ_PATH: ShapeKind.PATH,
    pdfium.FPDF_PAGEOBJ_SHADING: ShapeKind.SHADING,
}


def _overlap(shape: Shape | None, window: Edged | None) -> Shape | None:
    """What of a shape lies in a window; None where nothing does."""
    if shape is None or window is None:
        return None
    left, top = max(shape.left, window.left), max(shape.top, window.top)
    right, bottom = min(shape.right, window.right), min(shape.bottom, window.bottom)
    return Shape(shape.kind, left, top, right, bottom) if left <= right and top <= bottom else None


def _sampled(count: int, most: int) -> range:
    return range(0, count, max(1, -(-count // most))) if most > 0 else range(0)


def _corners(path: _Handle, number: int) -> list[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    found = []
    for index in range(min(pdfium.FPDFClipPath_CountPathSegments(path, number), _MOST_SEGMENTS)):
        segment = pdfium.FPDFClipPath_GetPathSegment(path, number, index)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            found.append((x.value, y.value))
    return found


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The map that does `first`, and `then` the other (PDF 32000-1, 8.3.4: row vectors)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
