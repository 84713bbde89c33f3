"""Erasing a reader leaves nothing of them in any table, file or cache, and everything of everybody else."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, insert, select

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from flows.profiles import topics_of
from flows.steps import run_day
from flows.takeaway import export_reader
from flows.wiring import Parts
from pipeline.author_papers import AuthorPapers
from pipeline.digest import OutboxState, Part, Ranked
from pipeline.erasure import Erasure, Premises, erase_reader
from pipeline.errors import NotFoundError, StoreError
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, RankRequest
from pipeline.profile_changes import with_interest_changed
from pipeline.stages import Sender, send_outbox
from pipeline.store import UnitOfWork
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Origin, Profile, Subscriber
from pipeline.tables import pair_scores
from tests.fakes.papers import make_sample, print_sample
from tests.fakes.parts import DAY, MORNING, make_settings, open_test_parts

GONE, STAYS = "quokka.reader@wombat.example", "steady@example.org"
# Found nowhere but in what these two readers said. The first of each was replaced later, and left its traces.
SAID_BY_GONE = ("xylograph", "zymurgy", "vuvuzela", "Quetzalina Jabberwock", "jabberwock_q_1", "Borogove")
SAID_BY_STAYS = ("palimpsest", "theodolite", "astrolabe", "Ignatius Peregrine", "peregrine_i_1", "Halcyon")
DAY_OF_THREE = SampleDay(DAY, tuple(make_sample(f"2611.0000{number}") for number in (1, 2, 3)))


def profile_of(words: tuple[str, ...]) -> Profile:
    interests = tuple(Interest(f"searching in long texts for {word}", seeds=("2611.00003",)) for word in words[:1])
    return Profile(interests, (f"medical {words[1]}",), tuple(words[-2:]), avoided_authors=words[3:4])


@dataclass(frozen=True, slots=True)
class Home:
    """A home after a day with both readers."""

    parts: Parts
    gone: Subscriber
    stays: Subscriber

    @property
    def root(self) -> Path:
        return self.parts.home.root

    @property
    def premises(self) -> Premises:
        return Premises(self.parts.store, self.parts.blobs, self.parts.home.outbox, self.parts.clock)

    def erase(self, email: str = GONE) -> Erasure:
        return erase_reader(self.premises, email, topics_of)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table that the database has, whatever the program knows of it."""
        engine = create_engine(self.parts.settings.database)
        found = MetaData()
        with engine.connect() as connection:
            found.reflect(connection)
            rows = {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in found.sorted_tables
            }
        engine.dispose()
        return rows

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home after a day with both readers, to be kept as it is, and the place where it was made: rows name paths."""
    kept, place = (tmp_path_factory.mktemp("erasure") / name for name in ("kept", "home"))
    with (
        LoopbackArxiv([DAY_OF_THREE], print_sample, at=DAY) as arxiv,
        open_test_parts(make_settings(place, arxiv.url)) as parts,
    ):
        parts.__dict__["ranker"] = TalkativeRanker()  # fills the cached property
        with parts.store.begin() as work:
            for email, words in ((GONE, SAID_BY_GONE), (STAYS, SAID_BY_STAYS)):
                work.subscribers.save(Subscriber(email, MORNING, profile_of(words)))
            work.authors.save("jabberwock_q_1", AuthorPapers("Q. Jabberwock", ("2611.00001",)), MORNING)
            work.authors.save("peregrine_i_1", AuthorPapers("I. Peregrine", ("2611.00002",)), MORNING)
        run_day(parts)
        with parts.store.begin() as work:
            say_more(work, GONE, SAID_BY_GONE[2])
            say_more(work, STAYS, SAID_BY_STAYS[2])
        cache_scores(parts)
    place.rename(kept)
    return kept, place


class TalkativeRanker:
    """Implements `pipeline.ports.Ranker`: recommends everything, and repeats what the reader said wherever it can."""

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        del candidates, archive
        return [
            [self._ranked(request, paper_id, place) for place, paper_id in enumerate(sorted(request.eligible), start=1)]
            for request in requests
        ]

    def _ranked(self, request: RankRequest, paper_id: str, place: int) -> Ranked:
        said = request.profile.interests[0].text
        parts = (Part("interest", 1.0, f"about {said}"), Part("negative", -1.0, request.profile.negatives[0]))
        return Ranked(paper_id, 1.0, 0.9, f"It is about {said}.", said, place=place, parts=parts, ranker="talkative")


def say_more(work: UnitOfWork, email: str, word: str) -> None:
    """Taps, and another interest in the place of the first."""
    taps = (("2611.00001", FeedbackKind.LIKE), ("2611.00002", FeedbackKind.DISLIKE))
    changed = Interest(f"searching in long texts for {word}")
    reader = work.subscribers.change(email, lambda known: with_interest_changed(known, "1", changed))
    work.subscribers.add_feedback(reader.id, [Feedback(paper, kind, MORNING, Origin.TAP) for paper, kind in taps])


@pytest.fixture
def home(folders: tuple[Path, Path]) -> Iterator[Home]:
    kept, place = folders
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place)
    with open_test_parts(make_settings(place, "http://127.0.0.1:9")) as parts:
        with parts.store.read() as work:
            gone, stays = work.subscribers.by_email(GONE), work.subscribers.by_email(STAYS)
        yield Home(parts, gone, stays)


def cache_scores(parts: Parts) -> None:
    """What the reranker made of both readers' topics, and of one that the first gave up."""
    words = (SAID_BY_GONE[0], SAID_BY_GONE[2], SAID_BY_STAYS[2])
    queries = [hashlib.sha256(f"searching in long texts for {word}".encode()).hexdigest() for word in words]
    common = {"scorer_key": "k", "paper_id": "2611.00001", "version": 1, "score": 0.5, "asked_on": DAY}
    engine = create_engine(parts.settings.database)
    with engine.begin() as connection:
        connection.execute(insert(pair_scores), [common | {"query_sha256": query} for query in queries])
    engine.dispose()


def found_in(texts: dict[str, str], marks: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, mark) for name, text in texts.items() for mark in marks if mark.lower() in text.lower()]


def as_text(home: Home) -> dict[str, str]:
    """Every table and every file as text, and the files' names."""
    tables = {name: repr(rows) for name, rows in home.rows().items()}
    return tables | {str(path): f"{path.name} {raw.decode('latin-1')}" for path, raw in home.files().items()}


MARKS = (*SAID_BY_GONE, "quokka", "wombat")


def test_nothing_of_an_erased_reader_is_in_any_table_or_file(home: Home) -> None:
    before = {mark for _, mark in found_in(as_text(home), MARKS)}

    erased = home.erase()

    assert before == set(MARKS)  # else there would have been nothing to find
    assert found_in(as_text(home), MARKS) == []
    assert all(home.gone.id not in {row.get("subscriber_id") for row in rows} for rows in home.rows().values())
    assert (erased.email, erased.files, erased.unsent, erased.in_doubt, erased.is_scrubbed) == (GONE, 4, 0, 0, True)


def test_an_export_holds_whatever_an_erasure_would_take(home: Home) -> None:
    document = export_reader(home.parts, GONE)

    with home.parts.store.read() as work:
        assert {name: len(rows) for name, rows in document["stored"].items()} == {
            name: len(rows) for name, rows in work.personal.rows(home.gone.id).items()
        }
    assert {mark for _, mark in found_in({"": json.dumps(document)}, MARKS)} == set(MARKS)
    assert found_in({"": json.dumps(document)}, (*SAID_BY_STAYS, STAYS)) == []
    mail = document["mails"][0]
    assert f"To: {GONE}" in mail["message"]["text"]
    assert mail["page"]["text"].startswith("<!DOCTYPE html>")


def test_an_export_tells_of_a_mail_whose_file_is_gone(home: Home) -> None:
    with home.parts.store.read() as work:
        home.parts.blobs.path(work.personal.mails(home.gone.id)[0].message_sha256).unlink()

    assert "cannot be read" in export_reader(home.parts, GONE)["mails"][0]["message"]["missing"]


def test_everything_of_everybody_else_is_still_there(home: Home) -> None:
    rows, files = home.rows(), home.files()
    with home.parts.store.read() as work:
        mine = work.personal.rows(home.stays.id)

    home.erase()

    kept = home.rows()
    lost = {name: [row for row in rows[name] if row not in kept[name]] for name in rows}
    with home.parts.store.read() as work:
        assert work.personal.rows(home.stays.id) == mine
    assert set(mine) >= {"subscribers", "interests", "followed_authors", "feedback", "rankings", "issues", "outbox"}
    assert {name for name, missing in lost.items() if missing} == {
        *mine,
        *("author_papers", "author_fetches", "pair_scores"),
    }
    assert [row["author"] for row in kept["author_papers"]] == ["peregrine_i_1"]
    gone_files = {path for path in files if path not in home.files()}
    assert {path.suffix for path in gone_files} == {"", ".eml", ".html"}
    assert found_in({str(path): files[path].decode("latin-1") for path in gone_files}, SAID_BY_STAYS) == []
    assert all(home.files()[path] == files[path] for path in set(files) - gone_files if ".db" not in path.name)


def test_scores_of_topics_that_others_ask_for_stay_cached(home: Home) -> None:
    home.erase()

    topic = f"searching in long texts for {SAID_BY_STAYS[2]}"
    assert [row["query_sha256"] for row in home.rows()["pair_scores"]] == [hashlib.sha256(topic.encode()).hexdigest()]


def test_no_blob_is_left_that_no_row_names(home: Home) -> None:
    home.erase()

    named = repr(home.rows())
    blobs = [path.parent.name + path.name for path in home.parts.blobs.files()]
    assert [sha256 for sha256 in blobs if sha256 not in named] == []
    assert len(blobs) >= len(DAY_OF_THREE.papers)


def test_what_a_killed_run_left_goes_as_well(home: Home) -> None:
    blobs, outbox = home.parts.blobs, home.parts.home.outbox
    mail = f"Message-ID: <1@x>\r\nTo: {GONE}\r\nSubject: x\r\n\r\nx".encode()
    others = f"Message-ID: <2@x>\r\nTo: not.{GONE}\r\nSubject: x\r\n\r\nx".encode()
    left = [blobs.path(blobs.put(mail)), blobs.path(blobs.put(b"<!doctype html><p>a digest"))]
    left += [outbox / ".tmp-a", outbox / "2026-11-16-quokka.reader-wombat.example-0a1b2c3d.html"]
    for path in left[2:]:
        path.write_bytes(mail)
    stays = [blobs.path(blobs.put(others)), blobs.path(blobs.put(f"%PDF- by {GONE}".encode())), outbox / "other.eml"]
    stays[2].write_bytes(others)

    home.erase()

    assert [path.exists() for path in left] == [False] * 4
    assert [path.exists() for path in stays] == [True] * 3


def test_a_mail_that_waits_is_never_sent_and_that_is_told(home: Home) -> None:
    claim(home, OutboxState.PENDING, None)

    erased = home.erase()

    assert erased.unsent == 1
    assert home.rows()["outbox"][0]["issue_id"] in {row["id"] for row in home.rows()["issues"]}


def test_nobody_is_erased_while_a_mail_to_them_is_being_sent(home: Home) -> None:
    claim(home, OutboxState.SENDING, MORNING - timedelta(minutes=14))
    before = home.rows()

    with pytest.raises(StoreError, match=r"taken to be sent at 12:46 UTC .*Try again after 13:01 UTC"):
        home.erase()

    assert home.rows() == before


def test_a_mail_whose_sender_died_long_ago_is_told_of(home: Home) -> None:
    claim(home, OutboxState.SENDING, MORNING - timedelta(minutes=15))

    assert home.erase().in_doubt == 1


class ErasingTransport:
    """Implements `pipeline.ports.MailTransport`; while it sends a mail, somebody erases both readers."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.sent: list[str] = []
        self.refused: list[str] = []

    def send(self, message: EmailMessage, before_handover: Callable[[], None]) -> str:
        before_handover()
        for email in (GONE, STAYS):
            try:
                self._home.erase(email)
            except StoreError:
                self.refused.append(email)
        self.sent.append(str(message["To"]))
        return "250 OK"


def test_a_mail_on_its_way_arrives_and_is_noted_and_one_that_waited_is_not_sent_after(home: Home) -> None:
    claim(home, OutboxState.PENDING, None)
    claim(home, OutboxState.PENDING, None, of=home.stays)
    transport = ErasingTransport(home)

    send_outbox(home.parts.context, transport, Sender("me", 3))

    assert transport.sent == [GONE]  # the second was erased while the first was on its way
    assert transport.refused == [GONE]
    assert [row["state"] for row in home.rows()["outbox"]] == ["sent"]


def claim(home: Home, state: OutboxState, at: datetime | None, of: Subscriber | None = None) -> None:
    """Puts the mail of a reader, by default of the one who goes, into a state."""
    engine = create_engine(home.parts.settings.database)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = ?, claimed_at = ? WHERE issue_id IN"
            " (SELECT id FROM issues WHERE subscriber_id = ?)",
            (state.value, None if at is None else at.strftime("%Y-%m-%d %H:%M:%S.%f"), (of or home.gone).id),
        )
    engine.dispose()


def test_erasing_can_be_gone_on_with_where_it_was_killed(home: Home) -> None:
    with home.parts.store.begin() as work:
        work.personal.stop_mails(home.gone.id)
        sha256 = work.personal.mails(home.gone.id)[0].message_sha256
    home.parts.blobs.path(sha256).unlink()

    erased = home.erase()

    assert erased.files == 3
    assert found_in(as_text(home), MARKS) == []


def test_somebody_unknown_cannot_be_erased(home: Home) -> None:
    with pytest.raises(NotFoundError, match=r"no subscriber 'nobody@example\.org'"):
        home.erase("nobody@example.org")


def test_a_reader_is_ranked_as_if_there_were_no_other(tmp_path: Path) -> None:
    alone = ranked_beside(tmp_path / "alone", ())
    together = ranked_beside(tmp_path / "together", (GONE, "third@example.org"))

    assert alone == together
    assert len(alone) == len(DAY_OF_THREE.papers)


def ranked_beside(home: Path, others: tuple[str, ...]) -> list[Ranked]:
    """The ranking of one reader in a home with others, of whom some came before and some after."""
    with (
        LoopbackArxiv([DAY_OF_THREE], print_sample, at=DAY) as arxiv,
        open_test_parts(make_settings(home, arxiv.url)) as parts,
    ):
        run_day(parts)  # the papers are there before anybody says what they make of them
        with parts.store.begin() as work:
            for email in (*others[:1], STAYS, *others[1:]):
                profile = profile_of(SAID_BY_STAYS if email == STAYS else SAID_BY_GONE)
                reader = work.subscribers.save(Subscriber(email, MORNING, profile))
                kind = FeedbackKind.LIKE if email == STAYS else FeedbackKind.DISLIKE
                work.subscribers.add_feedback(reader.id, [Feedback("2611.00001", kind, MORNING)])
        run_day(parts)
        with parts.store.read() as work:
            return work.issues.ranking(work.subscribers.by_email(STAYS).id, DAY)
