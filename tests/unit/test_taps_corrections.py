"""Refusals: what they change in a profile, and how they are taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.corrections import Correction, Refusal, Share, correct, decide, take_back
from pipeline.subscriber import Interest, Profile

WALKS = Interest("robots that walk", weight=2.0, categories=("cs.RO",), seeds=("2611.00007",))
TOUCH = Interest("gripping by touch")
PROFILE = Profile(
    interests=(WALKS, TOUCH), negatives=("satellite images",), authors=("Ada Lind", "Bo Okafor"), avoided_authors=("X",)
)
ALL = Refusal(("Ada Lind", "Chiara d'Este"), "drones", "robots that walk", Share.NONE)


def test_a_refusal_changes_authors_topics_and_the_interest() -> None:
    assert correct(PROFILE, decide(PROFILE, ALL)) == Profile(
        interests=(TOUCH,),
        negatives=("satellite images", "drones"),
        authors=("Bo Okafor",),
        avoided_authors=("X", "Ada Lind", "Chiara d'Este"),
    )


def test_an_interest_that_counts_half_keeps_its_place_and_its_hints() -> None:
    correction = decide(PROFILE, Refusal(interest="robots that walk", share=Share.HALF))

    assert correct(PROFILE, correction).interests == (replace(WALKS, weight=1.0), TOUCH)


@pytest.mark.parametrize("share", list(Share))
def test_what_was_taken_back_was_never_there(share: Share) -> None:
    correction = decide(PROFILE, replace(ALL, share=share))

    before = take_back(correct(PROFILE, correction), correction)

    assert before.interests == PROFILE.interests
    assert before.negatives == PROFILE.negatives
    assert set(before.authors) == set(PROFILE.authors)
    assert before.avoided_authors == PROFILE.avoided_authors


def test_taking_back_twice_is_taking_back_once() -> None:
    correction = decide(PROFILE, ALL)
    once = take_back(correct(PROFILE, correction), correction)

    assert take_back(once, correction) == once


def test_what_was_so_already_is_no_part_of_a_correction_and_outlives_it() -> None:
    correction = decide(PROFILE, Refusal(("X",), "satellite images"))

    assert not correction
    assert correction == Correction()


def test_other_capitals_say_nothing_new() -> None:
    correction = decide(PROFILE, Refusal(("ADA LIND", "x"), "Satellite Images"))

    assert correction == Correction(avoided=("ADA LIND",), unfollowed=("Ada Lind",))


def test_taking_back_leaves_what_was_said_since() -> None:
    correction = decide(PROFILE, ALL)
    since = replace(correct(PROFILE, correction), interests=(), negatives=("drones", "boats"))

    after = take_back(since, correction)

    assert after.interests == (WALKS,)
    assert after.negatives == ("boats",)


def test_an_interest_that_is_no_more_cannot_be_dropped() -> None:
    assert not decide(PROFILE, Refusal(interest="robots that fly", share=Share.NONE))
