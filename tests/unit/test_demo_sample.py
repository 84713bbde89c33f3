from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.demo.readers import DEMO_CATEGORIES, demo_subscribers
from flows.demo.sample import SAMPLE_DAY, PdfQuirk, SampleDay, announced_at, read_sample_day
from pipeline.errors import ConfigError
from pipeline.paper import EventKind, PaperVersion, SourceName, matches_category

_RECORD = """
id = "2611.90777"
title = "On  two\\nlines"
authors = ["Ada Lind", "Bo Okafor"]
categories = ["cs.IR", "cs.DL"]
abstract = \"\"\"First line
second line.\"\"\"
comment = "3 pages"
licence = "http://creativecommons.org/licenses/by/4.0/"
columns = 2
versions = ["2026-10-02T08:00:00Z", "2026-11-16T10:00:00+01:00"]
announce = "replace"
listed_by = ["feed"]
pdf = "scanned"
"""


def _folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    (path / "2611.90777.typ").write_text("body", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def day() -> SampleDay:
    return read_sample_day()


def test_a_record_becomes_a_paper_with_its_history(tmp_path: Path) -> None:
    (sample,) = read_sample_day(_folder(tmp_path, one=_RECORD)).papers

    assert sample.paper.title == "On two lines"
    assert sample.paper.abstract == "First line second line."
    assert sample.paper.versions == (
        PaperVersion(1, datetime(2026, 10, 2, 8, tzinfo=UTC), 1, "D"),
        PaperVersion(2, datetime(2026, 11, 16, 9, tzinfo=UTC), 1, "D"),
    )
    assert (sample.announce, sample.pdf, sample.columns) == (EventKind.REPLACE, PdfQuirk.SCANNED, 2)
    assert sample.listed_by == {SourceName.FEED}
    assert sample.body == "body"


def test_a_withdrawn_paper_ends_with_a_version_without_source(tmp_path: Path) -> None:
    text = _RECORD.replace('"replace"', '"withdrawn"')

    (sample,) = read_sample_day(_folder(tmp_path, one=text)).papers

    assert sample.paper.is_withdrawn
    assert (sample.paper.versions[-1].size_kb, sample.paper.versions[-1].source_type) == (0, "I")
    assert sample.paper.versions[0].source_type == "D"


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        ("comment =", 'colour = "red"\ncomment =', "colour: Extra inputs are not permitted"),
        ('abstract = """First line\nsecond line."""', "", "abstract: Field required"),
        ('"""First line\nsecond line."""', '" "', "abstract: Value error, must not be empty"),
        ("2611.90777", "2611.90777v1", "id: Value error, must be a bare identifier"),
        ('["feed"]', '["fax"]', "listed_by.0: Input should be 'oai' or 'feed'"),
        ('["2026-10-02T08:00:00Z", ', "[", "announced as replace has two versions or more"),
        ('"2026-10-02T08:00:00Z"', '"2026-12-02T08:00:00Z"', "in the order of their submission"),
        ("columns = 2", "columns = 3", "columns: Input should be 1 or 2"),
        ("columns = 2", "columns =", "is not valid TOML"),
    ],
)
def test_a_bad_record_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = _folder(tmp_path, broken=_RECORD.replace(old, new))

    with pytest.raises(ConfigError, match=r"broken\.toml") as raised:
        read_sample_day(folder)

    assert complaint in str(raised.value)


def test_two_files_with_one_identifier_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, one=_RECORD, two=_RECORD)

    with pytest.raises(ConfigError, match=r"two\.toml: another file describes 2611\.90777 already"):
        read_sample_day(folder)


def test_a_paper_without_its_body_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, one=_RECORD)
    (folder / "2611.90777.typ").unlink()

    with pytest.raises(ConfigError, match=r"its body 2611\.90777\.typ is absent"):
        read_sample_day(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the sample day is empty"):
        read_sample_day(tmp_path)


def test_a_listing_is_announced_at_eight_on_the_evening_before() -> None:
    assert announced_at(date(2026, 11, 17)) == datetime(2026, 11, 17, 1, tzinfo=UTC)
    assert announced_at(date(2026, 7, 7)) == datetime(2026, 7, 7, 0, tzinfo=UTC)  # daylight saving time


def test_the_bundled_day_is_a_tuesday_with_papers_in_the_order_of_their_ids(day: SampleDay) -> None:
    ids = [sample.paper.id for sample in day.papers]

    assert day.day == SAMPLE_DAY
    assert day.day.strftime("%A") == "Tuesday"
    assert ids == sorted(ids)
    assert len(ids) >= 48


def test_the_bundled_day_holds_every_kind_of_event_and_pdf(day: SampleDay) -> None:
    assert {sample.announce for sample in day.papers} == {EventKind.NEW, EventKind.REPLACE, EventKind.WITHDRAWN}
    assert {sample.pdf for sample in day.papers} >= set(PdfQuirk) - {PdfQuirk.NONE}


def test_each_source_omits_a_paper_that_the_other_lists(day: SampleDay) -> None:
    omissions = [sample.listed_by for sample in day.papers if len(sample.listed_by) == 1]

    assert sorted(next(iter(listed)) for listed in omissions) == [SourceName.FEED, SourceName.OAI]


def test_a_late_paper_was_submitted_weeks_before_its_listing(day: SampleDay) -> None:
    ages = [
        (SAMPLE_DAY - sample.paper.versions[0].submitted_at.date()).days
        for sample in day.papers
        if sample.announce is EventKind.NEW
    ]

    assert max(ages) >= 14


def test_every_bundled_paper_is_in_a_category_of_the_demo(day: SampleDay) -> None:
    strays = [s.paper.id for s in day.papers if not matches_category(s.paper.categories, DEMO_CATEGORIES)]

    assert strays == []


def test_the_readers_have_interests_of_their_own_and_addresses_that_reach_nobody() -> None:
    readers = demo_subscribers(datetime(2026, 11, 17, tzinfo=UTC))

    texts = [interest.text for reader in readers for interest in reader.profile.interests]
    assert [reader.email.rpartition("@")[2] for reader in readers] == ["example.org"] * 3
    assert len(texts) == len(set(texts)) == 10
    assert all(reader.profile.negatives for reader in readers)
