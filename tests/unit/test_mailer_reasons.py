"""A score's parts, as a line of the mail tells them."""

from __future__ import annotations

import pytest

from mailer.reasons import parts_in_words
from pipeline.digest import Part


@pytest.mark.parametrize(
    "log_odds, told",
    [(0.2, "a little"), (0.8, "clearly"), (2.0, "strongly"), (9.0, "strongly")],
)
def test_a_share_of_the_log_odds_has_one_of_three_sizes(log_odds: float, told: str) -> None:
    assert parts_in_words([Part("interest", log_odds, "")]) == f"For it: your interest ({told})."
    assert parts_in_words([Part("interest", -log_odds, "")]) == f"Against it: your interest ({told})."


@pytest.mark.parametrize("log_odds", [0.0, 0.19, -0.19])
def test_what_hardly_counts_is_not_told(log_odds: float) -> None:
    assert parts_in_words([Part("interest", log_odds, "")]) == ""


def test_parts_of_one_name_are_one() -> None:
    parts = [Part("words", 1.5, ""), Part("meaning", 0.6, ""), Part("category", -0.3, "")]

    assert parts_in_words(parts) == "For it: your likes (strongly). Against it: its category (a little)."


def test_what_every_paper_starts_from_is_no_reason() -> None:
    assert parts_in_words([Part("start", -4.0, "what any paper starts from"), Part("interest", 5.0, "")]) == (
        "For it: your interest (strongly)."
    )


def test_a_followed_author_comes_first_and_has_no_size() -> None:
    parts = [Part("authors", 0.5, ""), Part("author", 0.0, "by Ada Lind, whom you follow"), Part("answers", 1.0, "")]

    assert parts_in_words(parts) == (
        "For it: an author you follow; your answers so far (clearly); authors of what you liked (a little)."
    )


def test_a_part_without_a_known_name_is_told_in_its_own_words_cut_to_a_line() -> None:
    parts = [Part("moon", 1.0, "was written at full moon."), Part("tide", 0.9, "came with the tide, " * 9)]

    told = "came with the tide, came with the tide, came with the…"
    assert parts_in_words(parts) == f"For it: was written at full moon (clearly); {told} (clearly)."


def test_the_line_holds_four_reasons_for_and_two_against() -> None:
    parts = [Part(f"reason {number}", number / 2, "") for number in range(-4, 6)]

    assert parts_in_words(parts) == (
        "For it: reason 5 (strongly); reason 4 (strongly); reason 3 (clearly); reason 2 (clearly). "
        "Against it: reason -4 (strongly); reason -3 (clearly)."
    )
