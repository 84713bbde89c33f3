"""Labelled rankings: JSON lines as `autoreader rank --requests` takes them, with what the reader made of the papers.

    {"user": "ada", "likes": ["1"], "interests": ["sampling of graphs"], "candidates": ["2", "3"], "relevant": ["3"]}
    {"user": "bo", "likes": ["1", "2"], "ratings": {"4": 5, "5": 2.5}}

`relevant` are the candidates worth the user's time. `ratings` are grades instead, of which only differences within a
line count; without `candidates` the rated papers are the candidates. Several lines of one user are several days.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.evaluation.rank_papers import DatedPapers
from flows.evaluation.rank_sets import BACKGROUND, Judged, KnownReader, RankSet, drawn
from flows.loading import read_json_lines
from pipeline.errors import UsageError
from pipeline.subscriber import Interest, Profile

_TEXTS = ("interests", "negatives", "authors", "likes", "dislikes")


def read_labelled(path: Path, known: DatedPapers, background: int = BACKGROUND) -> RankSet:
    """One reader a line. Papers that are not known are left out, and so is a line without two candidates or a label.

    Nothing tells what came before what, so a reader's background is drawn from all known papers but those that their
    lines name. Raises UsageError naming a line that is no request, and where nothing is left.
    """
    lines: list[tuple[str, Profile, Judged]] = []
    for number, record in read_json_lines(path):
        try:
            line = (str(record["user"]), _profile(record, known.papers), _judged(number, record, known.papers))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(
                f"{path}, line {number}: {error} (expected user, candidates, relevant or ratings)"
            ) from None
        if len(line[2].candidates) > 1 and line[2].grades:
            lines.append(line)
    if not lines:
        raise UsageError(f"{path}: no line has two candidates among the papers and a label")
    of_user: dict[str, set[str]] = {}
    for user, profile, judged in lines:
        of_user.setdefault(user, set()).update(profile.taught, judged.candidates)
    others = {
        user: drawn(known.papers, lambda one, own=own: one not in own, background)  # type: ignore[misc]
        for user, own in of_user.items()
    }
    return RankSet(
        tuple(KnownReader(user, profile, others[user], (judged,)) for user, profile, judged in lines), known.papers
    )


def _profile(record: dict[str, Any], papers: Mapping[str, Any]) -> Profile:  # Any: JSON
    texts = {name: _texts(record, name) for name in _TEXTS}
    return Profile(
        interests=tuple(Interest(text) for text in texts["interests"]),
        negatives=texts["negatives"],
        authors=texts["authors"],
        likes=tuple(one for one in texts["likes"] if one in papers),
        dislikes=tuple(one for one in texts["dislikes"] if one in papers),
    )


def _judged(number: int, record: dict[str, Any], papers: Mapping[str, Any]) -> Judged:  # Any: JSON
    is_rated = "ratings" in record
    grades = {str(one): float(grade) for one, grade in record["ratings"].items()} if is_rated else {}
    if not is_rated:
        grades = dict.fromkeys(_texts(record, "relevant"), 1.0)
    listed = _texts(record, "candidates") if "candidates" in record else tuple(grades)
    candidates = tuple(sorted({one for one in listed if one in papers}))
    return Judged(f"line {number}", candidates, {one: grades[one] for one in candidates if one in grades}, is_rated)


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:  # Any: JSON
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{name!r} is no list of texts")
    return tuple(value)
