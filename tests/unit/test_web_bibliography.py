from __future__ import annotations

import pytest

from pipeline.document import Box, Citation, Reference
from web.bibliography import ShownReference, show_references

BOX = Box(0, 0, 10, 10)


def shown(one: Reference, here: str = "") -> ShownReference:
    return show_references([one], [], {0: here} if here else {})[0]


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://example.org", "//example.org", "example.org", "http://"),
        *("https://arxiv.org@evil.example/", "http://[::1", "file:///etc/passwd"),
    ],
)
def test_only_plain_web_addresses_are_linked_to(url: str) -> None:
    assert shown(Reference("x", 1, BOX, url=url)).url == ""


@pytest.mark.parametrize("doi", ["10.1000/a b", "javascript:alert(1)", "10.x/y", "doi:10.1000/1"])
def test_what_is_no_doi_is_not_linked_to(doi: str) -> None:
    assert shown(Reference("x", 1, BOX, doi=doi)).doi == ""


@pytest.mark.parametrize("arxiv_id", ["../../unsubscribe", "2401.1", "x", "hep-th/99"])
def test_what_is_no_identifier_is_not_linked_to(arxiv_id: str) -> None:
    assert shown(Reference("x", 1, BOX, arxiv_id=arxiv_id)).arxiv == ""


def test_a_paper_that_is_here_is_linked_to_whatever_the_entry_prints_of_it() -> None:
    one = shown(Reference("x", 1, BOX, doi="10.1000/slow"), "2401.12345")

    assert (one.here, one.doi) == ("2401.12345", "https://doi.org/10.1000/slow")


def test_a_link_of_its_own_is_left_out_where_there_is_a_better_one() -> None:
    one = shown(Reference("x", 1, BOX, arxiv_id="2401.12345v2", url="https://example.org/x"))

    assert (one.arxiv, one.url) == ("https://arxiv.org/abs/2401.12345", "")


@pytest.mark.parametrize(
    "text, label, printed",
    [
        ("[12] A. Lind.", "12", ""),
        ("12. A. Lind.", "12", ""),
        ("[Knu84] D. Knuth.", "Knu84", ""),
        ("A. Lind.", "12", "12"),
        ("A. Lind.", "", ""),
    ],
)
def test_a_label_is_printed_once(text: str, label: str, printed: str) -> None:
    assert shown(Reference(text, 1, BOX, label)).label == printed


def test_a_title_is_marked_only_where_it_stands_in_the_entry() -> None:
    found = shown(Reference("A. Lind. On <long> texts. 2026.", 1, BOX, title="On <long> texts"))
    other = shown(Reference("A. Lind. On long texts. 2026.", 1, BOX, title="Something else altogether"))

    assert found.text == "A. Lind. <cite>On &lt;long&gt; texts</cite>. 2026."
    assert other.text == "A. Lind. On long texts. 2026."


def test_an_entry_names_the_pages_that_cite_it() -> None:
    citations = [Citation(4, 0, 0, 3, (1,)), Citation(2, 0, 0, 3, (0, 1)), Citation(2, 1, 0, 3, (1,))]

    pages = [one.pages for one in show_references([Reference("a", 9, BOX), Reference("b", 9, BOX)], citations, {})]

    assert pages == [(2,), (2, 4)]
