"""Search over a library on disk, as the page asks for it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import SearchService
from pipeline.document import Box, Chunk
from pipeline.errors import UsageError
from pipeline.ports import IndexedChunk
from tests.fakes.encoder import HashedEncoder
from tests.fakes.library import MONDAY, TUESDAY, Library, passage

LARGE = passage(1, "2611.00001", "We sample vertices of large graphs without bias.", title="Unbiased graph sampling")
LARGE_LATER = passage(2, "2611.00001", "The sampling bias of graphs vanishes.", title="Unbiased graph sampling")
BREAD = passage(3, "2611.00002", "Sourdough needs water and patience.", title="Bread")
WALKS = passage(4, "2611.00003", "Random walks mix fast on expander graphs.", title="Random walks", day=TUESDAY)
OLD = passage(5, "hep-th/9901001", "Strings and black holes.", title="Black holes", day=TUESDAY)


@pytest.fixture(params=[200_000, 0], ids=["exact", "by cells"])
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Library:
    library = Library.empty(tmp_path)
    library.add(LARGE, LARGE_LATER, BREAD)
    library.add(WALKS, OLD)
    library.build(exact_up_to=request.param)
    return library


@pytest.fixture
def search(library: Library) -> SearchService:
    return library.search()


def found(search: SearchService, query: str, *, day: date | None = None, categories: tuple[str, ...] = ()) -> list[str]:
    return [hit.paper_id for hit in search.search(query, 10, day, categories).hits]


def test_the_paper_that_shares_words_and_meaning_comes_first(search: SearchService) -> None:
    assert found(search, "expander graphs")[0] == "2611.00003"
    assert found(search, "water for sourdough")[0] == "2611.00002"


def test_passages_of_one_paper_are_one_hit_with_the_best_passage_first(search: SearchService) -> None:
    hit = search.search("sampling bias").hits[0]

    assert hit.paper_id == "2611.00001"
    assert [passage.chunk_id for passage in hit.passages] == [2, 1]


def test_scores_fall_and_every_hit_has_a_reason(search: SearchService) -> None:
    hits = search.search("random graph sampling").hits

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.why for hit in hits)


@pytest.mark.parametrize(
    "query",
    ["2611.00002", "arXiv:2611.00002v3", "https://arxiv.org/abs/2611.00002", "http://arxiv.org/pdf/2611.00002v1.pdf"],
)
def test_an_arxiv_id_finds_its_paper_alone(search: SearchService, query: str) -> None:
    hits = search.search(query).hits

    assert [hit.paper_id for hit in hits] == ["2611.00002"]
    assert (hits[0].score, hits[0].why) == (1.0, "It is the paper you named.")
    assert hits[0].passages[0].text == "Sourdough needs water and patience."


def test_an_old_identifier_works_too(search: SearchService) -> None:
    assert found(search, "hep-th/9901001") == ["hep-th/9901001"]


def test_an_id_nobody_has_finds_nothing(search: SearchService) -> None:
    assert found(search, "2611.99999") == []


def test_an_id_among_words_is_pinned_before_what_the_words_find(search: SearchService) -> None:
    assert found(search, "graph sampling like 2611.00002")[:2] == ["2611.00002", "2611.00001"]


def test_a_paper_named_twice_is_found_once(search: SearchService) -> None:
    assert found(search, "2611.00002 and arXiv:2611.00002v2, called bread").count("2611.00002") == 1


def test_an_exact_title_is_pinned_whatever_its_case_and_punctuation(search: SearchService) -> None:
    hit = search.search("RANDOM WALKS.").hits[0]

    assert (hit.paper_id, hit.score, hit.why) == ("2611.00003", 1.0, "Its title is what you typed.")


def test_a_day_is_searched_exactly(search: SearchService) -> None:
    result = search.search("graph sampling", day=TUESDAY)

    assert {hit.paper_id for hit in result.hits} == {"2611.00003", "hep-th/9901001"}
    assert result.total_considered == 2
    assert search.search("graph sampling").total_considered == 4


def test_a_pinned_paper_obeys_the_conditions_too(search: SearchService) -> None:
    assert found(search, "2611.00002", day=TUESDAY) == []
    assert "2611.00002" not in found(search, "bread", day=TUESDAY)


def test_categories_narrow_the_search(search: SearchService) -> None:
    assert set(found(search, "graphs", categories=("math.CO",))) == {"2611.00003", "hep-th/9901001"}
    assert set(found(search, "graphs", categories=("cs.*", "q-bio.NC"))) == {"2611.00001", "2611.00002"}


def test_a_day_without_papers_finds_nothing(search: SearchService) -> None:
    result = search.search("graphs", day=date(2020, 1, 1))

    assert (result.hits, result.total_considered) == ((), 0)


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "title:(",
        "a AND (b OR",
        "+-!{}[]^~*?:\\/",
        "body:[x TO",
        "\x00",
        "\ud800 graph",
        "graph " * 1000,
        "数学 🎲",
    ],
)
def test_no_query_is_a_syntax_error(search: SearchService, query: str) -> None:
    assert search.search(query).total_considered == 4


@pytest.mark.parametrize("query", ["", "  \n\t "])
def test_an_empty_query_is_refused_in_plain_words(search: SearchService, query: str) -> None:
    with pytest.raises(UsageError, match="needs at least one word"):
        search.search(query)


def test_impossible_limits_and_endless_queries_are_refused(search: SearchService) -> None:
    with pytest.raises(UsageError, match="1 to 200 papers, not 0"):
        search.search("graphs", limit=0)
    with pytest.raises(UsageError, match="at most 10000 characters"):
        search.search("x" * 10_001)


def test_the_limit_counts_papers(search: SearchService) -> None:
    assert len(search.search("graph sampling", limit=2).hits) == 2


def test_a_hit_gives_back_all_that_was_indexed(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)
    chunk = Chunk("2611.00009", 2, 4, "3 Method", 7, "Ünïcode “quotes” & <tags>\nlines", Box(1, 20, 300, 1000), 42)
    library.add(IndexedChunk(chunk, "Tïtle", ("Ada L.", "Bo, Jr."), ("cs.LG", "stat.ML"), MONDAY))
    library.build()

    hit = library.search().search("quotes").hits[0]

    assert (hit.version, hit.title, hit.authors, hit.categories) == (
        2,
        "Tïtle",
        ("Ada L.", "Bo, Jr."),
        ("cs.LG", "stat.ML"),
    )
    shown = hit.passages[0]
    assert (shown.text, shown.section, shown.page, shown.box, shown.chunk_id) == (
        "Ünïcode “quotes” & <tags>\nlines",
        "3 Method",
        7,
        Box(1, 20, 300, 1000),
        42,
    )


def test_among_many_papers_a_day_is_searched_exactly_even_by_meaning_alone(tmp_path: Path) -> None:
    words = ["graph", "walk", "bound", "random", "vertex", "proof", "mixing", "sample", "sparse", "dense", "gap"]
    random = np.random.default_rng(5)
    chunks = [
        passage(number, f"2611.{number:05d}", " ".join(random.choice(words, 6)), day=MONDAY if number % 9 else TUESDAY)
        for number in range(1, 1500)
    ]
    library = Library.empty(tmp_path, HashedEncoder(64))
    library.add(*chunks)
    library.build()
    texts = [f"{one.title} {one.chunk.text}" for one in chunks if one.day == TUESDAY]
    question = library.encoder.encode_queries(["words nobody wrote"])[0]
    exact = np.sort(library.encoder.encode_passages(texts) @ question)[::-1]

    hits = library.search().search("words nobody wrote", 10, TUESDAY).hits

    found = library.encoder.encode_passages([f"{hit.title} {hit.passages[0].text}" for hit in hits]) @ question
    assert found == pytest.approx(exact[:10], abs=1e-3)  # the stored vectors have half precision


def test_many_threads_get_the_answers_one_would(search: SearchService) -> None:
    queries = ["graph sampling", "random walks", "bread", "2611.00003", "strings"] * 8
    alone = [found(search, query) for query in queries]
    together: dict[int, list[str]] = {}
    threads = [
        threading.Thread(target=lambda i=i, q=q: together.update({i: found(search, q)})) for i, q in enumerate(queries)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [together[i] for i in range(len(queries))] == alone
