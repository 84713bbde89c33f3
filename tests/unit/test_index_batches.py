"""Texts of like length share a batch, and no batch is larger than allowed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.batches import token_batches


def test_batches_go_from_the_longest_texts_to_the_shortest() -> None:
    assert token_batches([3, 9, 1, 8, 2], budget=18) == [[1, 3], [0, 4, 2]]


def test_a_text_longer_than_the_budget_is_a_batch_of_its_own() -> None:
    assert token_batches([300, 2, 2], budget=100) == [[0], [1, 2]]


def test_no_texts_are_no_batches() -> None:
    assert token_batches([], budget=100) == []


@given(st.lists(st.integers(0, 600), max_size=200), st.integers(1, 4000))
def test_every_text_is_in_one_batch_and_no_batch_exceeds_the_budget(lengths: list[int], budget: int) -> None:
    batches = token_batches(lengths, budget)

    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= budget for batch in batches)
