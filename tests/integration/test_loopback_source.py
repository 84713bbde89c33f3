"""The product's own way to arXiv, pointed at the loopback: what the sample day holds is what arrives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from flows.demo.loopback import LoopbackArxiv
from flows.demo.readers import DEMO_CATEGORIES
from flows.demo.sample import SAMPLE_DAY, SampleDay, read_sample_day
from pipeline.arxiv_source import ArxivSource, open_arxiv_source, open_lookup
from pipeline.config import ArxivSettings
from pipeline.errors import SourceError, SourceFormatError, SourceUnavailableError
from pipeline.paper import EventKind, SourceName
from tests.fakes.papers import print_sample

_SINCE = date(2026, 11, 10)


@pytest.fixture(scope="module")
def day() -> SampleDay:
    return read_sample_day()


@pytest.fixture
def arxiv(day: SampleDay) -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([day], print_sample) as served:
        yield served


@pytest.fixture
def settings(arxiv: LoopbackArxiv) -> ArxivSettings:
    return ArxivSettings(base_url=arxiv.url, interval_s=0, attempts=1, timeout_s=5, contact="test@example.org")


@pytest.fixture
def source(settings: ArxivSettings, tmp_path: Path) -> Iterator[ArxivSource]:
    with open_arxiv_source(settings, tmp_path) as opened:
        yield opened


def test_the_harvest_brings_every_paper_exactly_as_it_was_written(source: ArxivSource, day: SampleDay) -> None:
    records = [record for page in source.changed_since(_SINCE, DEMO_CATEGORIES) for record in page]

    expected = [sample.paper for sample in day.papers if SourceName.OAI in sample.listed_by]
    assert sorted((record.paper for record in records), key=lambda paper: paper.id) == expected
    assert {record.changed_on for record in records} == {SAMPLE_DAY}


def test_what_the_harvest_lacks_can_be_fetched_by_name(source: ArxivSource, day: SampleDay) -> None:
    (omitted,) = [sample for sample in day.papers if SourceName.OAI not in sample.listed_by]

    record = source.record(omitted.paper.id)

    assert record is not None
    assert record.paper == omitted.paper


def test_the_feed_lists_the_day_but_for_its_omission(source: ArxivSource, day: SampleDay) -> None:
    feed = source.feed(DEMO_CATEGORIES)

    expected = {sample.paper.id for sample in day.papers if SourceName.FEED in sample.listed_by}
    assert feed.day == SAMPLE_DAY
    assert {entry.paper_id for entry in feed.entries} == expected
    assert {entry.announce_type for entry in feed.entries} == {"new", "replace"}


def test_a_withdrawn_paper_has_no_pdf(source: ArxivSource, day: SampleDay) -> None:
    (withdrawn,) = [sample.paper for sample in day.papers if sample.announce is EventKind.WITHDRAWN]

    with pytest.raises(SourceError) as raised:
        source.pdf(withdrawn.id, withdrawn.latest_version)

    assert raised.value.permanent


def test_a_search_finds_a_paper_by_its_title(settings: ArxivSettings, tmp_path: Path, day: SampleDay) -> None:
    paper = day.papers[-1].paper

    (found, *others) = open_lookup(settings, tmp_path).find(f'ti:"{paper.title}"')

    assert others == []
    assert (found.id, found.title) == (paper.id, paper.title)
    assert (found.authors, found.abstract) == (paper.authors, paper.abstract)


@pytest.mark.parametrize(
    "failure, error",
    [
        ("status", SourceUnavailableError),
        ("rate_exceeded", SourceFormatError),
        ("cut_off", SourceFormatError),
    ],
)
def test_a_spoilt_answer_is_an_error_and_never_an_empty_day(
    arxiv: LoopbackArxiv, source: ArxivSource, failure: str, error: type[SourceError]
) -> None:
    arxiv.fail("oai", failure, times=None)
    arxiv.fail("feed", failure, times=None)

    with pytest.raises(error):
        list(source.changed_since(_SINCE, ["cs.IR"]))
    with pytest.raises(error):
        source.feed(["cs.IR"])


def test_the_harvest_keeps_to_one_request_at_a_time(arxiv: LoopbackArxiv, source: ArxivSource) -> None:
    list(source.changed_since(_SINCE, DEMO_CATEGORIES))

    assert arxiv.busiest == 1
    assert all("test@example.org" in seen.user_agent for seen in arxiv.requests)
