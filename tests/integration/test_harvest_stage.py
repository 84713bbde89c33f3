"""The harvest over a loopback arXiv: what is stored, what the ledger says, and when a day must wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from flows.steps import harvest_request
from flows.wiring import Parts
from pipeline.digest import DayState
from pipeline.errors import SourceFormatError, SourceUnavailableError
from pipeline.ledger import day_facts, day_state, ledger_lines
from pipeline.paper import EventKind, FetchState, SourceName
from pipeline.ports import Feed, PaperSource, SourceRecord
from pipeline.stages import HarvestReport, chunk_papers, harvest_day
from tests.fakes.papers import make_sample, make_version, print_sample
from tests.fakes.parts import DAY, MORNING, make_settings, open_test_parts

BEFORE_DAWN = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)  # 23:00 US Eastern of the evening before
NEXT_DAY = date(2026, 11, 18)
BOTH = make_sample("2611.00001")
CROSS = make_sample("2611.00002", categories=("math.CO", "cs.CL"))
NOT_IN_FEED = make_sample("2611.00003", listed_by=[SourceName.OAI])
NOT_IN_OAI = make_sample("2611.00004", listed_by=[SourceName.FEED])
HELD = make_sample("2610.00009", versions=(make_version(1, datetime(2026, 10, 19, tzinfo=UTC)),))
REPLACED = make_sample(
    "2609.00005", EventKind.REPLACE, versions=(make_version(1, datetime(2026, 9, 3, tzinfo=UTC)), make_version(2))
)
WITHDRAWN = make_sample(
    "2610.00006",
    EventKind.WITHDRAWN,
    is_withdrawn=True,
    comment="This paper has been withdrawn by the authors",
    versions=(make_version(1, datetime(2026, 10, 3, tzinfo=UTC)), make_version(2)),
)
OTHER_FIELD = make_sample("2611.00007", categories=("hep-th",))
SAMPLE = SampleDay(DAY, (BOTH, CROSS, NOT_IN_FEED, NOT_IN_OAI, HELD, REPLACED, WITHDRAWN, OTHER_FIELD))
TOMORROW = SampleDay(NEXT_DAY, (make_sample("2611.00021"),))


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([SAMPLE, TOMORROW], print_sample, at=DAY, page_size=3) as server:
        yield server


def harvest(
    arxiv: LoopbackArxiv, home: Path, day: date = DAY, now: datetime = MORNING, since: date | None = None
) -> HarvestReport:
    with open_test_parts(make_settings(home, arxiv.url), now) as parts:
        return harvest_day(parts.context, parts.source, harvest_request(parts, day, since))


@pytest.fixture
def parts(arxiv: LoopbackArxiv, tmp_path: Path) -> Iterator[Parts]:
    """The same home, for looking."""
    with open_test_parts(make_settings(tmp_path, arxiv.url)) as opened:
        yield opened


def reasons(parts: Parts, day: date = DAY) -> dict[str, str]:
    with parts.store.read() as work:
        lines = ledger_lines(day_facts(work, day))
    return {reason.paper_id: reason.text for line in lines for reason in line.reasons}


def test_every_paper_of_the_day_becomes_the_event_it_is(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    report = harvest(arxiv, tmp_path)

    with parts.store.read() as work:
        events = {event.paper_id: (event.kind, event.version) for event in work.papers.events_on(DAY)}
    assert events == {
        "2611.00001": (EventKind.NEW, 1),
        "2611.00002": (EventKind.CROSS, 1),
        "2611.00003": (EventKind.NEW, 1),
        "2611.00004": (EventKind.NEW, 1),
        "2610.00009": (EventKind.NEW, 1),
        "2609.00005": (EventKind.REPLACE, 2),
        "2610.00006": (EventKind.WITHDRAWN, 2),
    }
    assert (report.new_events, report.wait_for) == (7, "")


def test_an_omission_in_either_source_is_named(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    harvest(arxiv, tmp_path)

    assert reasons(parts) == {
        "2611.00003": "left out by the feed; found through OAI-PMH",
        "2611.00004": "left out by OAI-PMH's list; found through the feed and fetched by itself",
    }


def test_an_omission_that_oai_heals_disappears_with_the_next_run(
    arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts
) -> None:
    harvest(arxiv, tmp_path)
    arxiv.heal()

    report = harvest(arxiv, tmp_path)

    assert report.new_events == 0
    assert list(reasons(parts)) == ["2611.00003"]


def test_the_ledger_counts_each_category(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    harvest(arxiv, tmp_path)

    with parts.store.read() as work:
        lines = ledger_lines(day_facts(work, DAY))
    assert [(line.category, line.listed, line.stored, line.missing) for line in lines] == [
        ("cs.CL", 1, 1, 0),
        ("cs.IR", 6, 6, 0),
    ]


def test_a_second_harvest_finds_nothing_new(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    harvest(arxiv, tmp_path)

    assert harvest(arxiv, tmp_path).new_events == 0


def test_an_empty_day_is_awaited_for_as_long_as_it_takes(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    arxiv.fail("oai", "empty", times=9)
    arxiv.fail("feed", "stale", times=9)

    report = harvest(arxiv, tmp_path)

    assert report.wait_for == "OAI-PMH lists nothing for this day yet"


def test_a_stale_feed_is_waited_for_until_dawn(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    arxiv.fail("feed", "stale", times=2)

    before = harvest(arxiv, tmp_path, now=BEFORE_DAWN)
    after = harvest(arxiv, tmp_path, now=MORNING)

    assert before.wait_for == "the feed could not confirm the day: it still shows Monday 16 November"
    assert after.wait_for == ""
    with parts.store.read() as work:
        assert day_state(day_facts(work, DAY))[0] is DayState.UNCHECKED


def test_a_feed_that_fails_costs_only_the_cross_check(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    arxiv.fail("feed", "rate_exceeded", times=9)

    report = harvest(arxiv, tmp_path)

    assert report.new_events == 6
    with parts.store.read() as work:
        assert work.days.fetches_on(DAY)[SourceName.FEED].state is FetchState.FAILED


@pytest.mark.parametrize("trouble", ["rate_exceeded", "cut_off"])
def test_a_broken_answer_is_an_error_and_stores_no_paper(
    arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts, trouble: str
) -> None:
    arxiv.fail("oai", trouble, times=9)

    with pytest.raises(SourceFormatError):
        harvest(arxiv, tmp_path)

    with parts.store.read() as work:
        assert work.papers.count() == 0
        assert work.days.fetches_on(DAY)[SourceName.OAI].state is FetchState.FAILED


@dataclass
class OnePageThenSilence:
    """arXiv, whose line breaks after the first page."""

    real: PaperSource

    def changed_since(self, since: date, categories: Sequence[str]) -> Iterator[list[SourceRecord]]:
        yield next(self.real.changed_since(since, categories))
        raise SourceUnavailableError("the line broke")

    def record(self, paper_id: str) -> SourceRecord | None:
        return self.real.record(paper_id)

    def feed(self, categories: Sequence[str]) -> Feed:
        return self.real.feed(categories)

    def pdf(self, paper_id: str, version: int) -> bytes:
        return self.real.pdf(paper_id, version)


def test_a_page_that_fails_in_the_middle_leaves_nothing_half_stored(parts: Parts) -> None:
    source = OnePageThenSilence(parts.source)

    with pytest.raises(SourceUnavailableError, match="the line broke"):
        harvest_day(parts.context, source, harvest_request(parts, DAY))

    with parts.store.read() as work:
        assert work.papers.count() == 0
        assert work.days.watermark(("cs.IR", "cs.CL")) is None


def test_a_missed_day_is_caught_up_by_the_next_run(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    arxiv.at = date(2026, 11, 16)
    harvest(arxiv, tmp_path, day=arxiv.at, now=MORNING - timedelta(days=1))
    arxiv.at = NEXT_DAY

    harvest(arxiv, tmp_path, day=NEXT_DAY, now=MORNING + timedelta(days=1))

    with parts.store.read() as work:
        assert len(work.papers.events_on(DAY)) == 6
        assert [event.paper_id for event in work.papers.events_on(NEXT_DAY)] == ["2611.00021"]


@dataclass
class UnknownAtFirst:
    """arXiv, where GetRecord does not know a paper yet."""

    real: PaperSource
    unknown: str

    def changed_since(self, since: date, categories: Sequence[str]) -> Iterator[list[SourceRecord]]:
        return self.real.changed_since(since, categories)

    def record(self, paper_id: str) -> SourceRecord | None:
        return None if paper_id == self.unknown else self.real.record(paper_id)

    def feed(self, categories: Sequence[str]) -> Feed:
        return self.real.feed(categories)

    def pdf(self, paper_id: str, version: int) -> bytes:
        return self.real.pdf(paper_id, version)


def test_a_paper_that_oai_learns_of_later_is_asked_for_again(
    arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts
) -> None:
    source = UnknownAtFirst(parts.source, "2611.00004")
    night = open_test_parts(make_settings(tmp_path, arxiv.url), BEFORE_DAWN)
    with night as early:
        report = harvest_day(early.context, source, harvest_request(early, DAY))
    assert report.wait_for == "OAI-PMH does not know 1 of the papers that the feed lists yet"
    assert reasons(parts)["2611.00004"].startswith("missing: the feed lists it")
    arxiv.at = NEXT_DAY

    harvest(arxiv, tmp_path, day=NEXT_DAY, now=MORNING + timedelta(days=1))

    assert reasons(parts)["2611.00004"].startswith("left out by OAI-PMH's list")


def test_a_changed_abstract_is_cut_into_passages_again(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    harvest(arxiv, tmp_path)
    chunk_papers(parts.context)
    changed = SampleDay(DAY, (make_sample("2611.00001", abstract="It says something else now."),))

    with LoopbackArxiv([changed], print_sample) as server:
        harvest(server, tmp_path)
    chunk_papers(parts.context)

    with parts.store.read() as work:
        assert [chunk.text for chunk in work.reading.chunks_of(["2611.00001"])] == ["It says something else now."]


def test_the_first_harvest_does_not_reach_behind_its_day(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    arxiv.at = NEXT_DAY

    for _ in range(2):
        harvest(arxiv, tmp_path, day=NEXT_DAY, now=MORNING + timedelta(days=1))

    with parts.store.read() as work:
        assert work.papers.events_on(DAY) == []


def test_a_backfill_reaches_back_to_its_first_day(arxiv: LoopbackArxiv, tmp_path: Path, parts: Parts) -> None:
    arxiv.at = NEXT_DAY
    harvest(arxiv, tmp_path, day=NEXT_DAY, now=MORNING + timedelta(days=1))

    harvest(arxiv, tmp_path, day=NEXT_DAY, now=MORNING + timedelta(days=1), since=DAY)

    with parts.store.read() as work:
        assert len(work.papers.events_on(DAY)) == 6
        assert day_state(day_facts(work, DAY))[0] is DayState.COMPLETE


def test_an_unreachable_arxiv_is_one_clear_error(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "http://127.0.0.1:9", attempts=1)

    with open_test_parts(settings) as parts, pytest.raises(SourceUnavailableError, match=r"127\.0\.0\.1:9"):
        harvest_day(parts.context, parts.source, harvest_request(parts, DAY))
