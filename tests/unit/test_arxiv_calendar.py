"""The announcement calendar: weekends, deferrals, and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arxiv_source.calendar import Calendar, load_calendar

PLAIN = Calendar()
THANKSGIVING = Calendar(frozenset({date(2026, 11, 26)}))


@pytest.mark.parametrize(
    "day,expected",
    [
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 11, 23), True),
        (date(2026, 11, 27), True),  # Friday
        (date(2026, 11, 28), False),  # Saturday
    ],
)
def test_listings_are_dated_monday_to_friday(day: date, expected: bool) -> None:
    assert PLAIN.is_expected(day) is expected


def test_a_deferred_evening_takes_away_the_next_days_listing() -> None:
    assert THANKSGIVING.is_expected(date(2026, 11, 26))
    assert not THANKSGIVING.is_expected(date(2026, 11, 27))


@pytest.mark.parametrize(
    "day,announced",
    [
        (date(2026, 7, 15), datetime(2026, 7, 15, 0, tzinfo=UTC)),
        (date(2026, 11, 24), datetime(2026, 11, 24, 1, tzinfo=UTC)),
        (date(2026, 11, 23), datetime(2026, 11, 23, 1, tzinfo=UTC)),  # announced on Sunday
    ],
)
def test_a_day_is_announced_at_eight_in_the_evening_before(day: date, announced: datetime) -> None:
    assert PLAIN.announced_at(day) == announced


@pytest.mark.parametrize(
    "day,announced",
    [
        (date(2026, 3, 6), datetime(2026, 3, 6, 1, tzinfo=UTC)),  # Thursday 5 March, still EST
        (date(2026, 3, 9), datetime(2026, 3, 9, 0, tzinfo=UTC)),  # Sunday 8 March, EDT since 02:00
        (date(2026, 10, 30), datetime(2026, 10, 30, 0, tzinfo=UTC)),  # Thursday 29 October, still EDT
        (date(2026, 11, 2), datetime(2026, 11, 2, 1, tzinfo=UTC)),  # Sunday 1 November, EST since 02:00
    ],
)
def test_eight_in_the_evening_follows_the_clock_of_new_york(day: date, announced: datetime) -> None:
    assert PLAIN.announced_at(day) == announced
    assert PLAIN.latest_day(announced) == day
    assert PLAIN.latest_day(announced - timedelta(seconds=1)) < day


@pytest.mark.parametrize(
    "now,latest",
    [
        (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 1, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), date(2026, 11, 27)),  # Saturday
        (datetime(2026, 11, 28, 2, 0, tzinfo=UTC), date(2026, 11, 27)),  # Friday 21:00: nothing new
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), date(2026, 11, 27)),  # Sunday 18:00
        (datetime(2026, 11, 30, 1, 0, tzinfo=UTC), date(2026, 11, 30)),  # Sunday 20:00
    ],
)
def test_the_latest_day_is_the_newest_one_announced(now: datetime, latest: date) -> None:
    assert PLAIN.latest_day(now) == latest


def test_the_latest_day_passes_over_a_deferral() -> None:
    assert THANKSGIVING.latest_day(datetime(2026, 11, 27, 12, tzinfo=UTC)) == date(2026, 11, 26)


def test_days_between_are_the_expected_ones_with_both_ends() -> None:
    found = THANKSGIVING.days_between(date(2026, 11, 25), date(2026, 12, 1))

    assert found == (date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 1))


def test_no_days_lie_between_a_day_and_an_earlier_one() -> None:
    assert PLAIN.days_between(date(2026, 11, 25), date(2026, 11, 24)) == ()


@pytest.mark.parametrize(
    "stamp,day",
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 28), date(2026, 11, 27)),  # touched on Saturday
        (date(2026, 11, 29), date(2026, 11, 27)),  # touched on Sunday
        (datetime(2026, 11, 24, 0, 30, tzinfo=UTC), date(2026, 11, 23)),  # a moment before the announcement
        (datetime(2026, 11, 24, 1, 30, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_a_datestamp_belongs_to_the_latest_listing_not_after_it(stamp: date, day: date) -> None:
    assert PLAIN.day_of(stamp) == day


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_every_expected_day_is_the_latest_from_its_announcement_on(day: date) -> None:
    if not PLAIN.is_expected(day):
        return

    announced = PLAIN.announced_at(day)

    assert PLAIN.latest_day(announced) == day
    assert PLAIN.latest_day(announced - timedelta(seconds=1)) < day


def test_the_deferrals_known_for_2026_come_with_the_package() -> None:
    calendar = load_calendar()

    late = calendar.days_between(date(2026, 11, 25), date(2027, 1, 4))

    assert {date(2026, 11, 27), date(2026, 12, 30), date(2027, 1, 1)}.isdisjoint(late)
    assert {date(2026, 11, 26), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 4)} <= set(late)
