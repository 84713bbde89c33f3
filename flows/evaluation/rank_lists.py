"""Public curated reading lists as readers: a save is somebody keeping a paper on a day.

A list's first saves are its profile; each later day of the stream is ranked by it, and what of that day it saved is
the gain. What a list does not hold was not always unwanted: nobody reads everything, so all figures are too low, for
every method alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.evaluation.rank_papers import DatedPapers
from flows.evaluation.rank_sets import BACKGROUND, Judged, KnownReader, RankSet, drawn, evenly, named
from flows.loading import read_json_lines
from pipeline.errors import UsageError
from pipeline.subscriber import Profile

_PROMPT = 45  # days from listing to saving; what came later was not chosen from a day's listing
_FEWEST_SAVES = 40
_FEWEST_PAPERS = 30  # of a day: thinner ones are holes in the stream
# Who names no topic but a rhythm or popularity. A line of the file can say so by itself with "general": true or false.
_GENERAL = re.compile(
    r"(?:of[-_ ]the|this|every)[-_ ](?:day|week|month)|daily|weekly|news|picks|plaza|trending|digest", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ListReading:
    """How lists become readers: at most `days` judged days of each (0: all), those papers that `is_there` says."""

    days: int = 0
    background: int = BACKGROUND
    general: Collection[str] = ()  # names of lists that are general whatever they are called
    is_there: Callable[[str], bool] = lambda _: True


def is_general_name(name: str) -> bool:
    """Whether a list is called after when it appears or what is popular, and so has no topic."""
    return bool(_GENERAL.search(name))


def read_lists(path: Path, stream: DatedPapers, reading: ListReading) -> RankSet:
    """The usable lists of a file of JSON lines {list, saves: [{id, added}], general?}, plain or gzipped.

    Usable is a list with 40 saves made within 45 days of the paper's listing, of which the older half is its profile,
    and with a later day of at least 30 papers that holds a save. Raises UsageError where a line is no list, and where
    no list is usable.
    """
    days: dict[date, list[str]] = defaultdict(list)
    for paper_id, day in stream.listed.items():
        days[day].append(paper_id)
    history = _History(stream, {day: tuple(sorted(ids)) for day, ids in sorted(days.items())}, reading)
    readers = []
    for number, record in read_json_lines(path):
        try:
            reader = history.reader(record)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: {error} (expected list and saves: [{{id, added}}])") from None
        readers += [reader] if reader is not None else []
    if not readers:
        raise UsageError(f"{path}: no list has {_FEWEST_SAVES} saves among the papers, and a later day to be ranked")
    return RankSet(tuple(readers), {one: stream.papers[one] for one in named(readers)})


@dataclass(frozen=True, slots=True)
class _History:
    """The stream by days, and how lists are read from it."""

    stream: DatedPapers
    days: Mapping[date, tuple[str, ...]]
    reading: ListReading

    def reader(self, record: dict[str, Any]) -> KnownReader | None:
        """The list of a line; None where there is too little of it."""
        added = {str(save["id"]): date.fromisoformat(save["added"][:10]) for save in reversed(record["saves"])}
        prompt = [one for one in _in_order(record) if self._is_prompt(one, added[one])]
        if len(prompt) < _FEWEST_SAVES:
            return None
        likes, later = prompt[: len(prompt) // 2], frozenset(prompt[len(prompt) // 2 :])
        cut = added[prompt[len(prompt) // 2]]
        judged = evenly(list(self._judged(cut, later)), self.reading.days)
        if not judged or not all(map(self.reading.is_there, likes)):
            return None
        kept = {one for one, day in added.items() if day <= cut}
        older = (one for day, ids in self.days.items() if day <= cut for one in ids if one not in kept)
        name = str(record["list"])
        return KnownReader(
            name,
            Profile(likes=tuple(likes)),
            drawn(older, self.reading.is_there, self.reading.background),
            judged,
            bool(record.get("general", is_general_name(name) or name in self.reading.general)),
        )

    def _is_prompt(self, paper_id: str, saved: date) -> bool:
        listed = self.stream.listed.get(paper_id)
        return listed is not None and 0 <= (saved - listed).days <= _PROMPT

    def _judged(self, cut: date, later: frozenset[str]) -> Iterator[Judged]:
        for day, ids in self.days.items():
            if day <= cut or len(ids) < _FEWEST_PAPERS or later.isdisjoint(ids):
                continue
            if all(map(self.reading.is_there, ids)):
                yield Judged(day.isoformat(), ids, dict.fromkeys(sorted(later.intersection(ids)), 1.0))


def _in_order(record: dict[str, Any]) -> list[str]:  # Any: JSON
    """Each saved paper once, by the day of its first save, and within a day as the file has them."""
    first: dict[str, str] = {}
    for save in record["saves"]:
        day = save["added"][:10]
        first[str(save["id"])] = min(day, first.get(str(save["id"]), day))
    return sorted(first, key=lambda one: first[one])
