"""Reading a library at Zotero's web API, against one on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import stamina
from pydantic import SecretStr

from pipeline.arxiv_source.turnstile import Time
from pipeline.config import LibrarySettings
from pipeline.errors import (
    ConfigError,
    NotFoundError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
    UsageError,
)
from pipeline.library import Broken, Entry, Shelf, SourceKind, open_zotero
from tests.fakes.loopback_http import Reply
from tests.fakes.zotero import KEY, FakeZotero, Moods, author, item

ITEMS = [
    item(
        "AAAA0001", "Counting <i>pebbles</i>", url="http://arxiv.org/abs/2611.00001", creators=[author("Lind", "Ada")]
    ),
    item("AAAA0002", "Walking robots", DOI="10.5555/WALK.1", date="12 June 2025", collections=["ROBOTS01"]),
    item("AAAA0003", "Sorting letters", extra="arXiv:2611.00003 [cs]\nComment: 3 pages", accessDate="2026-01-01"),
    item("AAAA0004", "", itemType="attachment"),
    item("AAAA0005", "", itemType="webpage"),
]


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


class SleptClock:
    """A clock that stands still but for the sleep it is asked for."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def time(self) -> Time:
        return Time(now=lambda: 1_000_000.0 + sum(self.slept), sleep=self.slept.append)


def read(
    server: FakeZotero, library: str = "users/77", collection: str = "", key: str = KEY, clock: SleptClock | None = None
) -> Shelf:
    settings = LibrarySettings(zotero_url=server.root, zotero_key=SecretStr(key), attempts=3, timeout_s=20.0)
    with closing(open_zotero(settings, (clock or SleptClock()).time())) as zotero:
        return zotero.shelf(library, collection)


def test_items_become_entries_and_files_are_passed_over() -> None:
    with FakeZotero(ITEMS) as server:
        shelf = read(server)

    assert shelf == Shelf(
        SourceKind.ZOTERO,
        (
            Entry(
                "item AAAA0001",
                "Counting pebbles",
                (("lind",),),
                arxiv_id="2611.00001",
                added_at=datetime(2026, 10, 1, 10, 0, tzinfo=UTC),
            ),
            Entry(
                "item AAAA0002",
                "Walking robots",
                year=2025,
                doi="10.5555/walk.1",
                added_at=datetime(2026, 10, 1, 10, 0, tzinfo=UTC),
            ),
            Entry(
                "item AAAA0003",
                "Sorting letters",
                arxiv_id="2611.00003",
                added_at=datetime(2026, 10, 1, 10, 0, tzinfo=UTC),
            ),
        ),
        (Broken("item AAAA0005", "it has no title, no arXiv id and no DOI"),),
    )


def test_pages_are_followed_to_the_last() -> None:
    with FakeZotero(ITEMS, page_size=2) as server:
        shelf = read(server)

        assert [entry.place for entry in shelf.entries] == ["item AAAA0001", "item AAAA0002", "item AAAA0003"]
        assert [request.path.partition("start=")[2].partition("&")[0] for request in server.asked] == ["0", "2", "4"]


def test_the_key_goes_to_nobody_else_when_a_link_points_there() -> None:
    with FakeZotero([]) as stranger, FakeZotero(ITEMS, 2, Moods(link_host=stranger.root)) as server:
        shelf = read(server)

        assert (len(shelf.entries), len(server.asked), stranger.asked) == (3, 3, [])


def test_a_lost_link_is_no_end() -> None:
    with FakeZotero(ITEMS, 2, Moods(forgets_link=True)) as server, pytest.raises(SourceFormatError) as caught:
        read(server)

    assert str(caught.value) == "Zotero promised 5 rows and sent 2"


@pytest.mark.parametrize("collection", ["ROBOTS01", "robots"])
def test_a_collection_is_named_by_key_or_by_name(collection: str) -> None:
    with FakeZotero(ITEMS) as server:
        shelf = read(server, collection=collection)

    assert [entry.title for entry in shelf.entries] == ["Walking robots"]


def test_an_unknown_collection_is_answered_with_those_there_are() -> None:
    with FakeZotero(ITEMS) as server, pytest.raises(NotFoundError) as caught:
        read(server, collection="Birds")

    assert str(caught.value) == "no single collection 'Birds' in users/77; there are: Robots"


def test_a_wrong_key_is_told_with_its_remedy_and_without_the_key() -> None:
    with FakeZotero(ITEMS) as server, pytest.raises(SourceError) as caught:
        read(server, key="zk-wrong-wrong")

    said = str(caught.value)
    assert "(403): the library is private or the key is wrong; set library.zotero_key" in said
    assert "zk-wrong-wrong" not in said
    assert len(server.asked) == 1


def test_an_unknown_library_is_told() -> None:
    with FakeZotero(ITEMS) as server, pytest.raises(NotFoundError) as caught:
        read(server, "groups/5")

    assert str(caught.value) == "Zotero knows no groups/5/items/top (404)"


@pytest.mark.parametrize("library", ["77", "users/ada", "users/77/items", "", "users/77?key=x"])
def test_what_is_no_library_is_told_before_anybody_is_asked(library: str) -> None:
    with FakeZotero(ITEMS) as server, pytest.raises(UsageError, match="expected users/ID or groups/ID"):
        read(server, library)

    assert server.asked == []


def test_a_wish_for_patience_is_kept_before_the_next_page() -> None:
    clock = SleptClock()

    with FakeZotero(ITEMS, 3, Moods(backoff="4")) as server:
        read(server, clock=clock)

    assert clock.slept == [4.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_for_a_time_is_waited_out(status: int) -> None:
    clock = SleptClock()

    with FakeZotero(ITEMS, moods=Moods([Reply(b"", status, {"retry-after": "9"})])) as server:
        shelf = read(server, clock=clock)

    assert (len(shelf.entries), clock.slept) == (3, [9.0])


def test_who_is_asked_for_hours_is_told_so_at_once() -> None:
    clock = SleptClock()
    refusals = [Reply(b"", 429, {"retry-after": "7200"})] * 9

    with FakeZotero(ITEMS, moods=Moods(refusals)) as server, pytest.raises(SourceUnavailableError) as caught:
        read(server, clock=clock)

    assert (str(caught.value), clock.slept) == ("Zotero asks to wait 7200 s; try again later", [])


def test_what_stays_broken_is_an_error_after_the_attempts() -> None:
    with (
        FakeZotero(ITEMS, moods=Moods([Reply(b"", 500)] * 9)) as server,
        pytest.raises(SourceUnavailableError, match=r"Zotero answered 500 for .*try again later"),
    ):
        read(server)

    assert len(server.asked) == 3


def test_an_address_that_answers_something_else_is_told() -> None:
    with (
        FakeZotero(ITEMS, moods=Moods([Reply(b"<html>hello</html>")])) as server,
        pytest.raises(SourceFormatError, match=r"is not what Zotero's API answers; look at 'library\.zotero_url'"),
    ):
        read(server)


def test_an_address_where_nobody_is_cannot_be_reached() -> None:
    with FakeZotero([]) as server:
        gone = server.root
    settings = LibrarySettings(zotero_url=gone, attempts=1, timeout_s=5.0)

    with closing(open_zotero(settings)) as zotero, pytest.raises(SourceUnavailableError, match="cannot be reached"):
        zotero.shelf("users/77")


@pytest.mark.parametrize("url", ["", "zotero.org", "ftp://zotero.org", "https://me:pw@"])
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"'library\.zotero_url' is") as caught:
        open_zotero(LibrarySettings(zotero_url=url))

    assert "pw" not in str(caught.value)


def test_a_key_that_cannot_stand_in_a_header_is_told_without_it() -> None:
    with pytest.raises(ConfigError, match=r"library\.zotero_key") as caught:
        open_zotero(LibrarySettings(zotero_key=SecretStr("a\nb-secret")))

    assert "b-secret" not in str(caught.value)
