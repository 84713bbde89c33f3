"""What a reader says about themselves: changing it, and showing what is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.wiring import Parts
from pipeline.author_ids import author_id_of
from pipeline.author_papers import AuthorFetch
from pipeline.candidates import load_abstracts
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import ArxivId
from pipeline.profile_changes import seeds_of
from pipeline.store import UnitOfWork, checked_email
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Origin, Profile, Subscriber, Volume
from rerank.wishes import read_wishes

# The cosine of a liked abstract and an interest from which the like is shown with it. The ranking asks more exactly,
# for what is nearer than four of five papers of the archive (`rerank.tastes`); this needs no archive, and is about
# there: of what nine topical lists saved, 4 in 100 (median; 1 to 63) lie below it of the list's own interest, of
# papers drawn at random 74. The nearest of three such interests is right for 84 of 100 saved papers (n = 4,500,
# docs/log.md).
_SHOWS = 0.3

Change = Callable[[Profile], Profile]


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says when they subscribe; None where they say nothing of it."""

    interests: tuple[Interest, ...] | None = None
    negatives: tuple[str, ...] | None = None
    authors: tuple[str, ...] | None = None
    avoided_authors: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    volume: Volume | None = None

    def over(self, profile: Profile) -> Profile:
        """The profile with each part that was said in the place of what stood there."""
        said = {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}
        return replace(profile, **said)


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A paper by its title; empty where it is not stored."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What they made of a paper, and how we know."""

    paper: NamedPaper
    kind: FeedbackKind
    given_at: datetime
    origin: Origin


@dataclass(frozen=True, slots=True)
class Belief:
    """An interest, the papers that were given with it, and the liked and saved ones that seem to belong to it."""

    interest: Interest
    seeds: tuple[NamedPaper, ...]
    likes: tuple[NamedPaper, ...]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """All that is believed of a reader. `unassigned` are liked papers that are near none of their interests.

    `fetches` tell, by author id, what arXiv lists under the followed authors who are told by number.
    """

    subscriber: Subscriber
    interests: tuple[Belief, ...]
    unassigned: tuple[NamedPaper, ...]
    opinions: tuple[Opinion, ...]
    fetches: dict[str, AuthorFetch]


def subscribe_reader(parts: Parts, email: str, said: Said) -> Subscriber:
    """Adds a subscriber, or gives a known one what was said; a paused one becomes active.

    Raises UsageError where a newcomer says nothing to rank by, NotFoundError for seeds that are not stored.
    """
    address = checked_email(email)
    with parts.store.begin() as work:
        require_stored(work, seeds_of(said.interests or ()))
        if work.subscribers.is_known(address):
            known = work.subscribers.change(address, said.over)
            work.subscribers.set_active(known.id, is_active=True)
            return replace(known, is_active=True)
        profile = said.over(Profile())
        if not (profile.interests or profile.authors):
            raise UsageError("say what you care about: --interest 'in plain words', or --author 'A. Name'")
        return work.subscribers.save(Subscriber(address, parts.clock.now(), profile))


def change_profile(parts: Parts, email: str, how: Change) -> Subscriber:
    """Changes one thing in a profile (see `pipeline.profile_changes`) and leaves all else as it was."""
    with parts.store.begin() as work:
        before = work.subscribers.by_email(email).profile
        changed = work.subscribers.change(email, how)
        require_stored(work, seeds_of(changed.profile.interests) - seeds_of(before.interests))
        return changed


def teach(parts: Parts, email: str, ids: Sequence[str], kind: FeedbackKind) -> Profile:
    """Records what a reader made of papers. Raises UsageError, NotFoundError for papers that are not stored."""
    wanted = [ArxivId.parse(one).id for one in ids]
    with parts.store.begin() as work:
        subscriber = work.subscribers.by_email(email)
        require_stored(work, wanted)
        work.subscribers.add_feedback(subscriber.id, [Feedback(one, kind, parts.clock.now()) for one in wanted])
        return work.subscribers.by_id(subscriber.id).profile


def forget(parts: Parts, email: str, ids: Sequence[str]) -> tuple[int, Profile]:
    """Takes back what a reader made of papers; returns of how many they had said anything, and the profile."""
    wanted = {ArxivId.parse(one).id for one in ids}
    with parts.store.begin() as work:
        subscriber = work.subscribers.by_email(email)
        forgotten = work.subscribers.forget_feedback(subscriber.id, wanted)
        return forgotten, work.subscribers.by_id(subscriber.id).profile


def require_stored(work: UnitOfWork, ids: Collection[str]) -> None:
    """Raises NotFoundError naming the papers that are not stored."""
    if missing := sorted(set(ids) - work.papers.known_ids(ids)):
        raise NotFoundError(
            f"not stored: {', '.join(missing)}; bring them in with: autoreader find {' '.join(missing)}"
        )


def view_beliefs(parts: Parts, email: str) -> Beliefs:
    """What is believed of a reader. Raises NotFoundError."""
    with parts.store.read() as work:
        subscriber = work.subscribers.by_email(email)
        profile = subscriber.profile
        given = work.subscribers.feedback_of(subscriber.id)
        papers = work.papers.get({one.paper_id for one in given} | seeds_of(profile.interests))
        fetches = work.authors.fetches({author for name in profile.authors if (author := author_id_of(name))})
    named = {one: NamedPaper(one, papers[one].title if one in papers else "") for one in (*papers, *profile.taught)}
    assigned = _assign(parts, profile)
    return Beliefs(
        subscriber=subscriber,
        interests=tuple(
            Belief(
                interest,
                seeds=tuple(named[one] for one in interest.seeds),
                likes=tuple(named[one] for one, to in assigned.items() if to == at),
            )
            for at, interest in enumerate(profile.interests)
        ),
        unassigned=tuple(named[one] for one, to in assigned.items() if to is None),
        opinions=tuple(Opinion(named[one.paper_id], one.kind, one.given_at, one.origin) for one in given),
        fetches=fetches,
    )


def topics_of(profile: Profile) -> frozenset[str]:
    """Under which queries the reranker's scores for a profile are kept: the SHA-256 of each of its topics."""
    wishes = read_wishes(profile)
    topics = (*(wish.topic for wish in wishes.wanted), *wishes.unwanted)
    return frozenset(hashlib.sha256(topic.encode()).hexdigest() for topic in topics)


def _assign(parts: Parts, profile: Profile) -> dict[str, int | None]:
    """For each liked or saved paper the position of the interest it seems to belong to; None where there is none."""
    liked = [one for one in dict.fromkeys((*profile.likes, *profile.saves)) if one not in seeds_of(profile.interests)]
    topics = {at: topic for at, one in enumerate(profile.interests) if (topic := _topic(one))}
    if not (liked and topics):
        return dict.fromkeys(liked)
    with parts.store.read() as work:
        found = load_abstracts(work, parts.embedded, liked)
    wanted = parts.encoder.encode_queries(list(topics.values()))
    places = list(topics)
    assigned: dict[str, int | None] = dict.fromkeys(liked)
    for paper_id, candidate in found.items():
        likeness = wanted @ candidate.vectors[0]
        if likeness.max() >= _SHOWS:
            assigned[paper_id] = places[int(likeness.argmax())]
    return assigned


def _topic(interest: Interest) -> str:
    """What the ranking looks for: the interest without its exceptions."""
    wanted = read_wishes(Profile((interest,))).wanted
    return wanted[0].topic if wanted else ""
