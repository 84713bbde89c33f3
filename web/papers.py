"""`/paper/...`: one paper, what was read of it, and how to cite it. The PDF itself is arXiv's to serve."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index import highlight
from pipeline.document import Chunk
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import ArxivId, EventKind, Paper, PaperEvent
from web.bibtex import bibtex
from web.licence import licence_of
from web.markup import read_tex, to_html
from web.outline import outline
from web.pages import PagesDep
from web.question import MOST_CHARS, Question
from web.reading_status import reading_status
from web.site import SiteDep

router = APIRouter()


@router.get("/paper/{paper_id:path}.bib")
def bibtex_file(paper_id: str, site: SiteDep) -> Response:
    """The paper's BibTeX entry as a file."""
    known = _parse(paper_id).id
    with site.store.read() as work:
        paper = work.papers.get([known]).get(known)
    if paper is None:
        raise _unknown(known)
    name = known.replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="arxiv-{name}.bib"'}
    return Response(bibtex(paper), media_type="application/x-bibtex; charset=utf-8", headers=headers)


@router.api_route("/paper/{paper_id:path}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def paper_page(
    request: Request,
    paper_id: str,
    site: SiteDep,
    pages: PagesDep,
    q: Annotated[str, Query(max_length=MOST_CHARS)] = "",
) -> Response:
    """The page of a paper's newest version; the words of `q` are marked in it."""
    known = _parse(paper_id).id
    if known != paper_id:  # with a version, a prefix, or a whole URL: one page has one address
        return RedirectResponse(f"{site.root_path}/paper/{known}{Question(q).url() if q else ''}")
    with site.store.read() as work:
        if (paper := work.papers.get([known]).get(known)) is None:
            raise _unknown(known)
        events = [event for event in work.papers.events_of([known]) if event.kind is not EventKind.META]
        chunks = list(work.reading.chunks_of([known]))
        status = reading_status(paper, work.reading.documents_of([known]), list(work.reading.outcomes_of([known])))
    licence = licence_of(paper.licence)
    values = {
        **_texts(paper, q),
        "paper": paper,
        "abstract_anchor": _abstract_anchor(chunks),
        "versions": tuple(reversed(paper.versions)),
        "announced": _announced(events),
        "licence": licence,
        "reading": status,
        "sections": outline(chunks, q, is_whole=licence.may_be_shared),
        "bibtex": bibtex(paper),
        "query": q,
    }
    return pages.show(request, "paper.html", values)


def _texts(paper: Paper, query: str) -> dict[str, str]:
    """What the authors wrote, ready to print; `Markup` where it holds mathematics."""
    title, abstract = read_tex(paper.title), read_tex(paper.abstract)
    return {
        "title": title.text,
        "title_html": to_html(title),
        "abstract": to_html(abstract, highlight(abstract.text, query) if query else ()),
        "comment": read_tex(paper.comment).text,
        "similar": Question(title.text).url(),
    }


def _parse(text: str) -> ArxivId:
    try:
        return ArxivId.parse(text)
    except UsageError as error:
        raise NotFoundError(error.message) from None


def _unknown(paper_id: str) -> NotFoundError:
    return NotFoundError(f"the paper {paper_id} is not among those read here; arXiv may have it")


def _announced(events: list[PaperEvent]) -> tuple[PaperEvent, ...]:
    """One event a day, the first seen."""
    by_day: dict[object, PaperEvent] = {}
    for event in events:
        by_day.setdefault(event.announced_on, event)
    return tuple(by_day.values())


def _abstract_anchor(chunks: list[Chunk]) -> str:
    """Search results that quote the abstract point at it."""
    return next((f"p{chunk.id}" for chunk in chunks if not chunk.page), "abstract")
