from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from lxml import etree

from flows.demo.archive import FeedLine
from flows.demo.feeds import FeedPage, atom, rss
from tests.fakes.papers import make_sample

_NS = {
    "a": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_LINE = FeedLine(
    make_sample(
        "2611.00001", abstract="Short & sweet.", categories=("cs.IR", "cs.DL"), doi="10.99999/x", journal_ref="J. 3"
    ),
    "new",
)
_PAGE = FeedPage(("cs.IR", "cs.DL"), [_LINE], "http://base/rss/cs.IR+cs.DL", date(2026, 11, 16), date(2026, 11, 17))


def _read(form: Callable[[FeedPage], bytes]) -> etree._Element:
    return etree.fromstring(form(_PAGE))


def _text(root: etree._Element, path: str) -> str:
    return root.findtext(path, namespaces=_NS) or ""


def test_an_rss_item_is_told_as_arxiv_tells_it() -> None:
    item = _read(rss).find("channel/item")

    assert item is not None
    assert _text(item, "guid") == "oai:arXiv.org:2611.00001v1"
    assert _text(item, "link") == "https://arxiv.org/abs/2611.00001"
    assert _text(item, "description") == "arXiv:2611.00001v1 Announce Type: new \nAbstract: Short & sweet."
    assert [category.text for category in item.findall("category")] == ["cs.IR", "cs.DL"]
    assert _text(item, "pubDate") == "Mon, 16 Nov 2026 00:00:00 -0500"
    assert _text(item, "arxiv:announce_type") == "new"
    assert _text(item, "dc:creator") == "Ada Lind, Bo Okafor"


def test_an_atom_entry_is_told_as_arxiv_tells_it() -> None:
    entry = _read(atom).find("a:entry", _NS)

    assert entry is not None
    assert _text(entry, "a:id") == "oai:arXiv.org:2611.00001v1"
    assert [category.get("term") for category in entry.findall("a:category", _NS)] == ["cs.IR", "cs.DL"]
    assert _text(entry, "a:published") == "2026-11-16T00:00:00-05:00"
    assert _text(entry, "arxiv:announce_type") == "new"
    assert _text(entry, "dc:rights") == "http://creativecommons.org/licenses/by/4.0/"
    assert _text(entry, "arxiv:DOI") == "10.99999/x"
    assert _text(entry, "arxiv:journal_reference") == "J. 3"


@pytest.mark.parametrize(
    "form, path, stamp",
    [
        (rss, "channel/lastBuildDate", "Tue, 17 Nov 2026 00:00:00 -0500"),
        (rss, "channel/pubDate", "Tue, 17 Nov 2026 00:00:00 -0500"),
        (atom, "a:updated", "2026-11-17T00:00:00-05:00"),
    ],
)
def test_the_head_of_a_feed_has_a_date_of_its_own(form: Callable[[FeedPage], bytes], path: str, stamp: str) -> None:
    assert _text(_read(form), path) == stamp


def test_a_feed_says_which_categories_were_asked_for() -> None:
    assert _text(_read(rss), "channel/title") == "cs.IR, cs.DL updates on arXiv.org"
    assert _text(_read(atom), "a:title") == "cs.IR, cs.DL updates on arXiv.org"
