"""Other ways to write what a query asks for."""

from __future__ import annotations

import pytest

from index.rewording import Rewording, abbreviations, definitions, initials, spelled_out, spellings


@pytest.mark.parametrize(
    "query, instead_of, phrase",
    [
        ("GPT-4o", {"gpt", "4o"}, ("gpt4o",)),
        ("k-NN", {"k", "nn"}, ("knn",)),
        ("non-IID", {"non", "iid"}, ("noniid",)),
        ("x-ray", {"x", "ray"}, ("xray",)),
        ("GPT4o", {"gpt4o"}, ("gpt", "4o")),
        ("LangChain", {"langchain"}, ("lang", "chain")),
        ("GPTNeo", {"gptneo"}, ("gpt", "neo")),
        ("ResNet50", {"resnet50"}, ("res", "net", "50")),
    ],
)
def test_a_name_is_also_written_whole_or_in_parts(query: str, instead_of: set[str], phrase: tuple[str, ...]) -> None:
    assert spellings(query) == [Rewording(frozenset(instead_of), phrase)]


def test_several_of_an_abbreviation_are_no_name_of_parts() -> None:
    assert spellings("LLMs") == []


def test_plain_words_are_written_one_way() -> None:
    assert spellings("Graph sampling in 2024, C++ and L2") == [Rewording(frozenset({"l2"}), ("l", "2"))]


def test_words_with_two_capitals_look_like_abbreviations() -> None:
    assert abbreviations("RAG for LLMs and k-NN, not BERT-based Graphs") == ["RAG", "LLMs", "k-NN", "BERT-based"]


def test_a_definition_is_a_bracket_whose_letters_the_words_before_it_have() -> None:
    text = (
        "Retrieval-augmented generation (RAG) helps large language models (LLMs), unlike bags of words (BoW). "
        "We use graphs (see below), a nice tool (XYZ) and papers (PDF)."
    )

    assert list(definitions(text)) == [
        ("RAG", "Retrieval-augmented generation"),
        ("LLMs", "large language models"),
        ("BoW", "bags of words"),
    ]


def test_an_abbreviation_stands_for_what_most_texts_say() -> None:
    texts = ["random access grammar (RAG)", *["retrieval augmented generation (RAG)"] * 2, "no definition of RAG"]

    assert spelled_out("RAG", texts) == Rewording(frozenset({"rag"}), ("retriev", "augment", "generat"))
    assert spelled_out("RAGs", texts) == Rewording(frozenset({"rag"}), ("retriev", "augment", "generat"))
    assert spelled_out("RAG", texts[-1:]) is None


def test_the_initials_of_runs_of_words_may_abbreviate_them() -> None:
    runs = dict(initials("the bag of visual words"))

    assert runs == {
        "bov": ("bag", "of", "visual"),
        "bovw": ("bag", "of", "visual", "word"),
        "bvw": ("bag", "of", "visual", "word"),
    }
