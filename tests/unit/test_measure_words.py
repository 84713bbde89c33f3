import pytest

from flows.evaluation.words import order, precision, recall, run_recall, similarity, words_of


def test_words_are_runs_of_three_letters_in_lower_case_with_accents_composed() -> None:
    assert words_of("The café's 2 GPUs, x₁ and ab") == ["the", "caf\u00e9", "gpus", "and"]


def test_a_ligature_glyph_is_not_the_letters_a_reader_would_type() -> None:
    assert words_of("e\ufb03cient") != words_of("efficient")


def test_recall_and_precision_count_each_word_as_often_as_it_occurs() -> None:
    truth, reading = ["one", "two", "two", "four"], ["two", "one", "one", "one", "six"]

    assert recall(truth, reading) == 2 / 4
    assert precision(truth, reading) == 2 / 5


def test_order_is_not_changed_by_words_that_are_missing_or_too_many() -> None:
    assert order(["one", "two", "three"], ["page", "one", "three", "foot"]) == 1.0


def test_order_is_the_share_of_common_words_that_need_not_move() -> None:
    assert order(["one", "two", "three", "four"], ["three", "four", "one", "two"]) == 0.5


def test_similarity_counts_insertions_and_deletions() -> None:
    assert similarity(["one", "two", "three"], ["one", "three"]) == pytest.approx(4 / 5)


def test_runs_are_three_words_long() -> None:
    assert run_recall(["one", "two", "three", "four"], ["two", "three", "four", "one"]) == 1 / 2


def test_nothing_read_is_nothing_found_and_no_error() -> None:
    assert (recall(["one"], []), precision(["one"], []), order(["one"], [])) == (0.0, 0.0, 0.0)
