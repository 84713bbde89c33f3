"""Order the day for every subscriber."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.candidates import Vectors
from pipeline.material import Material, gather
from pipeline.ports import Ranker, RankRequest
from pipeline.selection import Selection
from pipeline.stages.authors import authored
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork
from pipeline.subscriber import Subscriber

_WINDOW = timedelta(days=30)  # how far back a paper that came late may have been announced


@dataclass(frozen=True, slots=True)
class RankTools:
    """Who ranks, from which vectors, and how much fits into a digest."""

    ranker: Ranker
    vectors: Vectors
    selection: Selection


@dataclass(frozen=True, slots=True)
class Asked:
    """Readers' questions of a day, and what to answer them from."""

    requests: tuple[RankRequest, ...]
    material: Material


def ask(work: UnitOfWork, tools: RankTools, waiting: Sequence[tuple[Subscriber, set[str]]], day: date) -> Asked:
    """The questions of these subscribers, each with the ids of the papers that are new to them."""
    eligible = set().union(*(ids for _, ids in waiting))
    taught = set().union(*(subscriber.profile.taught for subscriber, _ in waiting))
    material = gather(work, tools.vectors, eligible, taught, day)
    requests = (
        replace(
            material.ask(subscriber.profile, ids, tools.selection),
            authored=authored(work, subscriber.profile),
            answers=work.answers.of(subscriber.id),
        )
        for subscriber, ids in waiting
    )
    return Asked(tuple(requests), material)


def rank_subscribers(
    context: StageContext, tools: RankTools, day: date, subscribers: Sequence[Subscriber] | None = None
) -> int:
    """Ranks, for every active subscriber (or those given), the papers they were not yet offered.

    Those whose issue of the day exists are left alone.

    Returns how many subscribers got a ranking. A paper that came late is offered with the day it is here.
    """
    with context.store.read() as work:
        waiting = _waiting(work, day, work.subscribers.active() if subscribers is None else subscribers)
        context.progress("rank", 0, len(waiting))
        if not waiting:
            return 0
        asked = ask(work, tools, waiting, day)
    rankings = tools.ranker.rank(asked.requests, asked.material.candidates, asked.material.archive)
    with context.store.begin() as work:
        for (subscriber, _), ranking in zip(waiting, rankings, strict=True):
            work.issues.save_ranking(subscriber.id, day, ranking)
    context.progress("rank", len(waiting), len(waiting))
    return len(waiting)


def eligible_for(work: UnitOfWork, subscriber: Subscriber, day: date) -> set[str]:
    """Ids of the papers a subscriber's issue of a day may hold.

    Somebody new gets the day itself; later issues also bring what was announced since their first one and
    reached them in no issue yet.
    """
    first = work.issues.first_day(subscriber.id)
    since = day if first is None or first > day else max(first, day - _WINDOW)
    return work.issues.eligible(subscriber.id, since, day)


def _waiting(work: UnitOfWork, day: date, subscribers: Sequence[Subscriber]) -> list[tuple[Subscriber, set[str]]]:
    found: list[tuple[Subscriber, set[str]]] = []
    for subscriber in subscribers:
        if work.issues.has_issue(subscriber.id, day):
            continue
        if ids := eligible_for(work, subscriber, day):
            found.append((subscriber, ids))
    return found
