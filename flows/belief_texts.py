"""A profile, and what is believed of a reader, as JSON and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flows.profiles import Belief, Beliefs, NamedPaper, Opinion
from pipeline.author_ids import author_id_of
from pipeline.author_papers import AuthorFetch
from pipeline.subscriber import FeedbackKind, Interest, Origin, Profile, Subscriber, Volume

_SAID = {FeedbackKind.LIKE: "liked", FeedbackKind.SAVE: "saved", FeedbackKind.DISLIKE: "disliked"}
_HOW = {Origin.TAP: "in a mail", Origin.COMMAND: "by command", Origin.LIBRARY: "from a library"}


def subscriber_json(subscriber: Subscriber) -> dict[str, Any]:  # Any: JSON
    """A subscriber and all they said, in short."""
    profile = subscriber.profile
    return {
        "id": subscriber.id,
        "email": subscriber.email,
        "interests": [interest.text for interest in profile.interests],
        "weights": [interest.weight for interest in profile.interests],
        "negatives": list(profile.negatives),
        "authors": list(profile.authors),
        "avoided_authors": list(profile.avoided_authors),
        "categories": list(profile.categories),
        "volume": profile.volume.value,
        "likes": list(profile.likes),
        "dislikes": list(profile.dislikes),
        "saves": list(profile.saves),
        "is_active": subscriber.is_active,
    }


def beliefs_json(beliefs: Beliefs) -> dict[str, Any]:  # Any: JSON
    """All that is believed of a reader; every paper with its title."""
    subscriber, profile = beliefs.subscriber, beliefs.subscriber.profile
    return {
        "id": subscriber.id,
        "email": subscriber.email,
        "is_active": subscriber.is_active,
        "subscribed_at": subscriber.created_at.isoformat(),
        "volume": profile.volume.value,
        "categories": list(profile.categories),
        "interests": [_belief_json(number, belief) for number, belief in enumerate(beliefs.interests, start=1)],
        "likes_of_no_interest": _papers_json(beliefs.unassigned),
        "negatives": list(profile.negatives),
        "authors": [_author_json(name, beliefs.fetches) for name in profile.authors],
        "avoided_authors": list(profile.avoided_authors),
        **{f"{kind.value}s": [_opinion_json(one) for one in _of(kind, beliefs.opinions)] for kind in FeedbackKind},
    }


def _belief_json(number: int, belief: Belief) -> dict[str, Any]:  # Any: JSON
    interest = belief.interest
    return {
        "number": number,
        "text": interest.text,
        "weight": interest.weight,
        "categories": list(interest.categories),
        "seeds": _papers_json(belief.seeds),
        "likes": _papers_json(belief.likes),
    }


def _author_json(name: str, fetches: dict[str, AuthorFetch]) -> dict[str, Any]:  # Any: JSON
    fetch = fetches.get(author_id_of(name) or "")
    return {
        "author": name,
        "is_number": author_id_of(name) is not None,
        "name": fetch.name if fetch else "",
        "papers": fetch.papers if fetch else None,
        "asked_at": fetch.fetched_at.isoformat() if fetch else None,
    }


def _opinion_json(opinion: Opinion) -> dict[str, Any]:  # Any: JSON
    paper = opinion.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "given_at": opinion.given_at.isoformat(),
        "origin": opinion.origin.value,
    }


def _papers_json(papers: Iterable[NamedPaper]) -> list[dict[str, str]]:
    return [{"id": paper.id, "title": paper.title} for paper in papers]


def profile_lines(profile: Profile) -> list[str]:
    """What somebody said, without what they made of papers."""
    lines = [_interest_line(number, interest) for number, interest in enumerate(profile.interests, start=1)]
    return lines + _other_lines(profile, [_quoted(profile.authors)] if profile.authors else [])


def belief_lines(beliefs: Beliefs) -> list[str]:
    """All that is believed of a reader."""
    subscriber, profile = beliefs.subscriber, beliefs.subscriber.profile
    since = f"since {subscriber.created_at:%d %B %Y}"
    lines = [f"{subscriber.email}, subscribed {since}{'' if subscriber.is_active else ', gets no mail now'}", ""]
    for number, belief in enumerate(beliefs.interests, start=1):
        lines.append(_interest_line(number, belief.interest))
        lines += [f"     shown by {_paper(paper)}" for paper in belief.seeds]
        lines += [f"     you liked {_paper(paper)}" for paper in belief.likes]
    lines += [f"likes near no interest: {_paper(paper)}" for paper in beliefs.unassigned]
    lines += _other_lines(profile, [_author_line(name, beliefs.fetches) for name in profile.authors])
    for kind in FeedbackKind:
        for one in _of(kind, beliefs.opinions):
            lines.append(f"{_SAID[kind]} on {one.given_at:%Y-%m-%d} {_HOW[one.origin]}: {_paper(one.paper)}")
    return lines


def _interest_line(number: int, interest: Interest) -> str:
    weight = "" if interest.weight == 1 else f", weight {interest.weight:g}"
    hints = f", in {', '.join(interest.categories)}" if interest.categories else ""
    return f"{number:>3}  {interest.text}{weight}{hints}"


def _other_lines(profile: Profile, followed: Sequence[str]) -> list[str]:
    lines = [f"not: {topic}" for topic in profile.negatives]
    lines += [f"follows: {line}" for line in followed]
    lines += [f"avoids: {_quoted(profile.avoided_authors)}"] if profile.avoided_authors else []
    lines += [f"categories: {', '.join(profile.categories)}"] if profile.categories else []
    return [*lines, f"wants to read: {_VOLUMES[profile.volume]}"]


_VOLUMES = {Volume.FEW: "few papers", Volume.NORMAL: "a normal number of papers", Volume.MANY: "many papers"}


def _author_line(name: str, fetches: dict[str, AuthorFetch]) -> str:
    if (author := author_id_of(name)) is None:
        return name
    fetch = fetches.get(author)
    if fetch is None:
        return f"{name}, whom the next run asks arXiv about"
    if not fetch.papers:
        return f"{name}, under whom arXiv lists nothing"
    return f"{name}, {fetch.name}, {fetch.papers} papers at arXiv as of {fetch.fetched_at:%Y-%m-%d}"


def _of(kind: FeedbackKind, opinions: Iterable[Opinion]) -> list[Opinion]:
    return [one for one in opinions if one.kind is kind]


def _paper(paper: NamedPaper) -> str:
    return f"{paper.id}  {paper.title or '(not stored)'}"


def _quoted(names: Iterable[str]) -> str:
    return "; ".join(names)
