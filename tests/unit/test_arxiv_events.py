"""What happened to a paper, from what is known, what the record says and what the feed says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.arxiv_source.calendar import Calendar
from pipeline.arxiv_source.events import Sighting, decide_event, sightings
from pipeline.paper import EventKind, Paper, PaperEvent, PaperVersion
from pipeline.ports import Feed, FeedEntry, SourceRecord

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
IR = ("cs.IR",)


def paper(*ages_days: int, categories: tuple[str, ...] = IR, withdrawn: bool = False) -> Paper:
    """A paper whose versions were submitted so many days before DAY, oldest first."""
    versions = tuple(
        PaperVersion(number, datetime(2026, 11, 24, 12, tzinfo=UTC) - timedelta(days=age))
        for number, age in enumerate(ages_days, 1)
    )
    return Paper("2611.01234", "T", ("A. B",), "X.", categories, versions, is_withdrawn=withdrawn)


def kind(found: Paper, *, known: Paper | None = None, word: str = "", patterns: tuple[str, ...] = IR) -> str | None:
    event = decide_event(known, Sighting(SourceRecord(found, DAY), DAY, word, NOW), patterns)
    return event.kind if event else None


def test_an_event_names_the_version_the_day_and_when_it_was_seen() -> None:
    sighting = Sighting(SourceRecord(paper(40, 1), DAY), DAY, "replace", NOW)

    assert decide_event(None, sighting, IR) == PaperEvent("2611.01234", 2, EventKind.REPLACE, DAY, NOW)


@pytest.mark.parametrize("age", [1, 24, 60])
def test_a_first_sight_submitted_within_sixty_days_is_new_however_long_it_was_moderated(age: int) -> None:
    assert kind(paper(age)) == EventKind.NEW


def test_a_first_sight_from_another_primary_category_is_a_cross_list() -> None:
    assert kind(paper(1, categories=("stat.ML", "cs.IR"))) == EventKind.CROSS


def test_patterns_choose_whole_archives() -> None:
    assert kind(paper(1, categories=("cs.DL", "stat.ML")), patterns=("cs.*",)) == EventKind.NEW


def test_an_old_paper_that_no_feed_lists_is_only_touched() -> None:
    assert kind(paper(61)) == EventKind.META


def test_the_feed_says_when_an_old_paper_is_cross_listed() -> None:
    assert kind(paper(900, categories=("stat.ML", "cs.IR")), word="cross") == EventKind.CROSS


def test_the_feed_says_new_even_after_the_longest_moderation() -> None:
    assert kind(paper(95), word="new") == EventKind.NEW


@pytest.mark.parametrize("word", ["replace", "replace-cross"])
def test_the_feed_says_replace_even_for_a_young_paper(word: str) -> None:
    assert kind(paper(10, 1), word=word) == EventKind.REPLACE


def test_an_unlisted_second_version_of_an_older_paper_is_a_replacement() -> None:
    assert kind(paper(40, 1)) == EventKind.REPLACE
    assert kind(paper(900, 400, 1)) == EventKind.REPLACE


def test_an_unlisted_second_version_of_a_very_young_paper_is_new_because_its_first_was_missed() -> None:
    assert kind(paper(5, 1)) == EventKind.NEW


@pytest.mark.parametrize("word", ["", "replace", "new"])
def test_a_withdrawn_paper_is_never_new(word: str) -> None:
    assert kind(paper(5, 1, withdrawn=True), word=word) == EventKind.WITHDRAWN


def test_a_greater_version_is_a_replacement_whatever_the_feed_says() -> None:
    assert kind(paper(9, 1), known=paper(9), word="new") == EventKind.REPLACE


def test_a_greater_version_that_is_withdrawn_is_a_withdrawal() -> None:
    assert kind(paper(9, 1, withdrawn=True), known=paper(9)) == EventKind.WITHDRAWN


def test_a_withdrawal_without_a_new_version_is_one_too() -> None:
    assert kind(paper(9, withdrawn=True), known=paper(9)) == EventKind.WITHDRAWN


def test_a_withdrawn_paper_that_is_touched_is_not_withdrawn_again() -> None:
    known = paper(9, 1, withdrawn=True)

    assert kind(known, known=known) is None
    assert kind(replace(known, doi="10.1/x"), known=known) == EventKind.META


def test_a_changed_record_of_the_same_version_is_meta() -> None:
    assert kind(replace(paper(9), journal_ref="J. Post 3"), known=paper(9)) == EventKind.META


def test_a_record_that_says_the_same_again_is_nothing() -> None:
    assert kind(paper(9), known=paper(9)) is None


def test_a_stale_copy_is_nothing() -> None:
    assert kind(paper(9), known=paper(9, 1)) is None


def test_a_paper_outside_the_chosen_categories_is_nothing() -> None:
    assert kind(paper(1, categories=("math.AG",))) is None


def test_a_paper_without_history_is_new() -> None:
    assert kind(replace(paper(), versions=())) == EventKind.NEW


def feed(*entries: FeedEntry, day: date = DAY) -> Feed:
    return Feed(day, entries)


def test_a_listed_paper_belongs_to_the_feeds_day_with_the_feeds_word() -> None:
    record = SourceRecord(paper(3), date(2026, 11, 26))

    found = sightings([record], feed(FeedEntry("2611.01234", 1, "new", IR)), Calendar(), NOW)

    assert found == [Sighting(record, DAY, "new", NOW)]


@pytest.mark.parametrize("listed", [None, Feed(DAY, ())])
def test_an_unlisted_paper_belongs_to_the_day_of_its_datestamp(listed: Feed | None) -> None:
    record = SourceRecord(paper(3), date(2026, 11, 22))  # a Sunday

    assert sightings([record], listed, Calendar(), NOW) == [Sighting(record, date(2026, 11, 20), "", NOW)]


def test_the_feeds_word_for_a_version_the_record_has_not_reached_does_not_count() -> None:
    record = SourceRecord(paper(90), DAY)

    found = sightings([record], feed(FeedEntry("2611.01234", 2, "replace", IR)), Calendar(), NOW)

    assert found == [Sighting(record, DAY, "", NOW)]
