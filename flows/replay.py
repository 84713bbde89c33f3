"""What past days would have brought a reader otherwise, beside what they brought. Nothing is stored, nothing sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flows.past_days import Digest, PastDays
from flows.trial import Changes
from flows.wiring import Parts
from pipeline.errors import NotFoundError
from pipeline.selection import Selection
from pipeline.subscriber import Subscriber

_GONE = "no candidate any more: withdrawn, or without a text that was read"


@dataclass(frozen=True, slots=True)
class Span:
    """Which days are replayed; `until` None: up to the newest one stored."""

    days: int = 30
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried on past days, nothing by default; `selection` None: as it is set.

    What a reader said of papers counts from the next day on, as it did then; with `with_later_feedback` all of it
    counts on every day. What was said of a paper never counts on the day on which it is in question: that would be the
    answer.
    """

    changes: Changes = field(default_factory=Changes)
    selection: Selection | None = None
    with_later_feedback: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.changes) or self.selection is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A paper in one of the two digests or both. `other` says what became of it in the one that lacks it."""

    paper_id: str
    title: str
    probability: float
    why: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class ReplayedDay:
    """One day, of which `considered` papers were in question: `kept` are in both digests.

    `was_mailed` tells that the reader had a digest of that day; else it is set beside the unchanged profile's, and
    without a change beside nothing.
    """

    day: date
    was_mailed: bool
    considered: int
    kept: tuple[Outcome, ...]
    new: tuple[Outcome, ...]
    dropped: tuple[Outcome, ...]


def replay(parts: Parts, email: str, span: Span, trial: Trial) -> list[ReplayedDay]:
    """Ranks every stored day of the span anew, oldest first. Raises NotFoundError without a reader or a day."""
    with parts.store.read() as work:
        subscriber = work.subscribers.by_email(email)
        until = span.until or work.past.newest_day()
        days = work.past.days(until - timedelta(days=span.days - 1), until) if until else []
    if not days:
        raise NotFoundError(f"no day is stored {f'in the {span.days} days up to {until}' if until else 'yet'}")
    changed = trial.changes.upon(subscriber.profile)
    past = PastDays(parts, subscriber, changed.taught)
    replayed = []
    for done, day in enumerate(days):
        parts.context.progress("replay", done, len(days))
        replayed.append(_replayed(parts, past, day, subscriber, trial))
    parts.context.progress("replay", len(days), len(days))
    return replayed


def _replayed(parts: Parts, past: PastDays, day: date, subscriber: Subscriber, trial: Trial) -> ReplayedDay:
    """One day, as it was and as it is tried."""
    mailed = past.mailed(day)
    tried = [(trial.changes.upon(subscriber.profile), trial.selection or parts.selection)]
    if mailed is None and trial.is_changed:
        tried.append((subscriber.profile, parts.selection))
    now, *unchanged = past.rank(day, tried, with_later_feedback=trial.with_later_feedback)
    before = mailed or (unchanged[0] if unchanged else Digest.of([], now.gate))
    with parts.store.read() as work:
        papers = work.papers.get({*before.papers, *now.papers})
    titles = {paper_id: paper.title for paper_id, paper in papers.items()}
    return ReplayedDay(
        day=day,
        was_mailed=mailed is not None,
        considered=len(now.ranking),
        kept=_outcomes((one for one in now.papers if one in before.papers), titles, now),
        new=_outcomes((one for one in now.papers if one not in before.papers), titles, now, before),
        dropped=_outcomes((one for one in before.papers if one not in now.papers), titles, before, now),
    )


def _outcomes(
    papers: Iterable[str], titles: Mapping[str, str], here: Digest, there: Digest | None = None
) -> tuple[Outcome, ...]:
    return tuple(_outcome(one, titles.get(one, ""), here, there) for one in papers)


def _outcome(paper_id: str, title: str, here: Digest, there: Digest | None) -> Outcome:
    """A paper as it stands in one digest, and what became of it in the other."""
    ranked = here.ranking.get(paper_id)
    verdict = there.verdict(paper_id) if there else None
    gone = _GONE if there and there.ranking else ""
    return Outcome(
        paper_id=paper_id,
        title=title,
        probability=ranked.probability if ranked else 0.0,
        why=ranked.why if ranked else "",
        other=verdict.words if verdict else gone,
    )
