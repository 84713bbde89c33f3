from __future__ import annotations

from typing import Any

import pytest

from flows.option_order import read_interests
from pipeline.errors import UsageError
from pipeline.subscriber import Interest


def test_what_stands_behind_an_interest_belongs_to_it() -> None:
    spoken = [
        ("interest", "graphs"),
        ("weight", 2.0),
        ("seed", "2611.00001"),
        ("interest", "proteins"),
        ("category", "q-bio.*"),
        ("seed", "2611.00002"),
        ("seed", "2611.00003"),
    ]

    interests, general = read_interests(spoken)

    assert interests == (
        Interest("graphs", 2.0, (), ("2611.00001",)),
        Interest("proteins", 1.0, ("q-bio.*",), ("2611.00002", "2611.00003")),
    )
    assert general == ()


def test_a_category_before_every_interest_is_for_all() -> None:
    assert read_interests([("category", "cs.LG"), ("interest", "graphs")]) == ((Interest("graphs"),), ("cs.LG",))
    assert read_interests([("category", "cs.LG")]) == ((), ("cs.LG",))


def test_no_text_of_an_interest_is_taken_for_anything_else() -> None:
    odd = "--weight 3 [x2]; category: cs.LG"

    assert read_interests([("interest", odd)]) == ((Interest(odd),), ())


@pytest.mark.parametrize(
    "spoken,message",
    [
        ([("weight", 2.0), ("interest", "graphs")], "--weight stands behind the --interest that it belongs to"),
        ([("seed", "2611.00001")], "--seed stands behind"),
        ([("interest", "graphs"), ("weight", 2.0), ("weight", 3.0)], "the interest 'graphs' has two weights"),
    ],
)
def test_what_belongs_to_no_interest_is_refused(spoken: list[tuple[str, Any]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_interests(spoken)
