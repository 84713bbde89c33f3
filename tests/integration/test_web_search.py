from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from index import Evidence
from pipeline.errors import IndexStateError
from tests.fakes.site import CLOSED, DAY, HOSTILE, OPEN, Built


def test_a_hit_shows_title_authors_passages_and_why(client: TestClient) -> None:
    page = client.get("/?q=long+memory").text

    assert "Ada Lind, Bo Okafor, Chiara d&#39;Este" in page
    assert "It has the words “long” and “memory”." in page
    assert "17 Nov 2026" in page
    assert "The best 1 paper of 3 · 43 ms" in page


def test_found_words_are_marked_in_title_and_passages(client: TestClient) -> None:
    page = client.get("/?q=memories").text

    assert "<mark>memory</mark></a></h2>" in page
    assert "The second walk needs little <mark>memory</mark>." in page


def test_a_passage_links_to_its_place_in_the_paper(client: TestClient, built: Built) -> None:
    page = client.get("/?q=long+memory").text

    anchor = built.chunk_ids[OPEN.id, 3]
    assert f'<a href="/paper/2611.00001?q=long%20memory#p{anchor}">3 Method · page 4</a>' in page


def test_the_sentence_that_answers_stands_out(client: TestClient, built: Built) -> None:
    sentence = "The second walk needs little memory."
    shown = built.search.hits[0]
    longer = replace(shown.passages[1], text=f"We walk & walk. {sentence} Nothing else is said.")
    spans = Evidence((), (16, 16 + len(sentence)))
    built.search.hits = [replace(shown, passages=(shown.passages[0], longer), evidence=(Evidence(), spans))]

    page = client.get("/?q=memory").text

    assert (
        'We walk &amp; walk. <strong class="answer">The second walk needs little <mark>memory</mark>.</strong> Nothing'
    ) in page
    assert client.get("/api/v1/search?q=memory").json()["hits"][0]["passages"][1]["sentence"] == sentence


def test_a_withdrawn_paper_is_marked_and_one_work_names_its_other_papers(client: TestClient, built: Built) -> None:
    built.search.hits = [replace(built.search.hits[0], is_withdrawn=True, also=("2611.00002", "hep-th/9901001"))]

    page = client.get("/?q=memory").text
    found = client.get("/api/v1/search?q=memory").json()["hits"][0]

    assert '</a> <span class="state state-withdrawn">withdrawn</span></h2>' in page
    assert '<a href="/paper/2611.00002">arXiv:2611.00002</a>, <a href="/paper/hep-th/9901001">' in page
    assert (found["withdrawn"], found["also"]) == (True, ["2611.00002", "hep-th/9901001"])


def test_mathematics_in_titles_and_abstracts_is_mathml(client: TestClient) -> None:
    page = client.get("/?q=long+memory").text

    assert "<msqrt><mrow><mi>n</mi></mrow></msqrt>" in page
    assert "at most 5% loss &amp; no index" in page


def test_day_and_category_reach_the_search_and_stay_in_the_form(client: TestClient, built: Built) -> None:
    page = client.get("/?q=labels&day=2026-11-17&cat=cs.IR,stat.*&limit=20").text

    assert built.search.asked == [("labels", 20, date(2026, 11, 17), ("cs.IR", "stat.*"))]
    assert '<option value="2026-11-17" selected>17 Nov 2026</option>' in page
    assert 'name="cat" value="cs.IR stat.*"' in page
    assert '<a href="/?q=labels&amp;limit=20">search all days and categories</a>' in page


def test_newest_means_the_newest_listing(client: TestClient, built: Built) -> None:
    client.get("/?q=labels&day=newest")

    assert built.search.asked[0][2] == DAY


def test_more_is_offered_while_there_may_be_more(client: TestClient) -> None:
    assert 'href="/?q=labels&amp;limit=2"' in client.get("/?q=labels&limit=1").text
    assert "Show more" not in client.get("/?q=labels&limit=10").text


def test_nothing_found_within_a_day_offers_all_days(client: TestClient) -> None:
    page = client.get("/?q=labels&day=2020-01-01").text

    assert "Nothing found" in page
    assert '<a href="/?q=labels">Search all days and categories</a>' in page


def test_nothing_found_at_all_offers_examples(client: TestClient) -> None:
    page = client.get("/?q=xylophone").text

    assert "Nothing that was read matches “xylophone”." in page
    assert 'class="examples"' in page


@pytest.mark.parametrize(
    "parameters, told",
    [
        ({"q": "x", "day": "someday"}, "Not a day: &#39;someday&#39; (expected e.g. 2026-11-17, or newest)."),
        ({"q": "x", "cat": "cs.IR; drop"}, "Not a category: &#39;cs.IR;&#39;"),
        ({"q": "x", "limit": "0"}, "Limit: Input should be greater than or equal to 1."),
        ({"q": "x", "limit": "many"}, "Limit: Input should be a valid integer"),
        ({"q": "x" * 2001}, "Q: String should have at most 2000 characters."),
    ],
)
def test_a_request_that_makes_no_sense_is_a_400_that_says_what_was_expected(
    client: TestClient, parameters: dict[str, str], told: str
) -> None:
    answer = client.get("/", params=parameters)

    assert answer.status_code == 400
    assert told in answer.text


def test_blanks_alone_are_no_question(client: TestClient, built: Built) -> None:
    answer = client.get("/?q=++%20")

    assert answer.status_code == 200
    assert built.search.asked == []


@pytest.mark.parametrize("parameter", ["q", "day", "cat"])
def test_what_a_visitor_types_comes_back_escaped(client: TestClient, parameter: str) -> None:
    attack = '"><script>x'

    page = client.get("/", params={"q": "labels"} | {parameter: attack}).text

    assert "<script" not in page


def test_a_hostile_paper_is_harmless_in_the_results(client: TestClient) -> None:
    page = client.get("/?q=hostile").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; in the title" in page
    assert "<script" not in page
    assert "<svg/" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert HOSTILE.id in page


def test_the_api_answers_with_the_fields_of_the_command(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=labels")

    assert answer.json() == {
        "query": "labels",
        "hits": [
            {
                "id": CLOSED.id,
                "title": "Ranking with few labels",
                "authors": ["Ada Lind", "Bo Okafor"],
                "categories": ["cs.IR"],
                "day": "2026-11-17",
                "score": 0.9,
                "passages": [
                    {
                        "text": "Labels are dear. " * 40 + "Nobody may copy this last sentence.",
                        "page": 1,
                        "box": None,
                        "section": "1 Introduction",
                        "sentence": None,
                        "words": [],
                    }
                ],
                "why": "It has the words “long” and “memory”.",
                "also": [],
                "withdrawn": False,
                "url": "https://arxiv.org/abs/2611.00002",
            }
        ],
        "considered": 3,
        "reranked": False,
        "seconds": 0.043,
    }


def test_the_api_gives_boxes_in_per_mille(client: TestClient) -> None:
    hits = client.get("/api/v1/search?q=long").json()["hits"]

    assert hits[0]["passages"][1]["box"] == [80, 100, 920, 300]


@pytest.mark.parametrize(
    "path, status",
    [("/api/v1/search", 400), ("/api/v1/search?q=x&day=someday", 400), ("/api/v1/nothing", 404)],
)
def test_errors_of_the_api_are_json(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def test_the_api_without_an_index_is_503(client: TestClient, built: Built) -> None:
    built.search.error = IndexStateError("none yet")

    assert client.get("/api/v1/search?q=x").status_code == 503
