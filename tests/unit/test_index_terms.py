"""Words: what a query asks for, and where it stands in a text."""

from __future__ import annotations

from index.marking import highlight
from index.terms import analyzer, query_words, title_key


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in highlight(text, query)]


def test_stop_words_are_left_out_of_a_query() -> None:
    assert list(query_words("What is the effect of sampling on graphs?").values()) == ["effect", "sampling", "graphs"]


def test_a_query_of_stop_words_alone_keeps_them() -> None:
    assert list(query_words("To be or not to be").values()) == ["To", "be", "or", "not"]


def test_a_word_asked_twice_in_two_inflections_counts_once() -> None:
    assert query_words("graph of graphs") == {"graph": "graph"}


def test_a_pasted_page_asks_for_its_first_two_hundred_words() -> None:
    assert len(query_words(" ".join(f"word{number}" for number in range(1000)))) == 200


def test_highlighting_finds_inflections_and_accents_by_character_positions() -> None:
    assert marked("Schrödinger's sampled graphs 日本 sample", "schrodinger graph sampling") == [
        "Schrödinger",
        "sampled",
        "graphs",
        "sample",
    ]


def test_highlighting_leaves_stop_words_alone() -> None:
    assert marked("the theory of the graph", "the graph") == ["graph"]


def test_highlighting_nothing_gives_nothing() -> None:
    assert highlight("", "graph") == []
    assert highlight("graph", "") == []


def test_titles_are_equal_whatever_their_punctuation_and_case() -> None:
    assert title_key("Attention: Is All You Need!") == title_key("attention is all  you need")


def test_c_plus_plus_and_c_sharp_are_no_c() -> None:
    assert analyzer().analyze("C C++ C++11 C# c#, PDF#3 a+b") == [
        "c",
        *analyzer().analyze("C++"),
        *analyzer().analyze("C++"),
        "11",
        *analyzer().analyze("C#") * 2,
        "pdf",
        "3",
        "a",
        "b",
    ]
    assert marked("C, C++ and C#", "C++") == ["C++"]


def test_highlighting_knows_the_other_spellings() -> None:
    assert marked("GPT4o and GPT-4o", "GPT-4o") == ["GPT4o", "GPT", "4o"]
    assert marked("GPT4o and GPT-4o, not the 4o", "GPT4o") == ["GPT4o", "GPT", "4o"]


def test_several_of_an_abbreviation_are_the_same_word() -> None:
    assert analyzer().analyze("LLMs CNNs of GPUs' GANs") == analyzer().analyze("LLM CNN of GPU GAN")
    assert marked("CNNs, a CNN and class", "CNN") == ["CNN", "CNN"]
