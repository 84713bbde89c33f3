from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from lxml import etree

from flows.demo.archive import Archive
from flows.demo.query_api import answer_query
from flows.demo.sample import SampleDay
from tests.fakes.papers import make_sample, make_version

_NS = {"a": "http://www.w3.org/2005/Atom", "os": "http://a9.com/-/spec/opensearch/1.1/"}
_DAY = date(2026, 11, 17)


@pytest.fixture
def archive() -> Archive:
    later = (make_version(1, datetime(2026, 11, 15, tzinfo=UTC)), make_version(2, datetime(2026, 11, 16, tzinfo=UTC)))
    papers = (
        make_sample("2611.00001", title="Dense retrieval of passages", authors=("Ada Lind",), versions=later),
        make_sample("2611.00002", title="Sparse retrieval", abstract="About passages.", categories=("cs.CL", "cs.IR")),
        make_sample("2611.00003", title="Walking on scree", abstract="A robot.", categories=("cs.RO",)),
    )
    return Archive((SampleDay(_DAY, papers),), _DAY)


def _ask(archive: Archive, **arguments: str) -> etree._Element:
    answer = answer_query(archive, urlencode(arguments))
    assert answer.status == 200
    return etree.fromstring(answer.body)


def _names(root: etree._Element) -> list[str]:
    found = root.iterfind("a:entry/a:id", _NS)
    return [(element.text or "").removeprefix("http://arxiv.org/abs/2611.0000") for element in found]


def _total(root: etree._Element) -> str:
    return root.findtext("os:totalResults", namespaces=_NS) or ""


@pytest.mark.parametrize(
    "query, names",
    [
        ("passages", ["1v2", "2v1"]),
        ("all:passages", ["1v2", "2v1"]),
        ("ti:passages", ["1v2"]),
        ("abs:passages", ["2v1"]),
        ("au:lind", ["1v2", "2v1", "3v1"]),
        ('au:"ada lind" AND ti:dense', ["1v2"]),
        ("cat:cs.IR", ["1v2", "2v1"]),
        ("cat:cs", []),
        ("ti:dense OR ti:scree", ["1v2", "3v1"]),
        ("ti:retrieval ANDNOT ti:dense", ["2v1"]),
        ('ti:"retrieval dense"', []),
        ("", []),
    ],
)
def test_a_search_finds_what_its_terms_say(archive: Archive, query: str, names: list[str]) -> None:
    assert _names(_ask(archive, search_query=query)) == names


def test_a_slice_tells_the_total_beyond_it(archive: Archive) -> None:
    root = _ask(archive, search_query="au:lind", start="1", max_results="1")

    assert _names(root) == ["2v1"]
    assert _total(root) == "3"
    assert root.findtext("os:startIndex", namespaces=_NS) == "1"
    assert root.findtext("os:itemsPerPage", namespaces=_NS) == "1"


def test_ids_are_looked_up_in_the_order_given_and_unknown_ones_are_left_out(archive: Archive) -> None:
    root = _ask(archive, id_list="2611.00003,2611.09999,2611.00001")

    assert _names(root) == ["3v1", "1v2"]
    assert _total(root) == "2"


def test_a_version_can_be_named(archive: Archive) -> None:
    root = _ask(archive, id_list="2611.00001v1")

    assert _names(root) == ["1v1"]
    assert root.findtext("a:entry/a:updated", namespaces=_NS) == "2026-11-15T00:00:00Z"


def test_a_search_within_ids_is_their_intersection(archive: Archive) -> None:
    assert _names(_ask(archive, id_list="2611.00001,2611.00003", search_query="ti:scree")) == ["3v1"]


@pytest.mark.parametrize("order, names", [("ascending", ["2v1", "3v1", "1v2"]), ("descending", ["1v2", "3v1", "2v1"])])
def test_results_can_be_sorted_by_date(archive: Archive, order: str, names: list[str]) -> None:
    assert _names(_ask(archive, search_query="au:lind", sortBy="submittedDate", sortOrder=order)) == names


@pytest.mark.parametrize(
    "arguments, summary",
    [
        ({"id_list": "abc"}, "incorrect id format for abc"),
        ({"search_query": "x", "start": "-1"}, "start must be a non-negative integer"),
        ({"search_query": "x", "max_results": "many"}, "max_results must be a non-negative integer"),
        ({"search_query": "(a AND b)"}, "cannot read the search term '(a'"),
    ],
)
def test_nonsense_gets_an_error_feed_with_status_400(archive: Archive, arguments: dict[str, str], summary: str) -> None:
    answer = answer_query(archive, urlencode(arguments))

    root = etree.fromstring(answer.body)
    assert answer.status == 400
    assert root.findtext("a:entry/a:title", namespaces=_NS) == "Error"
    assert root.findtext("a:entry/a:summary", namespaces=_NS) == summary
    assert _total(root) == "1"
