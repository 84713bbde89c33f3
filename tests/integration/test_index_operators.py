"""Operators over a library on disk: every condition is exact."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import index.conditions
from index import SearchService
from pipeline.document import Chunk
from pipeline.errors import UsageError
from pipeline.ports import IndexedChunk
from tests.fakes.library import Library

FIRST = date(2026, 11, 2)


def chunk(number: int, paper: int, text: str, *, page: int = 0, **paper_fields: str) -> IndexedChunk:
    """A passage of paper 1, 2, ...; every paper is a day younger than the one before."""
    return IndexedChunk(
        Chunk(f"2611.{paper:05d}", 1, 0, "Abstract" if page == 0 else "1 Method", page, text, id=number),
        paper_fields.get("title", f"On subject {paper}"),
        tuple(paper_fields.get("authors", "Ada Lovelace").split(" and ")),
        tuple(paper_fields.get("categories", "cs.IR").split()),
        FIRST + timedelta(days=paper - 1),
    )


PASSAGES = (
    chunk(1, 1, "We sample large graphs. Code: github.com/ada/graphs", title="Unbiased graph sampling"),
    chunk(2, 1, "Random walks mix fast on graphs.", title="Unbiased graph sampling", page=3),
    chunk(3, 2, "A survey of graphs.", title="Graphs, a survey", authors="Geoffrey E. Hinton and Yann LeCun"),
    chunk(4, 3, "Walks at random on large graphs.", authors="LeCun, Yves", categories="math.CO stat.ML"),
    chunk(5, 3, "This is no survey of graphs, though others are.", page=2, authors="LeCun, Yves", categories="math.CO"),
    chunk(6, 4, "Graphs of molecules.", authors="Yann Müller and Ada LeCun", categories="q-bio.BM"),
    chunk(7, 4, "Table 1: Molecules and their graphs.", page=2, authors="Yann Müller and Ada LeCun"),
)


@pytest.fixture(
    params=[(100_000, 200_000), (0, 200_000), (100_000, 0), (0, 0)],
    ids=["gathered", "checked", "gathered, by cells", "checked, by cells"],
)
def search(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SearchService:
    """Both ways to meet conditions on the text, and both kinds of index, must give the same papers."""
    most_gathered, exact_up_to = request.param
    monkeypatch.setattr(index.conditions, "_MOST_GATHERED", most_gathered)
    library = Library.empty(tmp_path)
    library.add(*PASSAGES)
    library.build(exact_up_to=exact_up_to)
    return library.search()


def papers(search: SearchService, query: str) -> set[int]:
    return {int(hit.paper_id.partition(".")[2]) for hit in search.search(query, 50).hits}


@pytest.mark.parametrize(
    "query, expected",
    [
        ("graphs", {1, 2, 3, 4}),
        ('"random walks"', {1}),
        ('"graph sampling"', {1}),
        ('"sampling we"', set()),  # no phrase runs from the title into the text
        ("graphs -survey", {1, 3, 4}),
        ('graphs -"random walk"', {1, 2, 3, 4}),
        ("graphs -walks", {1, 2, 4}),
        ("graphs -sampling", {2, 3, 4}),
        ("title:survey", {2}),
        ('title:"a survey"', {2}),
        ("graphs -title:survey", {1, 3, 4}),
        ("author:lecun", {2, 3, 4}),
        ('author:"Yann LeCun"', {2}),
        ('author:"LeCun, Yann"', {2}),
        ('author:"Y. LeCun"', {2, 3}),
        ('author:"G. Hinton"', {2}),
        ("author:muller", {4}),
        ('graphs -author:"Y. LeCun"', {1, 4}),
        ("cat:math.CO", {3}),
        ("cat:cs.* cat:q-bio.BM", {1, 2, 4}),
        ("graphs -cat:cs.IR", {3, 4}),
        ("date:2026-11-03..2026-11-04", {2, 3}),
        ("date:..2026-11-02", {1}),
        ("date:1d", {3, 4}),
        ("day:today", {4}),
        ("day:2026-11-04", {3}),
        ("id:2611.00003,2611.00001v7", {1, 3}),
        ("has:code", {1}),
        ("has:table", {4}),
        ("has:code has:table", set()),
        ("graphs has:table author:lecun", {4}),
        ("graphs id:2611.99999", set()),
    ],
)
def test_conditions_are_met_exactly(search: SearchService, query: str, expected: set[int]) -> None:
    assert papers(search, query) == expected


def test_a_paper_whose_abstract_says_it_is_left_out_whole_and_else_only_the_passage(search: SearchService) -> None:
    hits = {hit.paper_id: hit for hit in search.search("graphs -survey", 50).hits}

    assert [passage.chunk_id for passage in hits["2611.00003"].passages] == [4]


def test_like_finds_the_neighbours_and_not_the_paper_itself(search: SearchService) -> None:
    hits = search.search("like:2611.00001", 2).hits

    assert hits[0].paper_id == "2611.00003"
    assert hits[0].why == "Near to 2611.00001; it has “graph” too."
    assert "2611.00001" not in {hit.paper_id for hit in hits}


def test_like_a_paper_that_is_not_there_is_an_error(search: SearchService) -> None:
    with pytest.raises(UsageError, match=r"like:2611\.99999: that paper is not in the index"):
        search.search("like:2611.99999")


def test_the_newest_come_first_when_asked_for(search: SearchService) -> None:
    days = [hit.day for hit in search.search("graphs sort:date", 3).hits]

    assert days == sorted(days, reverse=True)
    assert days[0] == FIRST + timedelta(days=3)


def test_conditions_alone_list_what_meets_them_newest_first(search: SearchService) -> None:
    hits = search.search("author:lecun", 2).hits

    assert [hit.paper_id for hit in hits] == ["2611.00004", "2611.00003"]
    assert hits[0].why == "It meets the conditions."


def test_a_form_s_day_and_categories_narrow_a_query_further(search: SearchService) -> None:
    found = search.search("cat:cs.IR,math.CO", 50, None, ("math.*", "q-bio.BM")).hits

    assert [hit.paper_id for hit in found] == ["2611.00003"]
    assert search.search("date:2026-11-03..", 50, FIRST).hits == ()


def test_filters_over_many_rows_find_what_an_exact_search_finds(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)
    rng = np.random.default_rng(7)
    words = [f"word{number}" for number in range(60)]
    made = [
        chunk(number + 1, number + 1, " ".join(rng.choice(words, 8)), categories="cs.IR" if number % 50 else "hep-th")
        for number in range(1500)
    ]
    library.add(*made)
    library.build()
    search = library.search()

    found = [hit.paper_id for hit in search.search("word1 word2 cat:hep-th", 5).hits]
    everything = [hit.paper_id for hit in search.search("word1 word2", 200).hits]

    wanted = {one.chunk.paper_id for one in made if "hep-th" in one.categories}
    assert set(found) <= wanted
    assert len(found) == 5
    assert [paper for paper in everything if paper in wanted][:1] == found[:1]
