"""`autoreader rank --requests`: rank for anybody, storing nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.console import parse_day
from flows.loading import read_json_lines
from flows.wiring import Parts
from pipeline.candidates import load_candidates
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, EventKind
from pipeline.questions import rank_request
from pipeline.subscriber import Interest, Profile


def rank_request_file(parts: Parts, path: Path) -> Iterator[dict[str, Any]]:  # Any: JSON
    """One answer per line: {user, ranking: [{id, score, probability}], unknown: [ids that are not stored]}."""
    for number, record in read_json_lines(path):
        try:
            user, profile = str(record["user"]), _profile(record)
            wanted = _candidates(parts, record)
        except (KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: {error} (expected user, interests, candidates or day)") from None
        yield {"user": user} | _rank(parts, profile, wanted)


def _profile(record: dict[str, Any]) -> Profile:  # Any: JSON
    return Profile(
        interests=tuple(Interest(text) for text in _texts(record, "interests")),
        negatives=_texts(record, "negatives"),
        authors=_texts(record, "authors"),
        likes=_ids(_texts(record, "likes")),
        dislikes=_ids(_texts(record, "dislikes")),
    )


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:  # Any: JSON
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{name!r} is no list of texts")
    return tuple(value)


def _ids(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(ArxivId.parse(text).id for text in texts)


def _candidates(parts: Parts, record: dict[str, Any]) -> set[str]:  # Any: JSON
    if "candidates" in record:
        return set(_ids(_texts(record, "candidates")))
    day = parse_day(record["day"])
    with parts.store.read() as work:
        announced = {event.paper_id for event in work.papers.events_on(day, (EventKind.NEW, EventKind.CROSS))}
        return announced or work.papers.listed_on(day)


def _rank(parts: Parts, profile: Profile, wanted: set[str]) -> dict[str, Any]:  # Any: JSON
    with parts.store.read() as work:
        candidates = load_candidates(work, parts.embedded, wanted | profile.taught)
    request = rank_request(profile, wanted, candidates, parts.selection)
    ranking = parts.ranker.rank([request], [candidates[one] for one in sorted(candidates)])[0]
    return {
        "ranking": [{"id": one.paper_id, "score": one.score, "probability": one.probability} for one in ranking],
        "unknown": sorted((wanted | profile.taught) - set(candidates)),
    }
