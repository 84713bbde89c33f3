from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.demo.archive import FEED_LIMIT, Archive
from flows.demo.sample import SampleDay
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, EventKind, SourceName
from tests.fakes.papers import make_sample, make_version

_MONDAY, _TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
_TWO_VERSIONS = (make_version(1), make_version(2, datetime(2026, 11, 16, 12, tzinfo=UTC)))


@pytest.fixture
def archive() -> Archive:
    monday = SampleDay(_MONDAY, (make_sample("2611.00001"), make_sample("2611.00002")))
    tuesday = SampleDay(
        _TUESDAY,
        (
            make_sample("2611.00001", EventKind.REPLACE, title="Better", versions=_TWO_VERSIONS),
            make_sample("2611.00003", categories=("stat.ML", "cs.IR")),
            make_sample("2611.00004", listed_by=[SourceName.OAI]),
            make_sample("2611.00005", listed_by=[SourceName.FEED]),
            make_sample("2611.00006", EventKind.META),
        ),
    )
    return Archive((monday, tuesday), _TUESDAY)


def _feed(archive: Archive, *asked: str) -> list[tuple[str, str]]:
    return [(line.sample.paper.id[-1], line.announce_type) for line in archive.feed(asked)]


def test_a_feed_lists_new_papers_before_crosses_before_replacements(archive: Archive) -> None:
    assert _feed(archive, "cs.IR") == [("5", "new"), ("3", "cross"), ("1", "replace")]


def test_the_same_paper_is_new_where_its_primary_category_is_asked_for(archive: Archive) -> None:
    assert _feed(archive, "stat.ML", "cs.IR") == [("3", "new"), ("5", "new"), ("1", "replace")]
    assert _feed(archive, "stat") == [("3", "new")]


def test_a_replacement_seen_from_another_category_is_a_replace_cross() -> None:
    sample = make_sample("2611.00001", EventKind.WITHDRAWN, categories=("cs.IR", "cs.DL"), versions=_TWO_VERSIONS)

    assert _feed(Archive((SampleDay(_TUESDAY, (sample,)),), _TUESDAY), "cs.DL") == [("1", "replace-cross")]


def test_a_sixth_version_is_not_in_the_feed() -> None:
    versions = tuple(make_version(number) for number in range(1, 7))
    sixth = make_sample("2611.00001", EventKind.REPLACE, versions=versions)
    fifth = make_sample("2611.00002", EventKind.REPLACE, versions=versions[:5])

    assert _feed(Archive((SampleDay(_TUESDAY, (sixth, fifth)),), _TUESDAY), "cs.IR") == [("2", "replace")]


def test_a_new_cross_listing_is_a_cross_even_at_home() -> None:
    sample = make_sample("2611.00001", EventKind.CROSS)

    assert _feed(Archive((SampleDay(_TUESDAY, (sample,)),), _TUESDAY), "cs.IR") == [("1", "cross")]


def test_a_feed_is_cut_at_two_thousand_lines() -> None:
    papers = tuple(make_sample(f"2611.{number:05}") for number in range(FEED_LIMIT + 7))

    assert len(Archive((SampleDay(_TUESDAY, papers),), _TUESDAY).feed(["cs"])) == 2000


def test_a_feed_of_something_that_is_no_category_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="'cs IR' is not a category"):
        archive.feed(["cs IR"])


def test_an_omission_in_oai_is_not_harvestable_until_it_heals_but_can_be_looked_up(archive: Archive) -> None:
    healed = replace(archive, has_healed=True)

    assert [record.sample.paper.id[-1] for record in archive.harvestable()] == ["2", "1", "3", "4", "6"]
    assert [record.sample.paper.id[-1] for record in healed.harvestable()] == ["2", "1", "3", "4", "5", "6"]
    assert archive.record("2611.00005") is not None


def test_a_replaced_paper_bears_the_day_of_its_last_change(archive: Archive) -> None:
    record = archive.record("2611.00001")

    assert record is not None
    assert (record.day, record.sample.paper.title) == (_TUESDAY, "Better")


def test_an_earlier_version_is_the_record_of_its_own_day(archive: Archive) -> None:
    first = archive.version(ArxivId("2611.00001", 1))
    newest = archive.version(ArxivId("2611.00001"))

    assert first is not None
    assert newest is not None
    assert (first.day, newest.day) == (_MONDAY, _TUESDAY)
    assert archive.version(ArxivId("2611.00001", 3)) is None
    assert archive.version(ArxivId("2611.09999")) is None


def test_what_is_announced_later_does_not_exist_yet(archive: Archive) -> None:
    monday = replace(archive, at=_MONDAY)

    assert monday.record("2611.00003") is None
    assert _feed(monday, "cs.IR") == [("1", "new"), ("2", "new")]


def test_the_day_before_is_the_listing_before_or_an_empty_weekday(archive: Archive) -> None:
    assert archive.day_before().at == _MONDAY
    assert archive.day_before().day_before().at == date(2026, 11, 13)  # the Friday before
    assert archive.day_before().day_before().listing() == ()


def test_its_clock_stands_at_a_quarter_to_eleven_on_the_evening_before(archive: Archive) -> None:
    assert archive.now == datetime(2026, 11, 17, 3, 45, tzinfo=UTC)
