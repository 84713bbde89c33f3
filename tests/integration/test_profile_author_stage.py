"""Followed author ids are asked for once a day, and a failure leaves the list of the last time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.author_papers import AuthorPapers
from pipeline.blobs import Blobs
from pipeline.errors import NotFoundError, SourceError, SourceUnavailableError
from pipeline.stages.authors import authored, refresh_authors
from pipeline.stages.context import StageContext
from pipeline.store import Store
from pipeline.subscriber import Interest, Profile, Subscriber
from tests.fakes.issues import FixedClock
from tests.fakes.stored import NOW

LATER = NOW + timedelta(hours=20)


class FakeAuthors:
    """Implements `pipeline.author_papers.AuthorSource`; an error in place of papers is raised."""

    def __init__(self, **known: AuthorPapers | Exception) -> None:
        self.known = known
        self.asked: list[str] = []

    def papers_of(self, author_id: str) -> AuthorPapers:
        self.asked.append(author_id)
        found = self.known.get(author_id, NotFoundError(f"arXiv knows no author {author_id}"))
        if isinstance(found, Exception):
            raise found
        return found

    @contextmanager
    def open(self) -> Iterator[FakeAuthors]:
        yield self


Refresh = Callable[..., int]


@pytest.fixture
def refresh(store: Store, tmp_path: Path) -> Refresh:
    def run(source: FakeAuthors, now: datetime = NOW) -> int:
        return refresh_authors(StageContext(store, Blobs(tmp_path), FixedClock(now)), source.open)

    return run


def follow(store: Store, email: str, *authors: str) -> Subscriber:
    with store.begin() as work:
        return work.subscribers.save(Subscriber(email, NOW, Profile((Interest("graphs"),), authors=authors)))


def papers_for(store: Store, *authors: str) -> dict[str, str]:
    with store.read() as work:
        return authored(work, Profile(authors=authors))


LIND = AuthorPapers("Ada Lind", ("2611.00001", "2611.00002"))


def test_the_papers_of_a_followed_number_are_told_with_the_author_as_arxiv_prints_them(
    store: Store, refresh: Refresh
) -> None:
    follow(store, "a@example.org", "Bo Okafor", "lind_a_1", "0000-0002-1825-0097")
    source = FakeAuthors(**{"lind_a_1": LIND, "0000-0002-1825-0097": AuthorPapers("C", ("2611.00002", "2611.00003"))})

    assert refresh(source) == 2

    assert source.asked == ["0000-0002-1825-0097", "lind_a_1"]
    assert papers_for(store, "lind_a_1", "Bo Okafor") == {"2611.00001": "Ada Lind", "2611.00002": "Ada Lind"}
    assert papers_for(store, "https://orcid.org/0000-0002-1825-0097") == {
        "2611.00002": "C",
        "2611.00003": "C",
    }
    assert papers_for(store, "Ada Lind") == {}


def test_an_author_whom_several_follow_is_asked_for_once_and_again_after_twenty_hours(
    store: Store, refresh: Refresh
) -> None:
    for email in ("a@example.org", "b@example.org"):
        follow(store, email, "lind_a_1")
    source = FakeAuthors(lind_a_1=LIND)

    refresh(source)
    refresh(source, LATER - timedelta(minutes=1))
    refresh(source, LATER)

    assert source.asked == ["lind_a_1", "lind_a_1"]


def test_a_new_list_takes_the_place_of_the_old_one(store: Store, refresh: Refresh) -> None:
    follow(store, "a@example.org", "lind_a_1")
    refresh(FakeAuthors(lind_a_1=LIND))

    refresh(FakeAuthors(lind_a_1=AuthorPapers("Ada Lind", ("2611.00009",))), LATER)

    assert papers_for(store, "lind_a_1") == {"2611.00009": "Ada Lind"}


@pytest.mark.parametrize(
    "answer", [SourceUnavailableError("down"), SourceError("gone"), NotFoundError("unknown"), AuthorPapers("A", ())]
)
def test_a_failure_keeps_the_list_of_the_last_time_and_is_told(
    store: Store, refresh: Refresh, answer: AuthorPapers | Exception
) -> None:
    follow(store, "a@example.org", "lind_a_1", "zett_z_1")
    refresh(FakeAuthors(lind_a_1=LIND, zett_z_1=AuthorPapers("Z", ("2611.00004",))))

    source = FakeAuthors(lind_a_1=answer, zett_z_1=AuthorPapers("Z", ("2611.00005",)))
    refresh(source, LATER)

    assert source.asked == ["lind_a_1", "zett_z_1"]
    assert papers_for(store, "lind_a_1") == {"2611.00001": "Ada Lind", "2611.00002": "Ada Lind"}
    assert papers_for(store, "zett_z_1") == {"2611.00005": "Z"}


def test_a_failure_is_logged_with_its_reason(store: Store, refresh: Refresh, caplog: pytest.LogCaptureFixture) -> None:
    follow(store, "a@example.org", "lind_a_1")

    refresh(FakeAuthors(lind_a_1=SourceUnavailableError("arXiv answered 503")))

    assert caplog.messages == ["the papers of lind_a_1 are those of the last time: arXiv answered 503"]


def test_an_arxiv_that_is_down_is_not_asked_for_everybody(store: Store, refresh: Refresh) -> None:
    down = SourceUnavailableError("down")
    follow(store, "a@example.org", "aa_a_1", "bb_b_1", "cc_c_1")
    source = FakeAuthors(aa_a_1=down, bb_b_1=down, cc_c_1=LIND)

    assert refresh(source) == 0

    assert source.asked == ["aa_a_1", "bb_b_1"]


def test_an_id_that_nobody_has_is_asked_for_again_only_the_next_day(store: Store, refresh: Refresh) -> None:
    follow(store, "a@example.org", "nobody_x_1")
    source = FakeAuthors()

    refresh(source)
    refresh(source, NOW + timedelta(hours=1))

    assert source.asked == ["nobody_x_1"]
    assert papers_for(store, "nobody_x_1") == {}


def test_nobody_is_asked_for_those_who_left_and_those_who_are_avoided(store: Store, refresh: Refresh) -> None:
    left = follow(store, "a@example.org", "lind_a_1")
    with store.begin() as work:
        work.subscribers.set_active(left.id, is_active=False)
        work.subscribers.save(
            Subscriber("b@example.org", NOW, Profile((Interest("x"),), avoided_authors=("zett_z_1",)))
        )
    source = FakeAuthors()

    assert refresh(source) == 0

    assert source.asked == []
