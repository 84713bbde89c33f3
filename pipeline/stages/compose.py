"""Make each subscriber's issue of the day and lay it into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from email import policy

from pipeline.digest import DigestItem, Issue, Mention, Ranked
from pipeline.ledger import summarize
from pipeline.paper import EventKind, Paper, PaperEvent
from pipeline.ports import Composer
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork
from pipeline.subscriber import Subscriber

# Python would fold headers anew, and write a long List-Unsubscribe link as encoded words that no client follows.
_AS_COMPOSED = policy.SMTP.clone(refold_source="none")


def compose_issues(context: StageContext, composer: Composer, day: date) -> int:
    """Composes the issues of a day that do not exist yet; returns how many.

    A subscriber for whom nothing was good enough gets an issue without items, and no mail.
    """
    with context.store.read() as work:
        subscribers = work.subscribers.active()
    composed = 0
    for done, subscriber in enumerate(subscribers):
        context.progress("compose", done, len(subscribers))
        composed += compose_issue(context, composer, subscriber, day)
    context.progress("compose", len(subscribers), len(subscribers))
    return composed


def compose_issue(context: StageContext, composer: Composer, subscriber: Subscriber, day: date) -> bool:
    """Composes one subscriber's issue and lays it into the outbox; False where there is one, or nothing to say."""
    with context.store.read() as work:
        issue = None if work.issues.has_issue(subscriber.id, day) else draft_issue(work, subscriber, day)
    if issue is None or not issue.considered:
        return False
    if not issue.items:
        return _decide_on_nothing(context, issue)
    mail = composer.compose(issue)
    content = mail.message.as_bytes(policy=_AS_COMPOSED)
    # The files first: a row never names a blob that is not there.
    message_sha256, html_sha256 = context.blobs.put(content), context.blobs.put(mail.html.encode())
    with context.store.begin() as work:
        if work.issues.has_issue(subscriber.id, day):
            return False
        work.issues.save(issue, str(mail.message["Message-ID"]), message_sha256, html_sha256)
    return True


def _decide_on_nothing(context: StageContext, issue: Issue) -> bool:
    with context.store.begin() as work:
        if not work.issues.has_issue(issue.subscriber_id, issue.day):
            work.issues.save_empty(issue)
    return False


def draft_issue(work: UnitOfWork, subscriber: Subscriber, day: date, ranking: Sequence[Ranked] | None = None) -> Issue:
    """The issue a ranking makes; without one, the recorded ranking of the day. Nothing is stored."""
    ranking = work.issues.ranking(subscriber.id, day) if ranking is None else ranking
    chosen = choose(ranking)
    repeats = _repeats(ranking, chosen)
    named = {one for ranked in chosen for one in (ranked.paper_id, *ranked.like, *repeats[ranked.paper_id])}
    papers = work.papers.get(named)
    events = _announcements(work, [ranked.paper_id for ranked in chosen])
    return Issue(
        subscriber_id=subscriber.id,
        email=subscriber.email,
        day=day,
        items=tuple(
            replace(
                _item(papers[ranked.paper_id], ranked, events.get(ranked.paper_id), day),
                like=_mentions((one for one in ranked.like if one != ranked.paper_id), papers),
                also=_mentions(repeats[ranked.paper_id], papers),
            )
            for ranked in chosen
            if ranked.paper_id in papers
        ),
        considered=len(ranking),
        summary=summarize(work, day),
        volume=subscriber.profile.volume,
    )


def choose(ranking: Sequence[Ranked]) -> list[Ranked]:
    """The papers of a ranking that a digest holds, in its order."""
    return sorted((ranked for ranked in ranking if ranked.place), key=lambda ranked: ranked.place)


def _repeats(ranking: Sequence[Ranked], chosen: Sequence[Ranked]) -> dict[str, list[str]]:
    """For each chosen paper those that nearly repeat it and have no place of their own, best first."""
    repeats: dict[str, list[str]] = {ranked.paper_id: [] for ranked in chosen}
    for ranked in ranking:
        if not ranked.place and ranked.same_as in repeats:
            repeats[ranked.same_as].append(ranked.paper_id)
    return repeats


def _mentions(ids: Iterable[str], papers: Mapping[str, Paper]) -> tuple[Mention, ...]:
    return tuple(Mention(one, papers[one].title) for one in ids if one in papers)


def _announcements(work: UnitOfWork, ids: list[str]) -> dict[str, PaperEvent]:
    kinds = (EventKind.NEW, EventKind.CROSS)
    return {event.paper_id: event for event in work.papers.events_of(ids) if event.kind in kinds}


def _item(paper: Paper, ranked: Ranked, event: PaperEvent | None, day: date) -> DigestItem:
    return DigestItem(
        paper_id=paper.id,
        version=paper.latest_version,
        title=paper.title,
        authors=paper.authors,
        categories=paper.categories,
        abstract=paper.abstract,
        ranked=ranked,
        announced_on=event.announced_on if event else day,
        kind=(event.kind if event else EventKind.NEW).value,
    )
