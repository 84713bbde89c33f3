"""How likely a paper must be worth reading to get into a digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.questions import rank_request
from pipeline.selection import Selection
from pipeline.subscriber import Interest, Profile, Volume
from tests.fakes.candidates import make_candidate


@pytest.mark.parametrize("volume, gate", [(Volume.FEW, 0.75), (Volume.NORMAL, 0.5), (Volume.MANY, 0.25)])
def test_few_asks_for_odds_of_three_to_one_and_many_is_content_with_one_to_three(volume: Volume, gate: float) -> None:
    assert Selection(min_probability=0.5).gate(volume) == pytest.approx(gate, abs=1e-12)


def test_another_gate_is_moved_by_the_same_odds() -> None:
    selection = Selection(min_probability=0.8)  # odds of 4 to 1

    assert selection.gate(Volume.FEW) == pytest.approx(12 / 13)
    assert selection.gate(Volume.NORMAL) == pytest.approx(0.8)
    assert selection.gate(Volume.MANY) == pytest.approx(4 / 7)


@pytest.mark.parametrize("volume", Volume)
def test_a_gate_for_all_or_for_nothing_stays_one(volume: Volume) -> None:
    assert Selection(min_probability=0.0).gate(volume) == 0.0
    assert Selection(min_probability=1.0).gate(volume) == 1.0


def test_a_question_carries_the_gate_of_its_reader_and_the_most_papers() -> None:
    asked = rank_request(Profile(volume=Volume.FEW), ["1"], {}, Selection(7, 0.5))

    assert asked.gate == pytest.approx(0.75)
    assert asked.most == 7
    assert rank_request(Profile(), ["1"], {}).gate == 0.5


def test_seeds_likes_and_saves_are_wanted_each_once() -> None:
    interests = (Interest("owls", seeds=("s1", "both")), Interest("bread", seeds=("s2",)))
    profile = Profile(interests, likes=("l1", "both"), saves=("v1", "l1"))

    assert profile.wanted_papers == ("s1", "both", "s2", "l1", "v1")


def test_what_is_disliked_is_not_wanted_though_it_was_a_seed() -> None:
    profile = Profile((Interest("owls", seeds=("a", "b")),), likes=("c",), saves=("d",), dislikes=("b", "d"))

    assert profile.wanted_papers == ("a", "c")
    assert profile.taught == {"a", "b", "c", "d"}


def test_a_question_holds_the_wanted_and_the_disliked_papers_that_are_stored() -> None:
    stored = {one: make_candidate(one, "owl") for one in ("a", "c", "d")}
    profile = Profile((Interest("owls", seeds=("a", "b")),), saves=("c",), dislikes=("d", "e"))

    asked = rank_request(profile, ["x", "y"], stored)

    assert asked.liked == (stored["a"], stored["c"])
    assert asked.disliked == (stored["d"],)
    assert asked.eligible == {"x", "y"}
    assert replace(asked, liked=(), disliked=()).profile == profile
