from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.digest import DayState, LedgerReason
from pipeline.ledger import DayFacts, day_state, ledger_lines, must_wait
from pipeline.paper import FetchState, Listing, SourceFetch, SourceName

DAY = date(2026, 11, 17)
NIGHT = datetime(2026, 11, 17, 4, tzinfo=UTC)
DAWN = datetime(2026, 11, 17, 11, tzinfo=UTC)
OAI, FEED = SourceName.OAI, SourceName.FEED


def listing(paper_id: str, source: SourceName, version: int = 1, announce_type: str = "new") -> Listing:
    return Listing(DAY, source, "cs.IR", paper_id, version, announce_type)


def fetched(source: SourceName, state: FetchState, reason: str = "") -> SourceFetch:
    return SourceFetch(DAY, source, state, 1, NIGHT, reason)


def facts(*listings: Listing, feed: FetchState = FetchState.OK, oai: FetchState = FetchState.OK) -> DayFacts:
    return DayFacts(
        day=DAY,
        is_expected=True,
        listings=listings,
        fetches={OAI: fetched(OAI, oai, "why"), FEED: fetched(FEED, feed, "why")},
        stored=frozenset(line.paper_id for line in listings),
    )


BOTH = (listing("1", OAI), listing("1", FEED))


@pytest.mark.parametrize(
    "known,state",
    [
        (facts(*BOTH), DayState.COMPLETE),
        (facts(*BOTH, feed=FetchState.GONE), DayState.COMPLETE),
        (facts(*BOTH, feed=FetchState.STALE), DayState.UNCHECKED),
        (facts(*BOTH, feed=FetchState.FAILED), DayState.UNCHECKED),
        (facts(listing("1", FEED)), DayState.AWAITING),
        (facts(oai=FetchState.EMPTY), DayState.AWAITING),
        (facts(*BOTH, oai=FetchState.FAILED), DayState.AWAITING),
        (replace(facts(), fetches={}), DayState.AWAITING),
        (replace(facts(), is_expected=False), DayState.NO_ANNOUNCEMENT),
    ],
)
def test_a_day_is_what_its_sources_make_of_it(known: DayFacts, state: DayState) -> None:
    assert day_state(known)[0] is state


def test_a_complete_day_does_not_wait() -> None:
    assert must_wait(facts(*BOTH), NIGHT, DAWN) == ""


def test_an_unconfirmed_day_waits_until_dawn() -> None:
    known = facts(*BOTH, feed=FetchState.STALE)

    assert must_wait(known, NIGHT, DAWN) == "the feed could not confirm the day: why"
    assert must_wait(known, DAWN, DAWN) == ""


def test_an_empty_day_waits_for_ever() -> None:
    assert must_wait(facts(oai=FetchState.EMPTY), DAWN, DAWN) == "OAI-PMH lists nothing for this day yet"


def test_a_paper_that_could_not_be_stored_is_missing_with_its_reason() -> None:
    known = replace(facts(*BOTH, listing("2", FEED)), stored=frozenset({"1"}))

    (line,) = ledger_lines(known)

    assert (line.listed, line.stored, line.missing) == (2, 1, 1)
    assert line.reasons == (
        LedgerReason("2", "missing: the feed lists it, but OAI-PMH does not know it yet; asked again by the next run"),
    )


def test_a_replacement_that_the_feed_leaves_out_by_its_own_rule_is_no_difference() -> None:
    known = facts(*BOTH, listing("2", OAI, version=6, announce_type="replace"))

    assert ledger_lines(known)[0].reasons == ()


def test_a_missing_cross_check_accuses_nobody() -> None:
    (line,) = ledger_lines(facts(listing("1", OAI), feed=FetchState.STALE))

    assert line.reasons == ()


def test_a_paper_that_was_not_read_says_why() -> None:
    known = replace(facts(*BOTH), unread={"1": "read: encrypted: needs a password"})

    assert ledger_lines(known)[0].reasons == (LedgerReason("1", "read: encrypted: needs a password"),)
