"""`autoreader rank --requests`: rank for anybody, storing nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.console import parse_day
from flows.loading import read_json_lines
from flows.wiring import Parts
from pipeline.errors import UsageError
from pipeline.material import gather_from, load_archive
from pipeline.paper import ArxivId, EventKind
from pipeline.ports import Archive
from pipeline.store import UnitOfWork
from pipeline.subscriber import Interest, Profile, Volume

_LEAST, _MOST = 1e-6, 1e6  # of a weight, which multiplies odds; more could not be told apart in float32
_EXPECTED = "expected user, interests, candidates or day"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line of the file."""

    user: str
    profile: Profile
    wanted: frozenset[str]


def rank_request_file(parts: Parts, path: Path) -> Iterator[dict[str, Any]]:  # Any: JSON
    """One answer per line: {user, ranking: [{id, score, probability}], unknown: [ids that are not stored]}.

    All lines are measured against one sample of the archive, older than every paper that is to be ranked; where there
    is little that is older, of all papers up to the newest of those.
    """
    asked = [_read(parts, path, number, record) for number, record in read_json_lines(path)]
    archive = _archive(parts, asked)
    for one in asked:
        yield {"user": one.user} | _rank(parts, one, archive)


def _read(parts: Parts, path: Path, number: int, record: dict[str, Any]) -> _Asked:  # Any: JSON
    try:
        return _Asked(str(record["user"]), _profile(record), frozenset(_candidates(parts, record)))
    except UsageError as error:  # of an id or a day, which tells what it expected
        raise UsageError(f"{path}, line {number}: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"{path}, line {number}: {error} ({_EXPECTED})") from None


def _archive(parts: Parts, asked: Sequence[_Asked]) -> Archive:
    wanted = set().union(*(one.wanted for one in asked))
    named = set().union(*(one.profile.taught for one in asked))
    with parts.store.read() as work:
        days = work.lessons.first_listed(wanted).values()
        before, until = min(days, default=date.max), max(days, default=None)
        return load_archive(work, parts.embedded, before, wanted | named, until)


def _profile(record: Mapping[str, Any]) -> Profile:  # Any: JSON
    return Profile(
        interests=tuple(_interest(one) for one in _list(record, "interests")),
        negatives=_texts(record, "negatives"),
        authors=_texts(record, "authors"),
        likes=_ids(_texts(record, "likes")),
        dislikes=_ids(_texts(record, "dislikes")),
        saves=_ids(_texts(record, "saves")),
        avoided_authors=_texts(record, "avoided_authors"),
        categories=_texts(record, "categories"),
        volume=_volume(record.get("volume") or Volume.NORMAL),
    )


def _volume(said: object) -> Volume:
    if not isinstance(said, str) or said not in list(Volume):
        raise TypeError(f"'volume' is none of {', '.join(Volume)}: {said!r}")
    return Volume(said)


def _interest(said: object) -> Interest:
    """An interest as a text, or as {text, weight, categories, seeds}."""
    if isinstance(said, str):
        return Interest(said)
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise TypeError(f"'interests' is no list of texts, or of objects with a text: {said!r}")
    weight = said.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not _LEAST <= weight <= _MOST:
        raise TypeError(f"the weight of an interest is no number from {_LEAST} to {_MOST:.0f}: {weight!r}")
    return Interest(said["text"], float(weight), _texts(said, "categories"), _ids(_texts(said, "seeds")))


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:  # Any: JSON
    value = _list(record, name)
    if not all(isinstance(text, str) for text in value):
        raise TypeError(f"{name!r} is no list of texts")
    return tuple(value)


def _list(record: Mapping[str, Any], name: str) -> list[Any]:  # Any: JSON
    value = record.get(name) or []
    if not isinstance(value, list):
        raise TypeError(f"{name!r} is no list of texts")
    return value


def _ids(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(ArxivId.parse(text).id for text in texts)


def _candidates(parts: Parts, record: Mapping[str, Any]) -> set[str]:  # Any: JSON
    if "candidates" in record:
        return set(_ids(_texts(record, "candidates")))
    with parts.store.read() as work:
        return _listed(work, parse_day(record["day"]))


def _listed(work: UnitOfWork, day: date) -> set[str]:
    announced = {event.paper_id for event in work.papers.events_on(day, (EventKind.NEW, EventKind.CROSS))}
    return announced or work.papers.listed_on(day)


def _rank(parts: Parts, asked: _Asked, archive: Archive) -> dict[str, Any]:  # Any: JSON
    with parts.store.read() as work:
        material = gather_from(work, parts.embedded, archive, asked.wanted, asked.profile.taught)
    request = material.ask(asked.profile, asked.wanted, parts.selection)
    ranking = parts.ranker.rank([request], material.candidates, archive)[0]
    return {
        "ranking": [{"id": one.paper_id, "score": one.score, "probability": one.probability} for one in ranking],
        "unknown": sorted((asked.wanted | asked.profile.taught) - set(material.known)),
    }
