"""`/`: the search form, what was found, and while nothing is asked, what was read last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from index import Hit, highlight
from pipeline.digest import DaySummary
from pipeline.ledger import summarize
from pipeline.licence import Shown
from pipeline.paper import EventKind, Paper
from pipeline.store import UnitOfWork
from web.markup import read_tex, to_html
from web.passages import ShownPassage, show_passage
from web.question import MOST_HITS, NEWEST, AskedDep, Question, day_of
from web.visit import Visit, VisitDep
from web.words import duration, listed_authors

router = APIRouter()

_MOST_AUTHORS = 5
_DAYS_OFFERED = 15
_NEWEST_SHOWN = 6
_BEST_PASSAGE_CHARS = 480
_NEXT_PASSAGE_CHARS = 240
# One with everyday words, one with a method, one as a question.
EXAMPLES = (
    "long documents that do not fit into the context",
    "vector search on one machine",
    "how can retrieval go wrong?",
)
# What index.query understands, for people.
OPERATORS = (
    ('"random walks"', "these words in this order"),
    ("-survey", "not papers whose title or abstract says so"),
    ("author:lecun", 'also author:"Y. LeCun"'),
    ("title:diffusion", "a word of the title"),
    ("cat:cs.IR cat:stat.*", "any of these categories; -cat:cs.CV leaves one out"),
    ("date:2026-11-01..", "first listed since then; 2026-11, 2025..2026 and 30d work as well"),
    ("day:today", "the newest listing; day:2026-11-17 another"),
    ("like:2401.12345", "papers near to this one"),
    ("has:code", "also has:figure, has:table"),
    ("sort:date", "the newest first"),
)


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A paper found, ready to print."""

    paper_id: str
    title: Markup
    authors: str
    categories: tuple[str, ...]
    day: date
    passages: tuple[ShownPassage, ...]
    why: str
    also: tuple[str, ...] = ()
    is_withdrawn: bool = False
    shows_pages: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a search can be narrowed to: the newest days, and the categories of the last one."""

    days: tuple[date, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewestDay:
    """The newest day in figures, and its first papers."""

    summary: DaySummary
    papers: tuple[Paper, ...]


@router.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
def search_page(visit: VisitDep, asked: AskedDep) -> HTMLResponse:
    """The form, and below it the answer or the newest day."""
    with visit.site.store.read() as work:
        choice = _choice(work)
        offered: dict[str, object] = {"choice": choice, "asked": asked, "newest": NEWEST, "examples": EXAMPLES}
        if not asked.text:
            offered["operators"] = OPERATORS
            offered |= {"papers": work.papers.count(), "day": _newest_day(work, choice.days)}
            return visit.show("home.html", offered)
    return visit.show("search.html", offered | _answer(visit, asked))


def _answer(visit: Visit, asked: Question) -> dict[str, object]:
    site = visit.site
    found = site.search().search(asked.text, asked.limit, day_of(asked.day, site.store), asked.categories)
    with_pages = _with_pages(visit, [hit.paper_id for hit in found.hits])
    has_more = len(found.hits) == asked.limit < MOST_HITS
    return {
        "hits": [replace(show_hit(hit, asked.text), shows_pages=hit.paper_id in with_pages) for hit in found.hits],
        "considered": found.total_considered,
        "seconds": duration(found.seconds),
        "is_reranked": found.is_reranked,
        "more": asked.url(limit=min(2 * asked.limit, MOST_HITS)) if has_more else "",
        "everywhere": asked.url(day="", cat="") if asked.is_narrowed else "",
    }


def _with_pages(visit: Visit, ids: Sequence[str]) -> set[str]:
    """Those papers whose pages this visitor may see as pictures."""
    with visit.site.store.read() as work:
        papers = work.papers.get(ids)
    return {paper.id for paper in papers.values() if visit.may_show(paper, Shown.PICTURE)}


def _choice(work: UnitOfWork) -> Choice:
    days = tuple(work.days.known_days(_DAYS_OFFERED))
    listings = work.days.listings_on(days[0]) if days else []
    return Choice(days, tuple(sorted({line.category for line in listings})))


def _newest_day(work: UnitOfWork, days: Sequence[date]) -> NewestDay | None:
    if not days:
        return None
    events = work.papers.events_on(days[0], (EventKind.NEW,))[:_NEWEST_SHOWN]
    papers = work.papers.get([event.paper_id for event in events])
    return NewestDay(summarize(work, days[0]), tuple(papers.values()))


def show_hit(hit: Hit, query: str) -> ShownHit:
    """A hit with its words marked and its passages cut to what is worth reading in a list."""
    title = read_tex(hit.title)
    return ShownHit(
        hit.paper_id,
        to_html(title, highlight(title.text, query)),
        listed_authors(hit.authors, _MOST_AUTHORS),
        hit.categories,
        hit.day,
        tuple(
            show_passage(passage, query, _NEXT_PASSAGE_CHARS if number else _BEST_PASSAGE_CHARS, evidence.sentence)
            for number, (passage, evidence) in enumerate(hit.quoted)
        ),
        hit.why,
        hit.also,
        hit.is_withdrawn,
    )
