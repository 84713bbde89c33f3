from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index import open_search
from pipeline.document import Chunk
from pipeline.ports import IndexedChunk
from tests.fakes.library import Library
from tests.fakes.site import DAY, OPEN, PAPERS, Built, full_site
from web import Site, create_app


def site_over(library: Library, built: Built) -> Site:
    search = open_search(library.index, library.encoder)
    return replace(built.site, search=lambda: search)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """The pages over a real generation, built from what the store holds."""
    built, library = full_site(tmp_path), Library.empty(tmp_path)
    papers = {paper.id: paper for paper in PAPERS}
    with built.store.read() as work:
        chunks: list[Chunk] = list(work.reading.chunks_of(papers))
    for chunk in chunks:
        paper = papers[chunk.paper_id]
        library.add(IndexedChunk(chunk, paper.title, paper.authors, paper.categories, DAY))
    library.build()
    yield TestClient(create_app(site_over(library, built)))
    built.store.close()


def test_a_question_finds_its_passage_and_the_passage_its_place(client: TestClient) -> None:
    page = client.get("/?q=walking+to+landmarks").text

    assert "We <mark>walk</mark> the document twice &amp; keep &lt;every&gt; <mark>landmark</mark>." in page
    assert ">3 Method · page 3</a>" in page


def test_an_identifier_finds_its_paper(client: TestClient) -> None:
    hits = client.get("/api/v1/search?q=arXiv:2611.00001").json()["hits"]

    assert [hit["id"] for hit in hits] == [OPEN.id]


def test_a_category_narrows_the_search(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=labels&cat=cs.DS").json()

    assert {hit["id"] for hit in found["hits"]} <= {OPEN.id}
    assert found["considered"] == 1


def test_operators_narrow_it_too_and_are_not_marked_as_words(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=labels+cat:cs.DS").json()
    page = client.get('/?q=title:"long+documents"+walking+to+landmarks').text

    assert {hit["id"] for hit in found["hits"]} <= {OPEN.id}
    assert found["considered"] == 1
    assert "<mark>title" not in page


def test_an_operator_that_makes_no_sense_is_an_error_at_its_place(client: TestClient) -> None:
    answer = client.get("/?q=labels+date:soon")

    assert answer.status_code == 400
    assert "character 8: expected a date or a range" in answer.text
    assert '<pre class="command"><code>labels date:soon\n       ^^^^^^^^^</code></pre>' in answer.text


def test_the_home_page_names_the_operators(client: TestClient) -> None:
    page = client.get("/").text

    assert "<dt><code>like:2401.12345</code></dt>" in page


def test_before_the_first_index_the_page_says_so(tmp_path: Path) -> None:
    built = full_site(tmp_path)

    answer = TestClient(create_app(site_over(Library.empty(tmp_path), built))).get("/?q=labels")

    assert answer.status_code == 503
    assert "Search is not ready yet" in answer.text
    built.store.close()
