"""Chance that can be replayed."""

from __future__ import annotations

from itertools import islice

from pipeline.ports import RankRequest
from pipeline.subscriber import Interest, Profile
from rerank.chance import is_its_turn, tosses


def _first(request: RankRequest, salt: str = "") -> list[bool]:
    return list(islice(tosses(request, salt), 300))


def test_the_same_question_falls_the_same_way_whatever_the_order_of_its_papers() -> None:
    assert _first(RankRequest(Profile(), frozenset("ab"))) == _first(RankRequest(Profile(), frozenset("ba")))


def test_another_day_another_profile_or_another_purpose_falls_another_way() -> None:
    asked = RankRequest(Profile(), frozenset("ab"))

    others = [
        _first(RankRequest(Profile(), frozenset("abc"))),
        _first(RankRequest(Profile((Interest("moss"),)), frozenset("ab"))),
        _first(RankRequest(Profile((), ("moss",)), frozenset("ab"))),
        _first(asked, "another"),
    ]

    assert len({tuple(one) for one in [_first(asked), *others]}) == 5


def test_tosses_are_even() -> None:
    days = [RankRequest(Profile(), frozenset({f"2611.{number:05}"})) for number in range(200)]

    heads = [sum(_first(day)) for day in days]

    assert 0.49 < sum(heads) / (200 * 300) < 0.51
    assert 80 < sum(_first(day)[0] for day in days) < 120


def test_a_turn_comes_once_in_so_many() -> None:
    days = [RankRequest(Profile(), frozenset({f"2611.{number:05}"})) for number in range(500)]

    assert 70 < sum(is_its_turn(day, "salt", 5) for day in days) < 130
