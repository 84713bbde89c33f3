from __future__ import annotations

import math

import numpy as np
import pytest

from rerank.bm25 import Bm25
from rerank.words import count_words, stems


def test_inflections_accents_and_case_make_no_difference() -> None:
    assert stems("Retrieval of Documents") == stems("retrieving a DOCUMENT")
    assert stems("naïve Bayes") == stems("naive bayes")


def test_words_of_speaking_about_interests_carry_no_topic() -> None:
    assert stems("I am interested in papers about protein folding") == stems("protein folding")


def test_stems_are_counted_over_all_their_inflections() -> None:
    counts = count_words(["graph graphs graphing node", "", "the"])

    assert counts.columns.keys() == {"graph", "node"}
    assert counts.matrix[:, counts.columns["graph"]].toarray().ravel().tolist() == [3, 0, 0]


def test_a_day_without_any_word_can_be_counted() -> None:
    bm25 = Bm25(count_words(["", "the of"]))

    assert bm25.scores(["owl"]).tolist() == [[0, 0]]


def test_scores_are_shares_of_what_the_query_could_weigh() -> None:
    bm25 = Bm25(count_words(["owl fox", "owl elk"]))
    owl, fox = math.log1p(0.5 / 2.5), math.log1p(1.5 / 1.5)

    scores = bm25.scores(["owl fox", "elk", "the", "yak"])

    # In a passage of average length a word that occurs once weighs (k1 + 1) / (1 + k1) = 1.
    assert scores[0].tolist() == pytest.approx([1.0, owl / (owl + fox)])
    assert scores[1].tolist() == pytest.approx([0.0, 1.0])
    assert scores[2].tolist() == scores[3].tolist() == [0.0, 0.0]


def test_a_word_unknown_to_the_day_lowers_the_share() -> None:
    bm25 = Bm25(count_words(["owl fox", "owl elk"]))
    fox, unknown = math.log1p(1.5 / 1.5), math.log1p(2.5 / 0.5)

    assert bm25.scores(["fox yak"])[0].tolist() == pytest.approx([fox / (fox + unknown), 0.0])


def test_single_passages_score_as_in_the_whole_day() -> None:
    bm25 = Bm25(count_words(["owl fox fox", "owl elk", "moss"]))

    assert bm25.scores(["owl fox"], np.array([2, 0])).tolist() == bm25.scores(["owl fox"])[:, [2, 0]].tolist()
