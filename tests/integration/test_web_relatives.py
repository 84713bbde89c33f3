from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from pipeline.document import Reference
from pipeline.errors import IndexStateError
from pipeline.paper import Paper
from pipeline.reading import PaperKey
from tests.fakes.references import cite
from tests.fakes.site import CLOSED, HOSTILE, OPEN, UNREAD, Built

_RELATED = '<h2 id="related">Related papers</h2>'


def related(client: TestClient, paper_id: str = OPEN.id) -> str:
    return client.get(f"/paper/{paper_id}").text.partition(_RELATED)[2].partition("</section>")[0]


def test_a_paper_lists_those_related_to_it_and_says_why(client: TestClient, built: Built) -> None:
    why = "Near to this paper; shares seven references with it."
    built.search.hits = [replace(hit, why=why) for hit in built.search.hits]

    section = related(client)

    assert f'<a class="title" href="/paper/{CLOSED.id}">Ranking with few labels</a>' in section
    assert f"<b>Why</b> {why}" in section
    assert f"/paper/{OPEN.id}" not in section


def test_the_whole_list_is_a_search(client: TestClient) -> None:
    assert f'<a href="/?q=like%3A{OPEN.id}">All of them, with the passages</a>' in related(client)
    page = client.get(f"/paper/{OPEN.id}").text
    assert f'<a class="button quiet" href="/?q=like%3A{OPEN.id}">Similar papers</a>' in page


def test_a_related_paper_s_title_is_shown_as_text(client: TestClient) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in related(client)
    assert "<script>" not in related(client)


def test_a_withdrawn_paper_is_recommended_nowhere(client: TestClient, built: Built) -> None:
    built.search.hits = [replace(hit, is_withdrawn=hit.paper_id == HOSTILE.id) for hit in built.search.hits]

    assert HOSTILE.id not in related(client)
    assert CLOSED.id in related(client)


def test_a_paper_that_is_not_in_the_index_yet_lists_none_and_is_searched_for_by_its_title(
    client: TestClient, built: Built
) -> None:
    built.search.hits = []

    page = client.get(f"/paper/{CLOSED.id}").text

    assert _RELATED not in page
    assert 'href="/?q=Ranking+with+few+labels">Similar papers</a>' in page


def test_a_site_without_an_index_shows_its_papers_all_the_same(client: TestClient, built: Built) -> None:
    built.search.error = IndexStateError("there is no search index yet")

    answer = client.get(f"/paper/{OPEN.id}")

    assert answer.status_code == 200
    assert _RELATED not in answer.text


def test_related_papers_are_told_as_json(client: TestClient) -> None:
    found = client.get(f"/api/v1/related/{OPEN.id}v1?limit=1").json()

    assert found["id"] == OPEN.id
    assert [hit["id"] for hit in found["hits"]] == [CLOSED.id]
    assert found["hits"][0]["why"]
    assert found["seconds"] == 0.043


@pytest.mark.parametrize("paper_id, status", [("nonsense", 404), ("2611.99999", 400)])
def test_json_of_what_is_not_there_is_an_error(client: TestClient, paper_id: str, status: int) -> None:
    answer = client.get(f"/api/v1/related/{paper_id}")

    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "entry, paper", [(cite(doi="10.1000/XYZ_1"), OPEN), (cite("An encrypted report on caches"), UNREAD)]
)
def test_a_reference_that_prints_no_arxiv_id_leads_to_the_paper_and_back(
    client: TestClient, built: Built, entry: Reference, paper: Paper
) -> None:
    with built.store.begin() as work:
        work.figures.replace(PaperKey(CLOSED.id, 1), (), [entry])

    assert f'<a class="here" href="/paper/{paper.id}">read it here</a>' in client.get(f"/paper/{CLOSED.id}").text
    citing = client.get(f"/paper/{paper.id}").text.partition('<h2 id="citing">')[2].partition("</section>")[0]
    assert f'href="/paper/{CLOSED.id}"' in citing
