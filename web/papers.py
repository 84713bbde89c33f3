"""`/paper/...`: one paper, what was read of it, and how to cite it. The PDF itself is arXiv's to serve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index import highlight
from pipeline.document import Chunk, Document, Reference
from pipeline.licence import Shown, licence_of
from pipeline.paper import EventKind, Paper, PaperEvent
from web.bibliography import Neighbours, neighbours_of, show_references
from web.bibtex import bibtex
from web.effort import effort_of
from web.figures import Showcase, show_figures, teaser_of
from web.markup import read_tex, to_html
from web.outline import outline
from web.question import MOST_CHARS, Question
from web.reading_status import reading_status
from web.relatives import relatives_of
from web.shelf import Kept, identifier, take_down
from web.site import SiteDep
from web.visit import Visit, VisitDep

router = APIRouter()

_CITING_SHOWN = 50


@router.get("/paper/{paper_id:path}.bib")
def bibtex_file(paper_id: str, site: SiteDep) -> Response:
    """The paper's BibTeX entry as a file."""
    known = identifier(paper_id)
    with site.store.read() as work:
        paper = take_down(work, known).paper
    name = known.replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="arxiv-{name}.bib"'}
    return Response(bibtex(paper), media_type="application/x-bibtex; charset=utf-8", headers=headers)


@router.api_route("/paper/{paper_id:path}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def paper_page(visit: VisitDep, paper_id: str, q: Annotated[str, Query(max_length=MOST_CHARS)] = "") -> Response:
    """The page of a paper's newest version; the words of `q` are marked in it."""
    known = identifier(paper_id)
    if known != paper_id:  # with a version, a prefix, or a whole URL: one page has one address
        return RedirectResponse(f"{visit.site.root_path}/paper/{known}{Question(q).url() if q else ''}")
    with visit.site.store.read() as work:
        kept = take_down(work, known)
        events = [event for event in work.papers.events_of([known]) if event.kind is not EventKind.META]
        chunks = list(work.reading.chunks_of([known]))
        cited = work.figures.references_of(known) if kept.document else ()
        near = neighbours_of(work, known)
    document = visit.gallery.document(kept.document)
    is_whole = visit.may_show(kept.paper, Shown.TEXT)
    relatives = relatives_of(visit.site, known)
    values = {
        **_texts(kept.paper, q),
        **_pictures(visit, kept, document),
        **_references(cited, near, document),
        "related": relatives,
        "similar": Question(f"like:{known}" if relatives else read_tex(kept.paper.title).text).url(),
        "paper": kept.paper,
        "abstract_anchor": _abstract_anchor(chunks),
        "versions": tuple(reversed(kept.paper.versions)),
        "announced": _announced(events),
        "licence": licence_of(kept.paper.licence),
        "is_whole": is_whole,
        "is_private": visit.is_private(kept.paper, Shown.TEXT) and kept.document is not None,
        "reading": reading_status(kept.paper, {kept.key: kept.document} if kept.document else {}, kept.outcomes),
        "effort": effort_of(kept.document, document) if kept.document and document else None,
        "sections": outline(chunks, q, is_whole=is_whole),
        "bibtex": bibtex(kept.paper),
        "query": q,
    }
    return visit.show("paper.html", values)


def _texts(paper: Paper, query: str) -> dict[str, object]:
    """What the authors wrote, ready to print; `Markup` where it holds mathematics."""
    title, abstract = read_tex(paper.title), read_tex(paper.abstract)
    return {
        "title": title.text,
        "title_html": to_html(title),
        "abstract": to_html(abstract, highlight(abstract.text, query) if query else ()),
        "comment": read_tex(paper.comment).text,
    }


def _pictures(visit: Visit, kept: Kept, document: Document | None) -> dict[str, object]:
    may_show = visit.may_show(kept.paper, Shown.PICTURE)
    figures = show_figures(
        kept.figures, Showcase(visit.gallery.illustrator, kept.pdf_sha256, document, may_show=may_show)
    )
    has_pages = may_show and bool(kept.pdf_sha256 and kept.document)
    return {
        "figures": figures,
        "teaser": teaser_of(kept.figures, figures),
        "may_see": may_show,
        "last_page": kept.document.pages if kept.document and has_pages else 0,
    }


def _references(cited: Sequence[Reference], near: Neighbours, document: Document | None) -> dict[str, object]:
    citations = document.citations if document else ()
    return {
        "references": show_references(cited, citations, near.cited),
        "citing": near.citing[:_CITING_SHOWN],
        "citing_more": max(len(near.citing) - _CITING_SHOWN, 0),
    }


def _abstract_anchor(chunks: list[Chunk]) -> str:
    """Search results that quote the abstract point at it."""
    return next((f"p{chunk.id}" for chunk in chunks if not chunk.page), "abstract")


def _announced(events: list[PaperEvent]) -> tuple[PaperEvent, ...]:
    """One event a day, the first seen."""
    by_day: dict[object, PaperEvent] = {}
    for event in events:
        by_day.setdefault(event.announced_on, event)
    return tuple(by_day.values())
