from __future__ import annotations

import pytest

from pipeline.digest import Passage
from rerank import reason
from rerank.authors import Byline


@pytest.mark.parametrize(
    "section, page, expected",
    [
        ("Abstract", 0, "in the abstract"),
        ("Abstract", 1, "in the abstract, page 1"),
        ("4 Method > 4.2 Loss", 5, "in section 4.2, page 5"),
        ("4. Method", 5, "in section 4, page 5"),
        ("A.1 Proofs", 12, "in section A.1, page 12"),
        ("Related work", 2, 'in "Related work", page 2'),
        ("A study of owls", 2, 'in "A study of owls", page 2'),
        ("", 3, "on page 3"),
    ],
)
def test_a_reader_is_told_where_to_look(section: str, page: int, expected: str) -> None:
    assert reason.place(Passage("text", section, page)) == expected


def test_a_match_is_one_sentence_with_interest_and_place() -> None:
    passage = Passage("text", "4 Method > 4.2 Loss", 5)

    why = reason.sentence([reason.matched("dense retrieval of scientific text", passage, is_close=True), ""])

    assert why == 'Matches "dense retrieval of scientific text" in section 4.2, page 5.'


def test_several_reasons_stay_one_sentence() -> None:
    byline = Byline("Ada Lind", "Ada Lind")

    why = reason.sentence([reason.followed(byline), reason.matched("owls", None, is_close=False)])

    assert why == 'By Ada Lind, whom you follow; distantly related to "owls".'


def test_a_name_matched_by_its_initial_is_told_in_both_spellings() -> None:
    assert reason.followed(Byline("Jane Smith", "J. Smith")) == "by Jane Smith; you follow J. Smith"


def test_long_interests_are_shortened_and_quotation_marks_do_not_nest() -> None:
    assert reason.quote('what "owls" eat') == "\"what 'owls' eat\""
    assert len(reason.quote("owls " * 40)) <= 92


def test_no_reason_at_all_is_said_too() -> None:
    assert reason.sentence(["", ""]) == "Not close to anything you asked for."
