"""Which sentence of a passage answers, and which of the query's words it has."""

from __future__ import annotations

from index.evidence import Evidence, Reading, weigh
from index.terms import query_words

GRAPHS = "Graphs are everywhere. We sample the vertices of graphs. Sampling costs little. Nothing else is said."


def evidence(query: str, *texts: str) -> list[Evidence]:
    wanted = query_words(query)
    return weigh([Reading.of(text, wanted) for text in texts], wanted)


def sentences(query: str, *texts: str) -> list[str]:
    found = [one.sentence for one in evidence(query, *texts)]
    return [text[span[0] : span[1]] if span else "" for text, span in zip(texts, found, strict=True)]


def test_the_sentence_with_most_of_the_words_answers() -> None:
    assert sentences("sampling the vertices of a graph", GRAPHS) == ["We sample the vertices of graphs."]


def test_a_word_that_few_sentences_have_says_more_than_one_that_all_have() -> None:
    text = "Graphs are large graphs. Graphs grow. Graphs cost patience."

    assert sentences("patience with large graphs", text) == ["Graphs are large graphs."]
    assert sentences("graphs and patience", text) == ["Graphs cost patience."]


def test_the_first_of_equal_sentences_answers() -> None:
    assert sentences("graphs", "We draw graphs. They draw graphs.") == ["We draw graphs."]


def test_words_are_named_as_they_were_typed_in_the_order_of_the_query() -> None:
    assert evidence("Sampling GRAPHS quickly", GRAPHS)[0].words == ("Sampling", "GRAPHS")


def test_each_passage_has_evidence_of_its_own() -> None:
    assert sentences("vertices and walks", GRAPHS, "Random walks mix. They end.") == [
        "We sample the vertices of graphs.",
        "Random walks mix.",
    ]


def test_a_passage_without_the_words_has_no_evidence() -> None:
    assert evidence("bread", GRAPHS) == [Evidence((), None)]
    assert evidence("bread", "") == [Evidence((), None)]


def test_accents_and_wide_letters_do_not_shift_the_range() -> None:
    assert sentences("große Zahlen", "Über 湖 nichts. Große Zahlen 🜁 𓂀 helfen. Ende.") == ["Große Zahlen 🜁 𓂀 helfen."]
