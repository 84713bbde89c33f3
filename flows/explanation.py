"""One decision, whole: where a paper stood for a reader on a day, and why it was in their digest or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flows.past_days import Digest, PastDays
from flows.searches import passage_json
from flows.wiring import Parts
from pipeline.digest import Part, Ranked
from pipeline.errors import NotFoundError
from pipeline.paper import ArxivId
from pipeline.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was decided on a paper, and by what.

    `ranked` stood at `position` of `considered` papers; None where the paper was not in question on that day.
    `is_recorded` tells that the reader's digest was made by it; else the day was ranked anew, with what was known
    then.
    """

    email: str
    paper_id: str
    title: str
    day: date
    words: str
    standing: str = ""
    is_recorded: bool = False
    ranked: Ranked | None = None
    position: int = 0
    considered: int = 0
    gate: float = 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store knows of a paper and its reader."""

    title: str
    considered_on: date | None
    sent_on: date | None
    announced_on: tuple[date, ...]


def explain(parts: Parts, email: str, paper: str, day: date | None = None) -> Explanation:
    """The decision of a day; by default of the day that decided. Raises NotFoundError, UsageError."""
    paper_id = ArxivId.parse(paper).id
    with parts.store.read() as work:
        subscriber = work.subscribers.by_email(email)
        known = _known(work, subscriber.id, paper_id)
        chosen = day or known.considered_on or next(iter(known.announced_on), None) or work.past.newest_day()
        is_in_question = chosen is not None and paper_id in work.past.announced_on(chosen)
    if chosen is None:
        raise NotFoundError("no day is stored yet; run: autoreader run")
    is_recorded = known.considered_on == chosen
    if not is_recorded and (words := _not_in_question(known, chosen, is_announced=is_in_question)):
        return Explanation(subscriber.email, paper_id, known.title, chosen, words, "not in question")
    past = PastDays(parts, subscriber)
    digest = past.mailed(chosen) if is_recorded else None
    if digest is None:
        (digest,) = past.rank(chosen, [(subscriber.profile, parts.selection)])
    return _explained(Explanation(subscriber.email, paper_id, known.title, chosen, "", "", is_recorded), digest)


def _known(work: UnitOfWork, subscriber_id: int, paper_id: str) -> _Known:
    paper = work.papers.get([paper_id]).get(paper_id)
    if paper is None:
        raise NotFoundError(f"not stored: {paper_id}; bring it in with: autoreader find {paper_id}")
    considered, sent = work.past.considered(subscriber_id).get(paper_id), work.past.sent_on(subscriber_id, paper_id)
    return _Known(paper.title, considered, sent, tuple(work.past.days_of(paper_id)))


def _not_in_question(known: _Known, day: date, *, is_announced: bool) -> str:
    """Why a paper was no matter of that day; empty where it was."""
    if known.considered_on is not None:
        what = "was in the digest of" if known.sent_on else "was considered, and passed over, on"
        return f"it {what} {known.considered_on}, and a paper comes up once"
    if not is_announced:
        days = ", ".join(str(one) for one in known.announced_on)
        return f"it was not announced on {day}" + (f" but on {days}" if days else "")
    return ""


def _explained(about: Explanation, digest: Digest) -> Explanation:
    ranked, verdict = digest.ranking.get(about.paper_id), digest.verdict(about.paper_id)
    if ranked is None or verdict is None:
        return replace(about, words="no text of it was read, so it could not be ranked", standing="not in question")
    return replace(
        about,
        words=verdict.words,
        standing=verdict.standing.value,
        ranked=ranked,
        position=list(digest.ranking).index(about.paper_id) + 1,
        considered=len(digest.ranking),
        gate=digest.gate,
    )


def explanation_json(told: Explanation) -> dict[str, Any]:  # Any: JSON
    """The `--json` document of `explain`."""
    ranked = told.ranked
    document: dict[str, Any] = {
        "email": told.email,
        "id": told.paper_id,
        "title": told.title,
        "day": told.day.isoformat(),
        "standing": told.standing,
        "words": told.words,
        "recorded": told.is_recorded,
    }
    if ranked is None:
        return document
    return document | {
        "position": told.position,
        "considered": told.considered,
        "place": ranked.place,
        "gate": told.gate,
        "score": ranked.score,
        "probability": ranked.probability,
        "exploration": ranked.is_exploration,
        "why": ranked.why,
        "interest": ranked.interest,
        "parts": [{"name": one.name, "log_odds": one.log_odds, "words": one.words} for one in ranked.parts],
        "like": list(ranked.like),
        "same_as": ranked.same_as,
        "ranker": ranked.ranker,
        "passage": passage_json(ranked.passage),
    }


def explanation_lines(told: Explanation) -> list[str]:
    """The same for people."""
    how = "" if told.is_recorded or told.ranked is None else " (ranked anew: no digest of that day considered it)"
    lines = [f"{told.paper_id}  {told.title}", f"{told.day} for {told.email}: {told.words}{how}"]
    if (ranked := told.ranked) is None:
        return lines
    lines += [
        f"stood {told.position} of {told.considered}; {ranked.probability:.0%} likely, score {ranked.score:.2f}, "
        f"gate {told.gate:.0%}" + (f"; drafted: {ranked.ranker}" if ranked.ranker else ""),
        f"why: {ranked.why}",
        *_parts_lines(ranked.parts),
    ]
    lines += [f"like: {', '.join(ranked.like)}"] if ranked.like else []
    lines += [f'passage: "{ranked.passage.text}"'] if ranked.passage else []
    return lines


def _parts_lines(parts: Sequence[Part]) -> list[str]:
    weighty = sorted(parts, key=lambda part: -abs(part.log_odds))
    return [f"  {part.log_odds:+6.2f}  {part.name}: {part.words}" for part in weighty]
