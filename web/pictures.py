"""`/paper/ID/figures/N.png`, `/paper/ID/pages/N` and `/paper/ID/pages/N.png`: what a paper looks like.

Shown only where its licence lets this visitor see it; the PDF itself is arXiv's to serve.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from pipeline.errors import NotFoundError, ReadError
from pipeline.illustrations import figure_name, page_name
from pipeline.licence import Shown, licence_of
from pipeline.store import UnitOfWork
from web.markup import read_tex, to_html
from web.page_view import Marked, Wanted, draw, find_figure, find_passage, find_reference
from web.picture_file import picture_file
from web.question import MOST_CHARS
from web.shelf import Kept, identifier, take_down
from web.visit import Visit, VisitDep

router = APIRouter()

_MOST = 10**12
_Number = Annotated[int, Query(ge=0, le=_MOST)]


@router.api_route("/paper/{paper_id:path}/figures/{number}.png", methods=["GET", "HEAD"])
def figure_picture(visit: VisitDep, paper_id: str, number: int) -> Response:
    """The picture of a figure or table; `number` counts the paper's floats from 1."""
    kept = _kept(visit, paper_id)
    if not visit.may_show(kept.paper, Shown.PICTURE):
        return _closed(visit, kept)
    if (stored := next((one for one in kept.figures if one.ordinal + 1 == number), None)) is None:
        raise NotFoundError(f"the paper {kept.paper.id} has no figure number {number}")
    name = figure_name(kept.pdf_sha256, stored.figure)
    return picture_file(visit, name, lambda: visit.gallery.illustrator.figure(stored))


@router.api_route("/paper/{paper_id:path}/pages/{number}.png", methods=["GET", "HEAD"])
def page_picture(visit: VisitDep, paper_id: str, number: int) -> Response:
    """The picture of a page, from 1."""
    kept = _kept(visit, paper_id)
    if not visit.may_show(kept.paper, Shown.PICTURE):
        return _closed(visit, kept)
    _check_page(kept, number)
    name = page_name(kept.pdf_sha256, number)
    return picture_file(visit, name, lambda: visit.gallery.illustrator.page(kept.key, number))


def wanted(p: _Number = 0, figure: _Number = 0, ref: _Number = 0) -> Wanted:
    """Reads `?p=&figure=&ref=`."""
    return Wanted(p, figure, ref)


@router.api_route("/paper/{paper_id:path}/pages/{number}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def page_page(
    visit: VisitDep,
    paper_id: str,
    number: int,
    mark: Annotated[Wanted, Depends(wanted)],
    q: Annotated[str, Query(max_length=MOST_CHARS)] = "",
) -> Response:
    """A page's picture with a passage, figure or reference marked on it, and the passage's words below."""
    with visit.site.store.read() as work:
        kept = take_down(work, identifier(paper_id))
        marked = _find(work, kept, mark, (number, q))
    if not visit.may_show(kept.paper, Shown.PICTURE):
        return _closed(visit, kept)
    last = _check_page(kept, number)
    values = {
        **_about(kept),
        "number": number,
        "last": last,
        "marked": marked,
        "drawing": draw(visit.gallery.document(kept.document), number, marked),
        "name": page_name(kept.pdf_sha256, number),
        "trouble": _trouble(visit, kept, number),
        "is_private": visit.is_private(kept.paper, Shown.PICTURE),
        "query": q,
    }
    return visit.show("page.html", values)


def _kept(visit: Visit, paper_id: str) -> Kept:
    with visit.site.store.read() as work:
        return take_down(work, identifier(paper_id))


def _check_page(kept: Kept, number: int) -> int:
    """How many pages there are. Raises NotFoundError where this is none of them."""
    last = kept.document.pages if kept.document else 0
    if not 1 <= number <= last:
        raise NotFoundError(f"of the paper {kept.paper.id} there is no page {number} here")
    return last


def _find(work: UnitOfWork, kept: Kept, mark: Wanted, place: tuple[int, str]) -> Marked | None:
    number, query = place
    if mark.passage:
        return find_passage(list(work.reading.chunks_of([kept.paper.id])), mark.passage, number, query)
    if mark.figure:
        return find_figure(kept.figures, mark.figure, number)
    return find_reference(work.figures.references_of(kept.paper.id), mark.reference, number) if mark.reference else None


def _trouble(visit: Visit, kept: Kept, number: int) -> bool:
    """Whether the page cannot be drawn. It is drawn here: the browser, which asks next, finds it ready."""
    try:
        visit.gallery.illustrator.page(kept.key, number)
    except ReadError as error:
        return error.permanent
    return False


def _about(kept: Kept) -> dict[str, object]:
    title = read_tex(kept.paper.title)
    return {
        "paper": kept.paper,
        "title": title.text,
        "title_html": to_html(title),
        "licence": licence_of(kept.paper.licence),
    }


def _closed(visit: Visit, kept: Kept) -> Response:
    """Says why it is not shown, and where it is."""
    return visit.show("closed.html", _about(kept), HTTPStatus.FORBIDDEN)
