"""Texts as weighted words and pairs of words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerank.terms import TermWeights, count_terms


def test_a_text_is_its_words_and_the_pairs_of_them() -> None:
    counts = count_terms(["owl fox owl fox"])

    # owl, fox twice each; "owl fox" twice, "fox owl" once.
    assert sorted(counts.data.tolist()) == [1.0, 2.0, 2.0, 2.0]


def test_forms_of_a_word_are_one_term() -> None:
    one, other = count_terms(["trained networks"]), count_terms(["train network"])

    assert (one != other).nnz == 0


def test_the_same_terms_have_the_same_columns_in_every_call() -> None:
    both, alone = count_terms(["moss fern", "owl fox"]), count_terms(["owl fox"])

    assert (both[1] != alone[0]).nnz == 0


def test_no_texts_and_texts_without_words_are_no_trouble() -> None:
    assert count_terms([]).shape == (0, 1 << 18)
    assert count_terms(["", "..."]).nnz == 0


def test_a_term_is_the_more_telling_the_fewer_texts_hold_it() -> None:
    counts = count_terms(["owl", "owl", "fox", "moss"])

    idf = TermWeights.learn(counts).idf

    told = {word: float(idf[count_terms([word]).indices[0]]) for word in ("owl", "fox", "reed")}
    assert told == pytest.approx({"owl": math.log(5 / 3) + 1, "fox": math.log(5 / 2) + 1, "reed": math.log(5) + 1})


def test_a_row_is_of_length_one_or_empty() -> None:
    counts = count_terms(["owl fox owl", "", "moss"])

    weighted = TermWeights.learn(counts).apply(counts)

    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    assert lengths.tolist() == pytest.approx([1.0, 0.0, 1.0], abs=1e-6)


def test_a_word_said_often_counts_more_but_not_as_often_as_it_is_said() -> None:
    counts = count_terms(["owl moss owl owl owl"])
    weights = TermWeights.learn(count_terms(["x"]))  # a corpus that weighs these terms alike

    row = weights.apply(counts)

    owl, moss = (float(row[0, count_terms([word]).indices[0]]) for word in ("owl", "moss"))
    assert owl / moss == pytest.approx(1 + math.log(4))


def test_what_is_weighed_is_left_as_it_was() -> None:
    counts = count_terms(["owl fox"])
    before = counts.data.copy()

    TermWeights.learn(counts).apply(counts)

    assert counts.data.tolist() == before.tolist()
