"""The one paper from below the gate that a digest may hold to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.digest import Part, Ranked
from pipeline.ports import Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank.places import PlacingRanker
from tests.fakes.rankings import FixedRanker, at_angles, make_ranked

ANGLES = {"a": 0.0, "b": 60.0, "c": 120.0, "d": 180.0}


def _explored(
    ranking: Sequence[Ranked],
    candidates: Sequence[Candidate] | None = None,
    profile: Profile | None = None,
    most: int = 12,
) -> list[tuple[str, int]]:
    request = RankRequest(profile or Profile(), frozenset(one.paper_id for one in ranking), most=most)
    placed = PlacingRanker(FixedRanker(*ranking)).rank([request], candidates or at_angles(ANGLES))[0]
    return [(one.paper_id, one.place) for one in placed if one.is_exploration]


def test_the_paper_nearest_below_the_gate_stands_last_and_is_marked() -> None:
    assert _explored([make_ranked("a", 0.9), make_ranked("c", 0.48), make_ranked("d", 0.36)]) == [("c", 2)]


def test_of_papers_as_near_the_least_familiar_is_shown() -> None:
    ranking = [make_ranked("a", 0.9), make_ranked("b", 0.45), make_ranked("c", 0.45)]

    assert _explored(ranking) == [("c", 2)]
    assert _explored(ranking, profile=Profile(likes=("c",))) == [("b", 2)]
    assert _explored(ranking, profile=Profile(dislikes=("c",))) == [("b", 2)]


def test_an_empty_digest_is_not_filled_with_an_exploration() -> None:
    assert _explored([make_ranked("a", 0.49)]) == []


def test_a_full_digest_has_no_room_for_one() -> None:
    assert _explored([make_ranked("a", 0.9), make_ranked("b", 0.45)], most=1) == []


def test_there_is_one_at_most() -> None:
    assert len(_explored([make_ranked("a"), *(make_ranked(one, 0.45) for one in "bcd")])) == 1


def test_what_a_negative_or_an_avoided_author_overrules_is_never_explored() -> None:
    for name in ("negative", "avoided author"):
        parts = (Part("interest", 3.0, "matches"), Part(name, -4.0, "not wanted"))

        assert _explored([make_ranked("a"), make_ranked("c", 0.49, parts=parts)]) == []


def test_a_reader_with_negatives_is_shown_nothing_of_which_no_reasons_are_told() -> None:
    profile, told = Profile((), ("moss",)), (Part("interest", -0.2, "matches"),)

    assert _explored([make_ranked("a"), make_ranked("c", 0.49)], profile=profile) == []
    assert _explored([make_ranked("a"), make_ranked("c", 0.49, parts=told)], profile=profile) == [("c", 2)]


def test_an_avoided_author_is_known_by_name_even_where_no_part_tells() -> None:
    candidates = [*at_angles({"a": 0.0}), *at_angles({"c": 120.0}, authors=("Cy Berg",))]

    assert (
        _explored([make_ranked("a"), make_ranked("c", 0.49)], candidates, Profile(avoided_authors=("C. Berg",))) == []
    )


def test_what_nearly_repeats_a_paper_of_the_digest_is_never_explored() -> None:
    candidates = at_angles({"a": 0.0, "c": 60.0}, title="The same", authors=("Ada Lind",))

    assert _explored([make_ranked("a"), make_ranked("c", 0.49)], candidates) == []


def test_far_below_the_gate_nothing_is_explored() -> None:
    assert _explored([make_ranked("a"), make_ranked("c", 0.16)]) == []


def test_without_anything_near_the_border_one_digest_in_five_explores() -> None:
    profiles = [Profile((Interest(f"interest number {number}"),)) for number in range(200)]
    ranking = [make_ranked("a"), make_ranked("c", 0.25)]

    exploring = [bool(_explored(ranking, profile=profile)) for profile in profiles]

    assert exploring == [bool(_explored(ranking, profile=profile)) for profile in profiles]
    assert 20 <= sum(exploring) <= 60


def test_the_border_moves_with_the_gate() -> None:
    request = RankRequest(Profile(), frozenset("ab"), gate=0.75)
    first = FixedRanker(make_ranked("a", 0.9), make_ranked("b", 0.7))

    placed = PlacingRanker(first).rank([request], at_angles(ANGLES))[0]

    assert [(one.paper_id, one.is_exploration) for one in placed if one.place] == [("a", False), ("b", True)]


def test_a_gate_at_the_end_of_the_scale_leaves_nothing_to_explore() -> None:
    request = RankRequest(Profile(), frozenset("ab"), gate=0.0)

    placed = PlacingRanker(FixedRanker(make_ranked("a", 0.9), make_ranked("b", 0.1))).rank(
        [request], at_angles(ANGLES)
    )[0]

    assert [one.is_exploration for one in placed] == [False, False]


def test_nothing_known_is_as_good_as_anything_to_explore() -> None:
    textless = [Candidate(one.paper, (), np.zeros((0, 2), np.float32)) for one in at_angles(ANGLES)]

    assert _explored([make_ranked("a"), make_ranked("c", 0.45), make_ranked("d", 0.4)], textless) == [("c", 2)]
