"""Searching for a name finds its other spellings, and an abbreviation what it stands for, as the archive says."""

from __future__ import annotations

from pathlib import Path

import pytest

import index.lexical
from index.generation import Generation, GenerationFolder
from index.lexical import Among, Asking, LexicalIndex
from index.terms import query_words
from tests.fakes.library import Library, passage

PASSAGES = (
    passage(1, "2611.00001", "We study retrieval-augmented generation (RAG) of answers."),
    passage(2, "2611.00002", "Answers by retrieval augmented generation are better."),
    passage(3, "2611.00003", "RAG fails on long answers."),
    passage(4, "2611.00004", "GPT4o answers in C++ code."),
    passage(5, "2611.00005", "GPT-4o answers in C code."),
    passage(6, "2611.00006", "A rag and a generation gap, augmented."),
)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    library = Library.empty(tmp_path_factory.mktemp("library"))
    library.add(*PASSAGES)
    library.build()
    live = GenerationFolder(library.index).live()
    assert live is not None
    return Generation.open(live).lexical


def found(lexical: LexicalIndex, query: str) -> list[int]:
    ids, scores = lexical.search(list(query_words(query)), 10, Among(), Asking(lexical.rewordings(query)))
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert len(set(ids.tolist())) == len(ids)
    listed: list[int] = ids.tolist()
    return listed


@pytest.mark.parametrize("query", ["RAG", "RAGs"])
def test_an_abbreviation_finds_what_it_stands_for(lexical: LexicalIndex, query: str) -> None:
    assert set(found(lexical, query)) == {1, 2, 3, 6}


def test_what_is_spelled_out_finds_its_abbreviation(lexical: LexicalIndex) -> None:
    assert set(found(lexical, "retrieval augmented generation")) == {1, 2, 3, 6}
    assert {1, 2} == set(found(lexical, "retrieval augmented generation")[:2])


@pytest.mark.parametrize("query", ["GPT-4o", "GPT4o"])
def test_a_name_is_found_in_both_spellings(lexical: LexicalIndex, query: str) -> None:
    assert set(found(lexical, query)) == {4, 5}


def test_the_names_of_languages_keep_their_signs(lexical: LexicalIndex) -> None:
    assert found(lexical, "C++") == [4]
    assert found(lexical, "C") == [5]


def test_what_nobody_defined_is_searched_as_it_is(lexical: LexicalIndex) -> None:
    assert lexical.rewordings("Gap of XYZ") == []


def test_conditions_hold_for_rewordings_too(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)
    library.add(*PASSAGES)
    library.build()

    hits = library.search().search('RAG "better"', 10).hits

    assert [hit.paper_id for hit in hits] == ["2611.00002"]


def test_a_passage_with_every_word_gains_a_share_of_their_weights(lexical: LexicalIndex) -> None:
    terms = list(query_words("rag augmented gap"))
    plain = dict(zip(*(one.tolist() for one in lexical.search(terms, 10, Among())), strict=True))

    ids, scores = lexical.search(terms, 10, Among(), Asking(all_words=0.5))

    gained = {number: score - plain[number] for number, score in zip(ids.tolist(), scores.tolist(), strict=True)}
    assert ids[0] == 6
    assert gained.pop(6) > 0.5
    assert set(gained.values()) == {0.0}


def test_phrases_of_common_words_are_not_asked_for_in_a_large_archive(
    lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.lexical, "_COMMON", 0)

    assert lexical.rewordings("RAG and GPT4o") == []
    assert set(found(lexical, "RAG")) == {1, 3, 6}
