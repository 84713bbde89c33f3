"""One subscriber's digest on demand."""

from __future__ import annotations

from datetime import date
from typing import Any

from flows.searches import ranked_json
from flows.wiring import Parts
from pipeline.digest import Issue, Ranked
from pipeline.stages import rank_subscribers
from pipeline.stages.compose import compose_issue, draft_issue
from pipeline.stages.rank import ask, eligible_for
from pipeline.stages.send import send_outbox
from pipeline.subscriber import Subscriber


def compose_now(parts: Parts, email: str, day: date, *, is_dry: bool) -> tuple[Issue, list[Ranked]]:
    """The issue of a day and the ranking it was chosen from; stored and sent unless it is a dry run.

    An issue that was decided on already is shown as it was, and not sent again.
    """
    with parts.store.read() as work:
        subscriber = work.subscribers.by_email(email)
    if not is_dry:
        rank_subscribers(parts.context, parts.rank_tools, day, [subscriber])
        compose_issue(parts.context, parts.composer, subscriber, day)
        send_outbox(parts.context, parts.transport, parts.sender)
    ranking = _recorded(parts, subscriber, day) or _rank_now(parts, subscriber, day)
    with parts.store.read() as work:
        return draft_issue(work, subscriber, day, ranking), ranking


def mail_state(parts: Parts, email: str, day: date) -> str:
    """What became of a subscriber's mail of a day, in a word; `none` where there is none."""
    with parts.store.read() as work:
        states = [entry.state.value for entry in work.issues.outbox_of(day) if entry.email == email.strip().lower()]
    return states[0] if states else "none"


def _recorded(parts: Parts, subscriber: Subscriber, day: date) -> list[Ranked]:
    """The ranking of an issue that exists; a ranking without an issue may be of older interests."""
    with parts.store.read() as work:
        return work.issues.ranking(subscriber.id, day) if work.issues.has_issue(subscriber.id, day) else []


def _rank_now(parts: Parts, subscriber: Subscriber, day: date) -> list[Ranked]:
    with parts.store.read() as work:
        eligible = eligible_for(work, subscriber, day)
        asked = ask(work, parts.rank_tools, [(subscriber, eligible)], day)
    return parts.ranker.rank(asked.requests, asked.material.candidates, asked.material.archive)[0]


def issue_json(issue: Issue) -> list[dict[str, Any]]:  # Any: JSON
    """The items of `autoreader digest --json`."""
    return [ranked_json(item.ranked) | {"title": item.title} for item in issue.items]


def skipped_json(issue: Issue, ranking: list[Ranked]) -> list[dict[str, Any]]:  # Any: JSON
    """What was considered and left out, best first."""
    chosen = {item.paper_id for item in issue.items}
    return [
        {"id": one.paper_id, "score": one.score, "probability": one.probability}
        for one in ranking
        if one.paper_id not in chosen
    ]
