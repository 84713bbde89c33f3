"""Curated reading lists as training data: who kept which paper on which day, beside what else that day held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.loading import read_json_lines, read_papers_file
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, Paper
from pipeline.store import UnitOfWork
from rerank.train_set import Occasion

SOON = timedelta(days=45)  # what a list took up later was found elsewhere, not on the day
_SMALLEST_DAY = 30  # papers
_FEWEST_KNOWN = 5  # what a list had before its first day, unless it says what it is about
PASSED = 60  # of a day's other papers, drawn at random: each has to be embedded


class _Save(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str
    added: str


class _List(BaseModel):
    """A line; `interest` may say in words what the list is about."""

    model_config = ConfigDict(strict=True)

    list: str = Field(pattern=r"\S")
    saves: Sequence[_Save]
    interest: str = ""


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A list's papers by the day each was added."""

    name: str
    interest: str
    saves: Mapping[str, date]


class Shelf(Protocol):
    """Papers, and the days they were first listed."""

    def first_listed(self, ids: Collection[str]) -> Mapping[str, date]:
        """The day of each paper that is there."""
        ...

    def of_day(self, day: date) -> Collection[str]:
        """All papers of a day."""
        ...

    def papers(self, ids: Collection[str]) -> Mapping[str, Paper]:
        """Those that are there."""
        ...


class StoredShelf:
    """Implements `Shelf` over the store."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    def first_listed(self, ids: Collection[str]) -> Mapping[str, date]:
        """The day of each paper that is there."""
        return self._work.lessons.first_listed(ids)

    def of_day(self, day: date) -> Collection[str]:
        """All papers of a day."""
        return self._work.papers.listed_on(day)

    def papers(self, ids: Collection[str]) -> Mapping[str, Paper]:
        """Those that are there."""
        return self._work.papers.get(ids)


class FileShelf:
    """Implements `Shelf` over a metadata file. Raises as `flows.loading.read_papers_file`."""

    def __init__(self, path: Path) -> None:
        self._papers: dict[str, Paper] = {}
        self._days: dict[str, date] = {}
        self._of_day: dict[date, list[str]] = {}
        for paper, day in read_papers_file(path):
            if paper.id not in self._papers:
                self._papers[paper.id], self._days[paper.id] = paper, day
                self._of_day.setdefault(day, []).append(paper.id)

    def first_listed(self, ids: Collection[str]) -> Mapping[str, date]:
        """The day of each paper that is there."""
        return {one: self._days[one] for one in ids if one in self._days}

    def of_day(self, day: date) -> Collection[str]:
        """All papers of a day."""
        return self._of_day.get(day, [])

    def papers(self, ids: Collection[str]) -> Mapping[str, Paper]:
        """Those that are there."""
        return {one: self._papers[one] for one in ids if one in self._papers}


def read_lists(path: Path) -> list[ReadingList]:
    """Lists from JSON lines `{list, saves: [{id, added}], interest?}`, plain or gzipped.

    Raises NotFoundError, or UsageError naming the line where one is not what is expected.
    """
    return [_read(path, number, record) for number, record in read_json_lines(path)]


def _read(path: Path, number: int, record: object) -> ReadingList:
    try:
        read = _List.model_validate(record)
        saves: dict[str, date] = {}
        for save in read.saves:
            paper, day = ArxivId.parse(save.id).id, date.fromisoformat(save.added[:10])
            saves[paper] = min(day, saves.get(paper, day))
    except (ValueError, UsageError) as error:  # pydantic's ValidationError is a ValueError
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise UsageError(f"{path}, line {number}: {what} (expected list, saves: [{{id, added}}])") from None
    return ReadingList(read.list, read.interest.strip(), saves)


def occasions_of(reading: ReadingList, shelf: Shelf, most: int, seed: int) -> Iterator[Occasion]:
    """A list's days, at most so many, spread evenly from its first to its last.

    A day counts where the list took one of its papers within 45 days, had taken five before (or says what it is about),
    and the day has at least 30 papers.
    """
    listed = shelf.first_listed(reading.saves)
    prompt = {one: day for one, day in listed.items() if timedelta() <= reading.saves[one] - day <= SOON}
    days = sorted(set(prompt.values()))
    known = sorted((reading.saves[one], one) for one in listed)
    usable = [occasion for day in days if (occasion := _Day(reading, shelf.of_day(day), day).occasion(known, seed))]
    for at in sorted({round(place) for place in np.linspace(0, len(usable) - 1, min(most, len(usable)))}):
        yield usable[at]


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as a list met it."""

    reading: ReadingList
    papers: Collection[str]
    day: date

    def occasion(self, stored: Sequence[tuple[date, str]], seed: int) -> Occasion | None:
        """None where the day is too small or too little was known before it; `stored` are the list's papers by date."""
        saves = self.reading.saves
        known = tuple(one for added, one in stored if added < self.day)
        if len(self.papers) < _SMALLEST_DAY or (len(known) < _FEWEST_KNOWN and not self.reading.interest):
            return None
        taken = tuple(
            sorted(one for one in self.papers if one in saves and timedelta() <= saves[one] - self.day <= SOON)
        )
        others = sorted(one for one in self.papers if one not in saves)
        drawn = np.random.default_rng([seed, self.day.toordinal()]).permutation(len(others))[:PASSED]
        passed = tuple(others[at] for at in sorted(drawn.tolist()))
        on = tuple(saves[one] for one in taken)
        return Occasion(self.reading.name, self.day, self.reading.interest, known, taken, on, passed)
