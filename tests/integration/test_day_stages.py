"""Days run through the real stages over a loopback arXiv, with a quick encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import PdfQuirk, SampleDay
from flows.digests import compose_now, mail_state
from flows.steps import DayReport, newest_day, run_day
from flows.wiring import Parts
from pipeline.digest import DayState, OutboxState
from pipeline.errors import DeliveryUnknownError, MailError
from pipeline.paper import EventKind
from pipeline.reading import OutcomeState, Stage
from pipeline.stages import Sender, SendReport, rank_subscribers, send_outbox
from tests.fakes.papers import make_sample, make_version, print_sample
from tests.fakes.parts import DAY, MORNING, make_settings, open_test_parts, subscribe

NEXT_DAY = date(2026, 11, 18)
LATE = make_sample("2610.00009", versions=(make_version(1, datetime(2026, 10, 19, tzinfo=UTC)),))
FIRST = SampleDay(DAY, (make_sample("2611.00001"), make_sample("2611.00002", pdf=PdfQuirk.NONE), LATE))
REPLACED = make_sample(
    "2611.00001", EventKind.REPLACE, title="A study numbered again", versions=(make_version(1), make_version(2))
)
WITHDRAWN = make_sample(
    "2610.00009",
    EventKind.WITHDRAWN,
    is_withdrawn=True,
    comment="This paper has been withdrawn",
    versions=(make_version(1, datetime(2026, 10, 19, tzinfo=UTC)), make_version(2)),
)
SECOND = SampleDay(NEXT_DAY, (make_sample("2611.00021"), REPLACED, WITHDRAWN))


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([FIRST, SECOND], print_sample, at=DAY) as server:
        yield server


@pytest.fixture
def parts(arxiv: LoopbackArxiv, tmp_path: Path) -> Iterator[Parts]:
    with open_test_parts(make_settings(tmp_path, arxiv.url)) as opened:
        yield opened


def run_next_day(arxiv: LoopbackArxiv, home: Path) -> DayReport:
    arxiv.at = NEXT_DAY
    with open_test_parts(make_settings(home, arxiv.url), MORNING + timedelta(days=1)) as parts:
        return run_day(parts)


def sent_papers(parts: Parts, day: date) -> list[str]:
    with parts.store.read() as work:
        return [paper for entry in work.issues.outbox_of(day) for paper in work.issues.items_of(entry.issue_id)]


def test_a_day_ends_with_a_mail_for_each_reader(parts: Parts) -> None:
    subscribe(parts, "a@example.org")
    subscribe(parts, "b@example.org", "something that nobody has ever studied")

    report = run_day(parts)

    assert (report.day, report.state, report.papers) == (DAY, DayState.COMPLETE, 3)
    assert [digest.mail.email for digest in report.digests] == ["a@example.org"]
    assert set(sent_papers(parts, DAY)) == {"2611.00001", "2611.00002", "2610.00009"}


def test_a_paper_without_a_pdf_is_offered_by_its_abstract_and_says_why(parts: Parts) -> None:
    run_day(parts)

    with parts.store.read() as work:
        states = {o.stage: (o.state, "404" in o.reason) for o in work.reading.outcomes_of(["2611.00002"])}
        chunks = [chunk.section for chunk in work.reading.chunks_of(["2611.00002"])]
    assert states[Stage.DOWNLOAD] == (OutcomeState.FAILED, True)
    assert chunks == ["Abstract"]


def test_nothing_is_sent_to_a_reader_twice(arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path) -> None:
    subscribe(parts)
    run_day(parts)

    run_next_day(arxiv, tmp_path)

    assert sent_papers(parts, NEXT_DAY) == ["2611.00021"]


def test_a_replacement_is_read_again(arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path) -> None:
    run_day(parts)

    run_next_day(arxiv, tmp_path)

    with parts.store.read() as work:
        assert {chunk.version for chunk in work.reading.chunks_of(["2611.00001"])} == {2}
    assert parts.search.search("2611.00001").hits[0].title == "A study numbered again"


def test_a_withdrawn_paper_is_never_recommended(arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path) -> None:
    run_day(parts)
    subscribe(parts)

    run_next_day(arxiv, tmp_path)

    with parts.store.read() as work:
        assert work.papers.get(["2610.00009"])["2610.00009"].is_withdrawn
    assert "2610.00009" not in sent_papers(parts, NEXT_DAY)


def test_a_reader_who_comes_later_gets_that_day_only(arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path) -> None:
    run_day(parts)
    subscribe(parts)

    run_next_day(arxiv, tmp_path)

    assert sent_papers(parts, NEXT_DAY) == ["2611.00021"]


def test_a_missed_day_comes_with_the_next_issue(parts: Parts, tmp_path: Path) -> None:
    subscribe(parts)
    run_day(parts)
    late = SampleDay(NEXT_DAY, (make_sample("2611.00031"),))
    thursday = SampleDay(date(2026, 11, 19), (make_sample("2611.00041"),))
    with LoopbackArxiv([FIRST, late, thursday], print_sample) as server:
        settings = make_settings(tmp_path, server.url)
        with open_test_parts(settings, MORNING + timedelta(days=2)) as after_a_day_off:
            run_day(after_a_day_off)

    assert set(sent_papers(parts, thursday.day)) == {"2611.00031", "2611.00041"}


def test_a_day_that_was_ranked_but_not_composed_comes_with_the_next(
    arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path
) -> None:
    run_day(parts)
    reader = subscribe(parts)
    rank_subscribers(parts.context, parts.rank_tools, DAY, [reader])

    run_next_day(arxiv, tmp_path)

    assert set(sent_papers(parts, NEXT_DAY)) == {"2611.00021", "2611.00001", "2611.00002"}


def test_a_reader_for_whom_nothing_was_good_enough_is_not_asked_again(
    arxiv: LoopbackArxiv, parts: Parts, tmp_path: Path
) -> None:
    subscribe(parts, "b@example.org", "something that nobody has ever studied")
    run_day(parts)
    again = run_day(parts)

    run_next_day(arxiv, tmp_path)

    assert set(again.done.values()) == {0}
    with parts.store.read() as work:
        assert len(work.issues.ranking(1, DAY)) == 3


def test_better_words_decide_an_empty_issue_again(parts: Parts) -> None:
    subscribe(parts, "b@example.org", "something that nobody has ever studied")
    run_day(parts)
    assert sent_papers(parts, DAY) == []

    subscribe(parts, "b@example.org")
    issue, _ = compose_now(parts, "b@example.org", DAY, is_dry=False)

    assert [item.paper_id for item in issue.items] == sent_papers(parts, DAY)
    assert len(issue.items) == 3
    assert mail_state(parts, "b@example.org", DAY) == "sent"


def test_a_second_run_has_nothing_to_do(parts: Parts) -> None:
    subscribe(parts)
    run_day(parts)

    again = run_day(parts)

    assert set(again.done.values()) == {0}
    assert again.sending == SendReport()


def test_a_day_that_waits_is_read_but_not_mailed(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    arxiv.fail("feed", "stale", times=None)
    night = datetime(2026, 11, 17, 4, tzinfo=UTC)
    with open_test_parts(make_settings(tmp_path, arxiv.url), night) as parts:
        subscribe(parts)
        waiting = run_day(parts)

    assert (waiting.state, waiting.digests, waiting.pages.total) == (DayState.UNCHECKED, (), 2)
    assert waiting.waits_for == "the feed could not confirm the day: it still shows Monday 16 November"


def test_before_oai_publishes_a_listing_the_one_before_is_the_newest(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, arxiv.url)
    announced = datetime(2026, 11, 17, 1, tzinfo=UTC)  # Monday, 20:00 US Eastern
    for after, day in ((timedelta(hours=2), date(2026, 11, 16)), (timedelta(hours=2, minutes=45), DAY)):
        with open_test_parts(settings, announced + after) as parts:
            assert newest_day(parts) == day


def test_a_vector_file_that_was_deleted_is_made_anew(parts: Parts) -> None:
    run_day(parts)
    (lost,) = parts.home.vectors.rglob("*.npy")
    kept = lost.read_bytes()
    lost.unlink()

    again = run_day(parts)

    assert again.done["embed"] > 0
    assert lost.read_bytes() == kept


@dataclass
class FlakyTransport:
    """Takes messages until it is told to fail; remembers what it took."""

    errors: list[MailError | None] = field(default_factory=list)
    hands_over: bool = True
    taken: list[str] = field(default_factory=list)

    def send(self, message: EmailMessage, before_handover: Callable[[], None]) -> str:
        if self.hands_over:
            before_handover()
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.taken.append(str(message["To"]))
        return "250 queued"


def send(parts: Parts, transport: FlakyTransport, max_attempts: int = 2) -> SendReport:
    return send_outbox(parts.context, transport, Sender("test", max_attempts))


@pytest.fixture
def mailed(parts: Parts) -> Parts:
    """A home with one composed message that waits."""
    parts.__dict__["transport"] = FlakyTransport([MailError("busy", permanent=False)])
    subscribe(parts)
    run_day(parts)
    return parts


def state(parts: Parts) -> tuple[OutboxState, str]:
    with parts.store.read() as work:
        (entry,) = work.issues.outbox_of(DAY)
        return entry.state, entry.reason


def test_a_busy_server_is_tried_again_by_the_next_run(mailed: Parts) -> None:
    assert state(mailed) == (OutboxState.PENDING, "busy")

    assert send(mailed, FlakyTransport()) == SendReport(sent=1)


def test_a_message_refused_too_often_fails_for_good(mailed: Parts) -> None:
    report = send(mailed, FlakyTransport([MailError("still busy", permanent=False)]))

    assert report == SendReport(failed=1)
    assert state(mailed) == (OutboxState.FAILED, "still busy")


def test_an_address_that_does_not_exist_fails_at_once(mailed: Parts) -> None:
    assert send(mailed, FlakyTransport([MailError("550 no such user")]), max_attempts=9) == SendReport(failed=1)


def test_a_message_that_may_have_arrived_is_held_until_the_owner_speaks(mailed: Parts) -> None:
    assert send(mailed, FlakyTransport([DeliveryUnknownError("the line broke")])) == SendReport(held=1)
    assert send(mailed, FlakyTransport()) == SendReport(held=1)

    with mailed.store.begin() as work:
        work.issues.requeue(1)

    assert send(mailed, FlakyTransport()) == SendReport(sent=1)


def test_a_mail_whose_file_is_gone_fails_and_lets_the_others_through(mailed: Parts) -> None:
    subscribe(mailed, "second@example.org")
    run_day(mailed)
    with mailed.store.read() as work:
        first, second = work.issues.outbox_of(DAY)
    mailed.blobs.path(first.message_sha256).unlink()
    with mailed.store.begin() as work:
        for entry in (first, second):
            work.issues.finish(entry.id, OutboxState.PENDING)
    transport = FlakyTransport()

    report = send(mailed, transport)

    assert (report, transport.taken) == (SendReport(sent=1, failed=1), ["second@example.org"])


def test_who_unsubscribed_since_gets_no_mail(mailed: Parts) -> None:
    with mailed.store.begin() as work:
        work.subscribers.set_active(1, is_active=False)
    transport = FlakyTransport()

    assert send(mailed, transport) == SendReport()
    assert (transport.taken, state(mailed)) == ([], (OutboxState.FAILED, "unsubscribed before it was sent"))
