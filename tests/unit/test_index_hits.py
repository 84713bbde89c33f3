"""From scored rows to papers with passages and a reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.fusion import Fused
from index.hits import PaperMatch, group, make_hit
from index.terms import query_words
from pipeline.digest import Passage
from tests.fakes.library import MONDAY, passage


def fused(*scores: float) -> Fused:
    values = np.array(scores, np.float32)
    return Fused(np.arange(100, 100 + len(scores)), values, values * 0.75, values * 0.25)


def match(*, by_meaning: float, by_words: float, reason: str = "") -> PaperMatch:
    return PaperMatch(0, (0,), by_meaning + by_words, by_meaning, by_words, reason)


CHUNK = passage(1, "2611.00001", "We sample the vertices of large graphs.", title="Graph sampling")


def test_a_paper_is_as_good_as_its_best_passage() -> None:
    found = group(fused(1.0, 0.9, 0.8), np.array([7, 5, 7], np.int32), limit=10)

    assert [(one.paper, one.rows, round(one.score, 3)) for one in found] == [(7, (100, 102), 1.0), (5, (101,), 0.9)]


def test_a_paper_shows_three_passages_at_most() -> None:
    found = group(fused(1.0, 0.9, 0.8, 0.7), np.array([7, 7, 7, 7], np.int32), limit=10)

    assert found[0].rows == (100, 101, 102)


def test_passages_far_below_the_best_are_not_shown() -> None:
    found = group(fused(1.0, 0.5, 0.4), np.array([7, 7, 7], np.int32), limit=10)

    assert found[0].rows == (100, 101)


def test_beyond_the_limit_only_further_passages_are_taken() -> None:
    found = group(fused(1.0, 0.9, 0.8), np.array([7, 5, 7], np.int32), limit=1)

    assert [(one.paper, one.rows) for one in found] == [(7, (100, 102))]


def test_a_hit_is_complete() -> None:
    hit = make_hit(match(by_meaning=0.5, by_words=0.25), [CHUNK], query_words("graphs"))

    assert (hit.paper_id, hit.title, hit.day, hit.score) == ("2611.00001", "Graph sampling", MONDAY, 0.75)
    assert hit.authors == ("Ada Lovelace",)
    assert hit.categories == ("cs.IR", "stat.ML")
    assert hit.passages == (Passage("We sample the vertices of large graphs.", "Abstract", 0, None, 1),)


def test_the_reason_names_the_words_as_they_were_typed() -> None:
    hit = make_hit(match(by_meaning=0.25, by_words=0.25), [CHUNK], query_words("Sampling of graph edges"))

    assert hit.why == "It has the words “Sampling” and “graph”, and is close in meaning."


def test_the_reason_says_when_all_words_are_there_and_led() -> None:
    hit = make_hit(match(by_meaning=0.0, by_words=0.5), [CHUNK], query_words("graph vertex sampling"))

    assert hit.why == "It has the words “graph” and “sampling”."
    assert make_hit(match(by_meaning=0.0, by_words=0.5), [CHUNK], query_words("sampled graph")).why == (
        "It has all the words “sampled” and “graph”."
    )


def test_the_reason_says_when_meaning_led() -> None:
    hit = make_hit(match(by_meaning=0.5, by_words=0.1), [CHUNK], query_words("sampling networks"))

    assert hit.why == "Close in meaning; it also has the word “sampling”."


def test_the_reason_admits_that_no_word_is_shared() -> None:
    assert make_hit(match(by_meaning=0.5, by_words=0.0), [CHUNK], query_words("random walks")).why == (
        "Close in meaning; it shares no word with the query."
    )


def test_a_pinned_paper_keeps_its_own_reason() -> None:
    assert make_hit(
        match(by_meaning=0, by_words=0, reason="It is the paper you named."), [CHUNK], query_words("x")
    ).why == ("It is the paper you named.")


def test_a_reason_that_is_given_goes_on_with_the_words_that_are_shared() -> None:
    given = replace(match(by_meaning=0.5, by_words=0, reason="Near to this paper."), tells_words=True)

    assert make_hit(given, [CHUNK], query_words("Unbiased graph sampling")).why == (
        "Near to this paper; it has “graph” and “sampling” too."
    )
    assert make_hit(given, [CHUNK], query_words("Soup")).why == "Near to this paper."


def test_three_shared_words_are_enough() -> None:
    given = replace(match(by_meaning=0.5, by_words=0, reason="Near to this paper."), tells_words=True)

    why = make_hit(given, [CHUNK], query_words("Vertices of large graph samples")).why

    assert why == "Near to this paper; it has “Vertices”, “large” and “graph” too."


def test_a_reason_that_is_given_is_left_as_it_is_where_it_does_not_speak_of_words() -> None:
    given = match(by_meaning=0.5, by_words=0, reason="It is the paper you named.")

    assert make_hit(given, [CHUNK], query_words("graph")).why == "It is the paper you named."
