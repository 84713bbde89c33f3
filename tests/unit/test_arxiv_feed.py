"""The daily feed in both forms."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from pipeline.arxiv_source.feed import LIMIT, read_feed
from pipeline.errors import SourceError, SourceFormatError
from pipeline.ports import Feed, FeedEntry

ENTRIES = (
    FeedEntry("2611.01234", 1, "new", ("cs.IR", "cs.CL")),
    FeedEntry("hep-th/9901001", 3, "replace-cross", ("hep-th",)),
)


def rss(*items: str, head: str = "<pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate>") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0">'
        f"<channel><title>cs.IR updates on arXiv.org</title>{head}{''.join(items)}</channel></rss>"
    ).encode()


def item(entry: FeedEntry, day: str = "") -> str:
    dated = f"<pubDate>{day}</pubDate>" if day else ""
    tags = "".join(f"<category>{category}</category>" for category in entry.categories)
    guid = f'<guid isPermaLink="false">oai:arXiv.org:{entry.paper_id}v{entry.version}</guid>'
    return f"<item>{guid}{tags}{dated}<arxiv:announce_type>{entry.announce_type}</arxiv:announce_type></item>"


def atom(*entries: str, updated: str = "2026-11-24T05:00:11+00:00") -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        f"<title>cs.IR updates on arXiv.org</title><updated>{updated}</updated>{''.join(entries)}</feed>"
    ).encode()


def atom_entry(entry: FeedEntry, published: str = "2026-11-24T00:00:00-05:00") -> str:
    tags = "".join(f'<category term="{category}"/>' for category in entry.categories)
    return (
        f"<entry><id>oai:arXiv.org:{entry.paper_id}v{entry.version}</id><updated>2026-11-24T05:00:11+00:00</updated>"
        f"{tags}<published>{published}</published>"
        f"<arxiv:announce_type>{entry.announce_type}</arxiv:announce_type></entry>"
    )


def test_rss_is_read() -> None:
    assert read_feed(rss(*map(item, ENTRIES)), "u") == Feed(date(2026, 11, 24), ENTRIES)


def test_atom_is_read() -> None:
    assert read_feed(atom(*map(atom_entry, ENTRIES)), "u") == Feed(date(2026, 11, 24), ENTRIES)


def test_a_day_without_an_announcement_is_an_empty_feed_of_that_day() -> None:
    saturday = "<pubDate>Sat, 28 Nov 2026 00:00:00 -0500</pubDate>"

    assert read_feed(rss(head=saturday), "u") == Feed(date(2026, 11, 28), ())


def test_an_empty_atom_feed_is_dated_in_new_york_not_in_utc() -> None:
    assert read_feed(atom(updated="2026-11-29T03:00:00+00:00"), "u").day == date(2026, 11, 28)


def test_a_stale_batch_under_a_fresh_head_keeps_its_own_day() -> None:
    old = [atom_entry(entry, "2026-11-23T00:00:00-05:00") for entry in ENTRIES]

    assert read_feed(atom(*old), "u").day == date(2026, 11, 23)


def test_entries_of_an_earlier_day_among_todays_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    mixed = atom(atom_entry(ENTRIES[0]), atom_entry(ENTRIES[1], "2026-11-23T00:00:00-05:00"))

    feed = read_feed(mixed, "u")

    assert feed.entries == ENTRIES[:1]
    assert "the feed of 2026-11-24 also holds 1 entries of earlier days" in caplog.text


def test_a_paper_listed_twice_comes_once_as_first_listed() -> None:
    again = FeedEntry(ENTRIES[0].paper_id, 1, "cross", ("cs.CL",))

    assert read_feed(rss(item(ENTRIES[0]), item(again)), "u").entries == ENTRIES[:1]


def test_a_feed_at_the_limit_says_that_its_tail_may_be_cut(caplog: pytest.LogCaptureFixture) -> None:
    many = [item(FeedEntry(f"2611.{number:05d}", 1, "new", ("cs.IR",))) for number in range(LIMIT)]

    with caplog.at_level(logging.WARNING):
        feed = read_feed(rss(*many), "u")

    assert feed.may_be_cut
    assert "its tail may be cut" in caplog.text
    assert not read_feed(rss(*many[1:]), "u").may_be_cut


def test_an_error_feed_is_an_error_with_arxivs_words() -> None:
    told = "<title>Feed error for query: x</title><description>Bad archive 'x'.</description>"
    body = f"<rss><channel>{told}</channel></rss>".encode()

    with pytest.raises(SourceError, match=r"arXiv has no such feed: Bad archive 'x'\.") as caught:
        read_feed(body, "u")

    assert caught.value.permanent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Rate exceeded.",
        b"<!DOCTYPE html><html><body>Down for maintenance</body></html>",
        rss(*map(item, ENTRIES))[:-20],
        rss(head=""),
        rss(head="<pubDate>today</pubDate>"),
        rss("<item><guid>2611.01234v1</guid></item>"),
        rss("<item><guid>oai:arXiv.org:2611.01234v1</guid></item>"),
    ],
)
def test_whatever_is_not_a_whole_feed_is_an_error(body: bytes) -> None:
    with pytest.raises(SourceFormatError):
        read_feed(body, "u")
