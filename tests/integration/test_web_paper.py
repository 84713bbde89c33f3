from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.fakes.site import OPEN, Built


def test_a_paper_shows_its_record(client: TestClient) -> None:
    page = client.get("/paper/2611.00001").text

    assert "Ada Lind, Bo Okafor, Chiara d&#39;Este" in page
    assert 'href="https://arxiv.org/abs/2611.00001">Read it at arXiv</a>' in page
    assert "J. Search 12 (2026) 1-9" in page
    assert '<a href="https://doi.org/10.1000/xyz_1">10.1000/xyz_1</a>' in page
    assert 'href="https://example.org/code?a=1&amp;b=2"' in page
    assert "CC BY 4.0</a>" in page
    assert ": you may share and adapt it, with attribution" in page
    assert 'v1 <span class="quiet">submitted 13 Nov 2026</span>' in page


def test_a_paper_links_to_no_pdf(client: TestClient) -> None:
    assert "arxiv.org/pdf" not in client.get("/paper/2611.00001").text


def test_reference_managers_find_the_citation_in_the_head(client: TestClient) -> None:
    page = client.get("/paper/2611.00001").text

    assert '<meta name="citation_author" content="Chiara d&#39;Este">' in page
    assert '<meta name="citation_arxiv_id" content="2611.00001">' in page
    assert '<meta name="citation_date" content="2026/11/13">' in page


def test_a_paper_read_in_full_shows_sections_with_pages_and_says_what_is_incomplete(client: TestClient) -> None:
    page = client.get("/paper/2611.00001").text

    assert "Read in full: 9 pages, 1 of them not completely." in page
    assert '<h3>3 Method</h3> <span class="pages">pages 3–4</span>' in page  # noqa: RUF001 - an en dash is meant
    assert "We walk the document twice &amp; keep &lt;every&gt; landmark." in page


def test_the_searched_words_are_marked_and_their_sections_open(client: TestClient, built: Built) -> None:
    page = client.get("/paper/2611.00001?q=walk").text

    assert "We <mark>walk</mark> the document twice" in page
    assert '<details class="section" id="s2" open>' in page
    assert '<details class="section" id="s1">' in page
    assert f'<p id="p{built.chunk_ids[OPEN.id, 3]}">' in page
    assert '<a href="/?q=walk">Back to the results for “walk”</a>' in page


def test_a_paper_that_may_not_be_copied_is_quoted_only(client: TestClient) -> None:
    page = client.get("/paper/2611.00002").text

    assert "Its licence allows quotations only" in page
    assert "Labels are dear." in page
    assert "Nobody may copy this last sentence." not in page
    assert "arXiv may distribute it, all other rights stay with the authors" in page


def test_a_paper_that_could_not_be_read_says_why(client: TestClient) -> None:
    page = client.get("/paper/2611.00003").text

    assert "Abstract only: its PDF could not be read (the PDF is encrypted)." in page
    assert "No licence on record" in page


def test_a_withdrawn_paper_wears_a_banner_with_the_comment(client: TestClient) -> None:
    page = client.get("/paper/2611.00004").text

    assert "<b>Withdrawn.</b>" in page
    assert "Their comment: “Lemma 2 is wrong”" in page
    assert 'v2 <span class="quiet">submitted 17 Nov 2026, withdrawn</span>' in page


def test_an_old_identifier_has_a_slash_and_a_page(client: TestClient) -> None:
    answer = client.get("/paper/hep-th/9901001")

    assert answer.status_code == 200
    assert "Strings before the millennium" in answer.text
    assert "Abstract only so far: the full text has not been read yet." in answer.text


@pytest.mark.parametrize(
    "asked, told",
    [
        ("/paper/2611.00001v1", "/paper/2611.00001"),
        ("/paper/arXiv:2611.00001?q=a+b", "/paper/2611.00001?q=a+b"),
        ("/paper/https://arxiv.org/abs/hep-th/9901001v2", "/paper/hep-th/9901001"),
    ],
)
def test_a_version_or_prefix_leads_to_the_papers_one_address(client: TestClient, asked: str, told: str) -> None:
    answer = client.get(asked)

    assert answer.status_code == 307
    assert answer.headers["Location"] == told


def test_a_hostile_paper_is_harmless(client: TestClient) -> None:
    page = client.get("/paper/2611.00005").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; in the title" in page
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in page
    assert "&lt;img src=x onerror=alert(3)&gt;" in page
    assert r"$\text{&lt;svg/onload=alert(1)&gt;}$" in page
    assert r"$\href{javascript:alert(2)}{x}$" in page
    assert "<mo>&lt;</mo>" in page
    assert "<script" not in page
    assert "<svg/" not in page
    assert 'href="javascript' not in page
    assert " onmouseover=" not in page.replace("&#34;onmouseover=", "")


def test_bibtex_stands_on_the_page_and_is_a_file(client: TestClient) -> None:
    answer = client.get("/paper/2611.00001.bib")

    assert answer.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="arxiv-2611.00001.bib"'
    assert answer.text.startswith("@misc{lind2026searching,\n")
    assert "@misc{lind2026searching," in client.get("/paper/2611.00001").text


def test_bibtex_of_an_old_identifier_is_a_file_too(client: TestClient) -> None:
    answer = client.get("/paper/hep-th/9901001.bib")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="arxiv-hep-th-9901001.bib"'
    assert "{1999}" in answer.text
