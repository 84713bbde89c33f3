"""`/days` and `/day/DATE`: the completeness ledger, and every paper of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from pipeline.digest import LedgerLine
from pipeline.errors import NotFoundError, UsageError
from pipeline.ledger import DayFacts, day_facts, ledger_lines, summarize, summary_of
from pipeline.paper import EventKind, Paper, PaperEvent, matches_category
from pipeline.reading import Stage
from pipeline.store import UnitOfWork
from web.pages import PagesDep
from web.question import parse_day
from web.site import SiteDep
from web.words import long_day

router = APIRouter()

_DAYS_SHOWN = 10  # a day of 800 papers takes 0.12 s to sum up
_DAYS_KNOWN = 1000  # four years of listings; what is older is reached by its address alone
_HEADINGS = {
    EventKind.NEW: "New papers",
    EventKind.CROSS: "Cross-listed",
    EventKind.REPLACE: "Replaced by a new version",
    EventKind.WITHDRAWN: "Withdrawn",
}
_STAGES = {Stage.DOWNLOAD.value: "abstract only, the PDF was not to be had", Stage.READ.value: "abstract only"}


@dataclass(frozen=True, slots=True)
class DayPaper:
    """A paper of a day; `unread` says why its full text is not there, empty where it is or may still come."""

    paper: Paper
    version: int
    is_read: bool
    unread: str


@dataclass(frozen=True, slots=True)
class Group:
    """The papers to which the same thing happened."""

    heading: str
    papers: tuple[DayPaper, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason and the papers it holds for, each with its title; empty for one that is not stored."""

    text: str
    papers: tuple[tuple[str, str], ...]


@router.api_route("/days", methods=["GET", "HEAD"], response_class=HTMLResponse)
def days_page(
    request: Request, site: SiteDep, pages: PagesDep, before: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """The newest days in figures, or those before another."""
    limit = parse_day(before) if before else date.max
    with site.store.read() as work:
        days = [day for day in work.days.known_days(_DAYS_KNOWN) if day < limit]
        summaries = [summarize(work, day) for day in days[:_DAYS_SHOWN]]
    older = days[_DAYS_SHOWN - 1] if len(days) > _DAYS_SHOWN else None
    return pages.show(request, "days.html", {"summaries": summaries, "older": older, "before": before})


@router.api_route("/day/{day}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def day_page(
    request: Request, day: str, site: SiteDep, pages: PagesDep, cat: Annotated[str, Query(max_length=50)] = ""
) -> HTMLResponse:
    """A day's ledger by category and its papers, all or those of one category."""
    asked = _parse(day)
    with site.store.read() as work:
        facts = day_facts(work, asked)
        events = work.papers.events_on(asked, tuple(_HEADINGS))
        if not (facts.listings or facts.fetches or events):
            raise NotFoundError(f"nothing is known of {long_day(asked)}")
        ledger = _ledger(work, facts)
        groups = _groups(work, events, facts, cat)
        known = work.days.known_days(_DAYS_KNOWN)
    values = {
        **ledger,
        "day": asked,
        "groups": groups,
        "category": cat,
        "before": max((one for one in known if one < asked), default=None),
        "after": min((one for one in known if one > asked), default=None),
    }
    return pages.show(request, "day.html", values)


def _ledger(work: UnitOfWork, facts: DayFacts) -> dict[str, object]:
    lines = ledger_lines(facts)
    papers = work.papers.get({reason.paper_id for line in lines for reason in line.reasons})
    return {
        "summary": summary_of(work, facts),
        "lines": lines,
        "differences": differences(lines, {paper.id: paper.title for paper in papers.values()}),
    }


def _parse(text: str) -> date:
    try:
        return parse_day(text)
    except UsageError as error:
        raise NotFoundError(error.message) from None


def _groups(work: UnitOfWork, events: Sequence[PaperEvent], facts: DayFacts, category: str) -> tuple[Group, ...]:
    papers = work.papers.get({event.paper_id for event in events})
    chosen = [
        event for event in events if not category or matches_category(papers[event.paper_id].categories, (category,))
    ]
    return tuple(
        Group(heading, tuple(_day_paper(papers[event.paper_id], event, facts) for event in some))
        for kind, heading in _HEADINGS.items()
        if (some := [event for event in chosen if event.kind is kind])
    )


def _day_paper(paper: Paper, event: PaperEvent, facts: DayFacts) -> DayPaper:
    return DayPaper(paper, event.version, paper.id in facts.read, facts.unread.get(paper.id, ""))


def differences(lines: Iterable[LedgerLine], titles: Mapping[str, str]) -> list[Difference]:
    """The ledger's reasons, each once with its papers; those of missing papers first."""
    papers: dict[str, set[str]] = {}
    for line in lines:
        for reason in line.reasons:
            papers.setdefault(reason.text, set()).add(reason.paper_id)
    ordered = sorted(papers, key=lambda text: (not text.startswith("missing"), text))
    return [
        Difference(_in_words(text), tuple((paper_id, titles.get(paper_id, "")) for paper_id in sorted(papers[text])))
        for text in ordered
    ]


def _in_words(reason: str) -> str:
    """`read: encrypted` names a stage, which a reader of the page does not know."""
    stage, _, why = reason.partition(": ")
    return f"{_STAGES[stage]}: {why}" if stage in _STAGES else reason
