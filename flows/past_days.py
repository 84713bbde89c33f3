"""A reader's past days ranked anew, as they were or otherwise. Nothing is stored, nothing sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from flows.wiring import Parts
from pipeline.digest import Ranked
from pipeline.material import gather
from pipeline.selection import Selection
from pipeline.stages.authors import authored
from pipeline.stages.compose import choose
from pipeline.standing import Verdict, judged
from pipeline.subscriber import Feedback, Profile, Subscriber


@dataclass(frozen=True, slots=True)
class Digest:
    """The papers of a digest in its order, and the ranking (by id) and the gate that it was chosen by."""

    papers: tuple[str, ...]
    ranking: Mapping[str, Ranked]
    gate: float

    @classmethod
    def of(cls, ranking: Sequence[Ranked], gate: float, papers: Sequence[str] | None = None) -> Digest:
        """The digest that a ranking makes, or that is known to have been made of it."""
        chosen = [one.paper_id for one in choose(ranking)] if papers is None else papers
        return cls(tuple(chosen), {one.paper_id: one for one in ranking}, gate)

    def verdict(self, paper_id: str) -> Verdict | None:
        """What became of a paper; None where it was not ranked."""
        ranked = self.ranking.get(paper_id)
        return judged(ranked, list(self.ranking.values()), self.gate) if ranked else None


def start_of(day: date) -> datetime:
    """The moment (UTC) from which on what is said is said too late for a day."""
    return datetime.combine(day, time(), UTC)


def as_of(profile: Profile, feedback: Iterable[Feedback], day: date | None, hidden: Collection[str]) -> Profile:
    """The profile with only what its reader had said before a day (UTC; None: all), and nothing of hidden papers."""
    start = start_of(day) if day else None
    said = {one.paper_id for one in feedback if start is None or one.given_at < start} - set(hidden)

    def kept(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in ids if one in said)

    seeded = tuple(
        replace(interest, seeds=tuple(seed for seed in interest.seeds if seed not in hidden))
        for interest in profile.interests
    )
    return replace(
        profile, interests=seeded, likes=kept(profile.likes), dislikes=kept(profile.dislikes), saves=kept(profile.saves)
    )


class PastDays:
    """One reader's days gone by; what they said of papers is known with its moment."""

    def __init__(self, parts: Parts, subscriber: Subscriber, taught: Collection[str] = ()) -> None:
        """`taught` are papers that profiles to be tried name beyond the reader's own."""
        self._parts = parts
        self._subscriber = subscriber
        with parts.store.read() as work:
            self._feedback = work.subscribers.feedback_of(subscriber.id)
            self._considered = work.past.considered(subscriber.id)
        self._taught = subscriber.profile.taught | set(taught)

    def mailed(self, day: date) -> Digest | None:
        """The digest that the reader had of a day, perhaps an empty one; None where nothing was decided."""
        with self._parts.store.read() as work:
            if (papers := work.past.issue(self._subscriber.id, day)) is None:
                return None
            ranking = work.issues.ranking(self._subscriber.id, day)
        return Digest.of(ranking, self._parts.selection.gate(self._subscriber.profile.volume), papers)

    def rank(
        self, day: date, tried: Sequence[tuple[Profile, Selection]], *, with_later_feedback: bool = False
    ) -> list[Digest]:
        """The digests that each profile and selection would bring, in one call of the ranker."""
        until = None if with_later_feedback else day
        with self._parts.store.read() as work:
            eligible = self._eligible(work.past.announced_on(day), day)
            material = gather(work, self._parts.embedded, eligible, self._taught, day)
            hidden = {one.paper.id for one in material.candidates}
            requests = [
                replace(
                    material.ask(as_of(profile, self._feedback, until, hidden), hidden, selection),
                    authored=authored(work, profile),
                    answers=work.answers.of(self._subscriber.id, start_of(day)),
                )
                for profile, selection in tried
            ]
        rankings = self._parts.ranker.rank(requests, material.candidates, material.archive)
        return [Digest.of(ranking, request.gate) for ranking, request in zip(rankings, requests, strict=True)]

    def _eligible(self, announced: set[str], day: date) -> set[str]:
        """What was in question: what the issue of the day considered, else what no issue did of the day's papers."""
        considered = {paper_id for paper_id, when in self._considered.items() if when == day}
        return considered or announced - self._considered.keys()
