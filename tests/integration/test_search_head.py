"""What a search does with its first hits: a second look, one hit a work, withdrawn papers last, evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index import SearchService, SecondLook, open_search
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError, RerankUnavailableError
from pipeline.ports import Encoder, IndexedChunk
from tests.fakes.encoder import HashedEncoder
from tests.fakes.library import TUESDAY, Library, passage
from tests.fakes.scorers import ListedScorer

WALKS = passage(
    1, "2611.00001", "Walks on graphs mix. Random walks on graphs mix fast.", title="Random walks on graphs"
)
CLAIM = passage(2, "2611.00002", "Random walks on graphs never mix at all.", title="A claim on random walks on graphs")
BREAD = passage(3, "2611.00003", "Bread needs water. It also walks well with soup.", title="Bread")
AGAIN = passage(4, "2611.00004", "Random walks on graphs mix fast, we show again.", title="Random walks on graphs!")
LATER = passage(5, "2611.00005", "Water flows.", title="On the flow of water", day=TUESDAY)
CAKE = passage(6, "2611.00006", "Cake needs eggs.", title="Cake")


def withdrawn(chunk: IndexedChunk) -> IndexedChunk:
    return replace(chunk, is_withdrawn=True)


def built(home: Path, *chunks: IndexedChunk, encoder: Encoder | None = None) -> Library:
    library = Library.empty(home, encoder)
    library.add(*chunks)
    library.build()
    return library


def found(search: SearchService, query: str, limit: int = 10) -> list[str]:
    return [hit.paper_id for hit in search.search(query, limit).hits]


def looking_again(library: Library, scorer: ListedScorer, depth: int = 20) -> SearchService:
    return open_search(library.index, library.encoder, SecondLook(scorer, depth, weight=1.0))


def test_the_second_look_orders_the_head_and_says_so(tmp_path: Path) -> None:
    library = built(tmp_path, WALKS, CLAIM, BREAD)
    scorer = ListedScorer({"Bread": 3.0, "claim": 2.0})

    result = looking_again(library, scorer).search("random walks")

    assert found(library.search(), "random walks")[0] == "2611.00001"
    assert [hit.paper_id for hit in result.hits] == ["2611.00003", "2611.00002", "2611.00001"]
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert (result.is_reranked, library.search().search("random walks").is_reranked) == (True, False)


def test_it_reads_each_papers_best_passage_after_its_title(tmp_path: Path) -> None:
    scorer = ListedScorer()
    more = passage(9, "2611.00003", "Walks of bread, in the random order of their water and soup.", title="Bread")

    looking_again(built(tmp_path, WALKS, BREAD, more), scorer).search("random walks")

    assert scorer.asked == [
        (
            "random walks",
            (f"Random walks on graphs. {WALKS.chunk.text}", f"Bread. {more.chunk.text}"),
        )
    ]


def test_only_the_head_is_looked_at_again(tmp_path: Path) -> None:
    library = built(tmp_path, WALKS, CLAIM, BREAD, CAKE)
    plain = found(library.search(), "random walks")
    scorer = ListedScorer({"Cake": 9.0, "Bread": 9.0, "claim": 2.0, "Walks": 1.0})

    assert found(looking_again(library, scorer, depth=2), "random walks") == [plain[1], plain[0], *plain[2:]]
    assert [len(passages) for _, passages in scorer.asked] == [2]


def test_a_scorer_without_an_answer_leaves_everything_as_it_is(tmp_path: Path) -> None:
    library = built(tmp_path, WALKS, CLAIM, BREAD)
    failing = looking_again(library, ListedScorer(error=RerankUnavailableError("slow")))

    plain, served = library.search().search("random walks"), failing.search("random walks")

    assert (served.hits, served.is_reranked) == (plain.hits, False)


@pytest.mark.parametrize("query", ["2611.00002", "like:2611.00001", "cat:cs.IR", "walks sort:date"])
def test_what_is_not_ranked_by_words_is_not_looked_at_again(tmp_path: Path, query: str) -> None:
    scorer = ListedScorer()

    looking_again(built(tmp_path, WALKS, CLAIM, BREAD), scorer).search(query)

    assert scorer.asked == []


def test_a_named_paper_stays_first_whatever_the_second_look_says(tmp_path: Path) -> None:
    scorer = ListedScorer({"Bread": 9.0})

    assert found(looking_again(built(tmp_path, WALKS, CLAIM, BREAD), scorer), "2611.00002 walks")[0] == "2611.00002"


def test_one_work_is_one_hit_that_names_its_other_paper(tmp_path: Path) -> None:
    search = built(tmp_path, WALKS, CLAIM, BREAD, AGAIN).search()

    hits = search.search("walks that mix fast on graphs").hits

    assert {hits[0].paper_id, *hits[0].also} == {"2611.00001", "2611.00004"}
    assert sorted(hit.paper_id for hit in hits[1:]) == ["2611.00002", "2611.00003"]
    assert [hit.also for hit in hits[1:]] == [(), ()]


def test_the_place_of_a_folded_paper_goes_to_the_next(tmp_path: Path) -> None:
    search = built(tmp_path, WALKS, BREAD, AGAIN).search()

    assert len(found(search, "walks that mix fast on graphs", limit=2)) == 2
    assert found(search, "walks that mix fast on graphs", limit=2)[1] == "2611.00003"


@pytest.mark.parametrize("paper_id", ["2611.00001", "2611.00004"])
def test_a_paper_asked_for_by_id_is_never_folded_away(tmp_path: Path, paper_id: str) -> None:
    search = built(tmp_path, WALKS, AGAIN).search()

    assert found(search, paper_id) == [paper_id]
    assert found(search, f"{paper_id} random walks")[0] == paper_id
    assert set(found(search, "2611.00001 2611.00004")) == {"2611.00001", "2611.00004"}


def test_withdrawn_papers_are_marked_and_last(tmp_path: Path) -> None:
    hits = built(tmp_path, withdrawn(WALKS), CLAIM, BREAD).search().search("random walks on graphs mix fast").hits

    assert [(hit.paper_id, hit.is_withdrawn) for hit in hits[-2:]] == [("2611.00003", False), ("2611.00001", True)]


def test_of_one_work_the_paper_that_stands_is_shown(tmp_path: Path) -> None:
    hits = built(tmp_path, withdrawn(WALKS), AGAIN).search().search("random walks mix").hits

    assert [(hit.paper_id, hit.also) for hit in hits] == [("2611.00004", ("2611.00001",))]


def test_by_date_withdrawn_papers_are_last_too(tmp_path: Path) -> None:
    search = built(tmp_path, WALKS, BREAD, withdrawn(LATER)).search()

    assert found(search, "water sort:date")[-1] == "2611.00005"


def test_a_withdrawn_paper_that_is_asked_for_is_first_and_marked(tmp_path: Path) -> None:
    hit = built(tmp_path, withdrawn(WALKS), CLAIM).search().search("2611.00001 walks").hits[0]

    assert (hit.paper_id, hit.is_withdrawn) == ("2611.00001", True)


def test_a_hit_names_the_sentence_that_answers(tmp_path: Path) -> None:
    hit = built(tmp_path, WALKS, BREAD).search().search("do random walks mix fast?").hits[0]

    [(quoted, evidence)] = hit.quoted
    assert evidence.sentence is not None
    assert quoted.text[slice(*evidence.sentence)] == "Random walks on graphs mix fast."
    assert evidence.words == ("random", "walks", "mix", "fast")


def test_a_generation_of_another_model_is_searched_with_that_model(tmp_path: Path) -> None:
    old, new = HashedEncoder(model="fake/old"), HashedEncoder(model="fake/new")
    library = built(tmp_path, WALKS, BREAD, encoder=old)
    asked: list[EmbeddingContract] = []

    def opened(contract: EmbeddingContract) -> Encoder:
        asked.append(contract)
        return old

    search = open_search(library.index, new, others=opened)
    old.encoded.clear()
    search.search("water")
    search.search("graphs")

    assert (old.encoded, new.encoded, asked) == (["water", "graphs"], [], [old.contract])


def test_a_generation_goes_on_serving_with_its_model_until_the_next_ones_can_be_opened(tmp_path: Path) -> None:
    old, new = HashedEncoder(model="fake/old"), HashedEncoder(model="fake/new")
    library = built(tmp_path, WALKS, encoder=old)

    def gone(contract: EmbeddingContract) -> Encoder:
        raise IndexStateError(f"{contract.model} is gone")

    search = open_search(library.index, old, others=gone)
    before = found(search, "graphs")
    built(tmp_path, WALKS, BREAD, encoder=new)

    assert found(search, "graphs") == before
    with pytest.raises(IndexStateError, match="fake/new is gone"):
        open_search(library.index, old, others=gone).search("graphs")
