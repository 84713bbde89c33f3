"""Figures, dates and states in words."""

from __future__ import annotations

from datetime import date

import pytest

from mailer import words
from pipeline.digest import DayState, DaySummary, Passage

DAY = date(2026, 11, 17)


def summary(state: DayState, listed: int, stored: int, read: int, reason: str = "") -> DaySummary:
    return DaySummary(DAY, state, listed, stored, read, reason)


@pytest.mark.parametrize(
    "probability, text",
    [
        (1.0, "very likely worth your time"),
        (0.8, "very likely worth your time"),
        (0.79, "likely worth your time"),
        (0.6, "likely worth your time"),
        (0.59, "maybe worth your time"),
        (float("nan"), "maybe worth your time"),
    ],
)
def test_a_probability_is_told_in_three_steps(probability: float, text: str) -> None:
    assert words.verdict(probability) == text


def test_a_day_has_its_name_whatever_the_machine_s_language() -> None:
    assert (words.day_in_words(DAY), words.short_day(DAY)) == ("Tuesday 17 November", "17 Nov")


@pytest.mark.parametrize(
    "authors, text",
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B", "C", "D"], "A, B, C, D"),
        (["A", "B", "C", "D", "E"], "A, B, C, D and 1 more"),
    ],
)
def test_four_authors_are_named_and_the_others_counted(authors: list[str], text: str) -> None:
    assert words.authors_in_words(authors) == text


@pytest.mark.parametrize(
    "section, page, text",
    [
        ("5.2 Results", 7, "5.2 Results, page 7"),
        ("", 3, "page 3"),
        ("Abstract", 0, "abstract"),
        ("a\n b", 1, "a b, page 1"),
    ],
)
def test_a_passage_s_place_is_its_section_and_page(section: str, page: int, text: str) -> None:
    assert words.place_in_words(Passage("x", section, page)) == text


@pytest.mark.parametrize(
    "text, limit, clipped",
    [
        ("short enough", 12, "short enough"),
        ("cut between two words", 14, "cut between\u2026"),
        ("ends, with a comma", 6, "ends\u2026"),
        ("unbreakable" * 3, 10, "unbreakab\u2026"),
    ],
)
def test_long_text_is_cut_between_words(text: str, limit: int, clipped: str) -> None:
    assert words.clip(text, limit) == clipped


@pytest.mark.parametrize(
    "day, text",
    [
        (
            summary(DayState.COMPLETE, 48, 48, 45),
            "arXiv listed 48 papers for Tuesday 17 November; 48 are stored, 45 read in full.",
        ),
        (
            summary(DayState.COMPLETE, 48, 48, 48),
            "arXiv listed 48 papers for Tuesday 17 November; all are stored and read in full.",
        ),
        (
            summary(DayState.COMPLETE, 1, 1, 1),
            "arXiv listed 1 paper for Tuesday 17 November; it is stored and read in full.",
        ),
        (
            summary(DayState.UNCHECKED, 48, 48, 45, "the feed could not confirm the day: stale"),
            (
                "arXiv listed 48 papers for Tuesday 17 November; 48 are stored, 45 read in full."
                " The feed could not confirm the day: stale."
            ),
        ),
        (
            summary(DayState.AWAITING, 2, 1, 0, "nothing there yet"),
            (
                "arXiv listed 2 papers for Tuesday 17 November; 1 is stored, 0 read in full."
                " The list is not finished yet (nothing there yet); what is still to come will be in a later mail."
            ),
        ),
        (summary(DayState.NO_ANNOUNCEMENT, 0, 0, 0, "weekend"), "arXiv announced no papers for Tuesday 17 November."),
    ],
)
def test_the_ledger_is_told_in_a_sentence(day: DaySummary, text: str) -> None:
    assert words.ledger_sentence(day) == text


@pytest.mark.parametrize(
    "read, pages, cost_usd, sentence",
    [
        (45, 812, 0.4321, "Reading 45 papers, 812 pages: $0.43."),
        (45, 812, 0.0, "Reading 45 papers, 812 pages: on this machine, no cost."),
        (1, 1, 0.002, "Reading 1 paper, 1 page: less than $0.01."),
        (0, 0, 0.0, ""),
    ],
)
def test_the_foot_says_what_reading_took(read: int, pages: int, cost_usd: float, sentence: str) -> None:
    summary = DaySummary(DAY, DayState.COMPLETE, 48, 48, read, "", pages, cost_usd)

    assert words.reading_sentence(summary) == sentence
