"""A day of invented papers, as the files in `day/` describe it: `ID.toml` for the record, `ID.typ` for the body."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.paper import ArxivId, EventKind, Paper, PaperVersion, SourceName

SAMPLE_DAY = date(2026, 11, 17)  # a Tuesday; its listing is announced on the evening before


class PdfQuirk(StrEnum):
    """What is the matter with a paper's PDF."""

    PLAIN = "plain"
    SCANNED = "scanned"  # images of pages, no text
    ENCRYPTED = "encrypted"  # asks for a password
    TRUNCATED = "truncated"  # ends in the middle
    NONE = "none"  # there is no PDF


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """A paper, what happened to it on its day, which source tells of it, and the typst source of its body."""

    paper: Paper
    announce: EventKind = EventKind.NEW
    listed_by: frozenset[SourceName] = frozenset(SourceName)
    pdf: PdfQuirk = PdfQuirk.PLAIN
    columns: int = 1
    body: str = ""


@dataclass(frozen=True, slots=True)
class SampleDay:
    """The papers of one listing, by id; `day` is the date arXiv prints over it (US Eastern)."""

    day: date
    papers: tuple[SamplePaper, ...]


def announced_at(day: date) -> datetime:
    """When arXiv sends a listing out, in UTC: 20:00 US Eastern on the evening before its date."""
    return datetime.combine(day - timedelta(days=1), time(20), ZoneInfo("America/New_York")).astimezone(UTC)


def read_sample_day(folder: Traversable | None = None, day: date = SAMPLE_DAY) -> SampleDay:
    """Reads all papers of a folder, by default the bundled one.

    Raises ConfigError naming the file and what is wrong with it: a field unknown, missing or of the wrong form,
    an identifier told twice, a body absent.
    """
    folder = folder or resources.files("flows.demo") / "day"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    papers = [_read(folder, file) for file in files]
    seen: set[str] = set()
    for sample, file in zip(papers, files, strict=True):
        if sample.paper.id in seen:
            raise ConfigError(f"{file.name}: another file describes {sample.paper.id} already")
        seen.add(sample.paper.id)
    if not papers:
        raise ConfigError(f"the sample day is empty: no .toml file in {folder}")
    return SampleDay(day, tuple(sorted(papers, key=lambda sample: sample.paper.id)))


def _one_paragraph(text: str) -> str:
    flat = " ".join(text.split())
    if not flat:
        raise ValueError("must not be empty")
    return flat


def _identifier(text: str) -> str:
    if ArxivId.parse(text) != ArxivId(text):
        raise ValueError("must be a bare identifier such as 2611.90001")
    return text


_Text = Annotated[str, AfterValidator(_one_paragraph)]


class _Record(BaseModel):
    """What a .toml file holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, AfterValidator(_identifier)]
    title: _Text
    authors: Annotated[tuple[_Text, ...], Field(min_length=1)]
    categories: Annotated[tuple[_Text, ...], Field(min_length=1)]
    abstract: _Text
    comment: str
    licence: str
    columns: Literal[1, 2]
    versions: Annotated[tuple[AwareDatetime, ...], Field(min_length=1)]
    announce: EventKind
    listed_by: Annotated[frozenset[SourceName], Field(min_length=1)]
    pdf: PdfQuirk
    doi: str = ""
    journal_ref: str = ""

    @model_validator(mode="after")
    def _check_history(self) -> _Record:
        if list(self.versions) != sorted(self.versions):
            raise ValueError("versions must be in the order of their submission")
        if self.announce in {EventKind.REPLACE, EventKind.WITHDRAWN} and len(self.versions) == 1:
            raise ValueError(f"a paper that is announced as {self.announce} has two versions or more")
        return self


def _read(folder: Traversable, file: Traversable) -> SamplePaper:
    try:
        record = _Record.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file.name} is not valid TOML: {error}") from None
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, each['loc'])) or 'record'}: {each['msg']}" for each in error.errors())
        raise ConfigError(f"{file.name}: {'; '.join(problems)}") from None
    source = folder / f"{record.id}.typ"
    if record.pdf is not PdfQuirk.NONE and not source.is_file():
        raise ConfigError(f"{file.name}: its body {source.name} is absent")
    body = source.read_text(encoding="utf-8") if source.is_file() else ""
    return SamplePaper(_paper(record, body), record.announce, record.listed_by, record.pdf, record.columns, body)


def _paper(record: _Record, body: str) -> Paper:
    is_withdrawn = record.announce is EventKind.WITHDRAWN
    size_kb = len(body.encode()) // 1024 + 1
    versions = [
        PaperVersion(number, at.astimezone(UTC), size_kb, "D") for number, at in enumerate(record.versions, start=1)
    ]
    if is_withdrawn:
        versions[-1] = PaperVersion(len(versions), versions[-1].submitted_at, 0, "I")
    return Paper(
        id=record.id,
        title=record.title,
        authors=record.authors,
        abstract=record.abstract,
        categories=record.categories,
        versions=tuple(versions),
        comment=record.comment,
        journal_ref=record.journal_ref,
        doi=record.doi,
        licence=record.licence,
        is_withdrawn=is_withdrawn,
    )
