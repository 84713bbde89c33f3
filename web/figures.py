"""A paper's figures and tables, as its page prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.document import Document, Figure, FigureKind, teaser_index
from pipeline.illustrations import FIGURE_DPI, Illustrator, figure_name
from pipeline.reading import StoredFigure
from web.excerpt import excerpt
from web.markup import read_page, to_html
from web.tables import table_of

_CAPTION_CHARS = 1200
_QUOTED_CHARS = 240  # of a caption whose picture may not be shown
_LETTER_PT = (612.0, 792.0)  # where the page's size is not known
_PT_PER_IN, _PX_PER_IN = 72, 96


@dataclass(frozen=True, slots=True)
class Showcase:
    """What decides how figures are shown: the PDF they are cut from, and whether they may be shown at all."""

    illustrator: Illustrator
    pdf_sha256: str
    document: Document | None
    may_show: bool


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """One figure; `number` counts the paper's floats from 1. Without a `name` there is no picture of it.

    `width` and `height` are CSS pixels at the size it has on paper; `table` is it as text, where it was read so.
    """

    number: int
    title: str
    caption: Markup
    page: int
    is_table: bool
    name: str = ""
    width: int = 0
    height: int = 0
    table: Markup | None = None


def show_figures(stored: Sequence[StoredFigure], showcase: Showcase) -> tuple[ShownFigure, ...]:
    """All figures and tables in the paper's order."""
    return tuple(_show(one, showcase) for one in stored)


def teaser_of(stored: Sequence[StoredFigure], shown: Sequence[ShownFigure]) -> ShownFigure | None:
    """The figure that stands for the paper, where there is one with a picture."""
    index = teaser_index([one.figure for one in stored])
    return shown[index] if index is not None and shown[index].name else None


def _show(stored: StoredFigure, showcase: Showcase) -> ShownFigure:
    figure = stored.figure
    is_table = figure.kind is FigureKind.TABLE
    title = figure.label or ("Table" if is_table else "Figure")
    bare = ShownFigure(stored.ordinal + 1, title, _caption(figure, _QUOTED_CHARS), figure.page, is_table)
    if not showcase.may_show:
        return bare
    name = figure_name(showcase.pdf_sha256, figure)
    has_picture = bool(showcase.pdf_sha256) and not showcase.illustrator.has_failed(name)
    width, height = _size(figure, showcase.document)
    return ShownFigure(
        number=bare.number,
        title=title,
        caption=_caption(figure, _CAPTION_CHARS),
        page=figure.page,
        is_table=is_table,
        name=name if has_picture else "",
        width=width,
        height=height,
        table=table_of(figure, showcase.document) if showcase.document else None,
    )


def _caption(figure: Figure, width: int) -> Markup:
    """Without the label, which is printed before it."""
    text = figure.caption.removeprefix(figure.label).lstrip(" .:|-–—") if figure.label else figure.caption  # noqa: RUF001
    cut, _ = excerpt(read_page(text), (), width)
    return to_html(cut)


def _size(figure: Figure, document: Document | None) -> tuple[int, int]:
    """As large as on paper, but no larger than its picture has pixels."""
    pages = document.pages if document else ()
    width_pt, height_pt = next(
        ((page.width_pt, page.height_pt) for page in pages if page.number == figure.page), _LETTER_PT
    )
    scale = min(_PX_PER_IN, FIGURE_DPI) / _PT_PER_IN / 1000
    box = figure.box
    return (
        max(round((box.right - box.left) * width_pt * scale), 1),
        max(round((box.bottom - box.top) * height_pt * scale), 1),
    )
