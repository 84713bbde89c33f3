"""What a digest holds: the gate, room, repetitions, followed authors, every interest, order."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.digest import Ranked
from pipeline.ports import Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank.places import PlacingRanker
from tests.fakes.rankings import FixedRanker, at_angles, make_ranked

FAR_APART = {"a": 0.0, "b": 90.0, "c": 180.0, "d": 270.0}


def _placed(
    ranking: Sequence[Ranked], candidates: Sequence[Candidate], profile: Profile | None = None, **asked: object
) -> list[Ranked]:
    eligible = frozenset(one.paper_id for one in ranking)
    request = RankRequest(profile or Profile(), eligible, **asked)  # type: ignore[arg-type]  # named by the test
    return PlacingRanker(FixedRanker(*ranking)).rank([request], candidates)[0]


def _digest(ranking: Sequence[Ranked]) -> list[str]:
    return [one.paper_id for one in sorted(ranking, key=lambda one: one.place) if one.place]


def test_what_reaches_the_gate_has_a_place_and_what_is_far_below_has_none() -> None:
    ranking = [make_ranked("a", 0.9), make_ranked("b", 0.5), make_ranked("c", 0.05)]

    placed = _placed(ranking, at_angles(FAR_APART))

    assert [(one.paper_id, one.place) for one in placed] == [("a", 1), ("b", 2), ("c", 0)]


def test_a_digest_holds_no_more_than_it_may() -> None:
    placed = _placed([make_ranked(one) for one in "abcd"], at_angles(FAR_APART), most=2)

    assert _digest(placed) == ["a", "b"]


def test_a_day_without_anything_good_enough_stays_empty() -> None:
    placed = _placed([make_ranked("a", 0.49), make_ranked("b", 0.45)], at_angles(FAR_APART))

    assert _digest(placed) == []


def test_the_ranking_keeps_its_order_and_its_scores() -> None:
    ranking = [make_ranked("a", 0.9), make_ranked("b", 0.89), make_ranked("c", 0.88)]

    placed = _placed(ranking, at_angles({"a": 0.0, "b": 10.0, "c": 90.0}))

    assert [(one.paper_id, one.score) for one in placed] == [(one.paper_id, one.score) for one in ranking]
    assert _digest(placed) == ["a", "c", "b"]


def test_places_that_an_earlier_ranker_gave_do_not_count() -> None:
    ranking = [make_ranked("a", 0.9, place=3), make_ranked("b", 0.8, place=1)]

    placed = _placed(ranking, at_angles(FAR_APART), most=1)

    assert [(one.paper_id, one.place) for one in placed] == [("a", 1), ("b", 0)]


def test_one_work_under_two_ids_has_one_place_and_the_other_names_it() -> None:
    candidates = at_angles({"a": 0.0, "b": 40.0}, title="The same work", authors=("Ada Lind", "Bo Okafor"))

    placed = _placed([make_ranked("a", 0.9), make_ranked("b", 0.8)], candidates)

    assert [(one.paper_id, one.place, one.same_as) for one in placed] == [("a", 1, ""), ("b", 0, "a")]


def test_the_room_of_a_repetition_goes_to_the_next_paper() -> None:
    candidates = [*at_angles({"a": 0.0, "b": 5.0}, title="The same", authors=("Ada Lind",)), *at_angles({"c": 90.0})]

    placed = _placed([make_ranked(one) for one in "abc"], candidates, most=2)

    assert _digest(placed) == ["a", "c"]


def test_a_followed_author_comes_first_and_is_never_displaced() -> None:
    candidates = [*at_angles({"a": 0.0, "b": 1.0}, authors=("Ada Lind",)), *at_angles({"c": 90.0, "d": 180.0})]
    ranking = [make_ranked("a", 0.95), make_ranked("b", 0.95), make_ranked("c", 0.99), make_ranked("d", 0.8)]

    placed = _placed(ranking, candidates, Profile(authors=("A. Lind",)), most=3)

    assert _digest(placed) == ["a", "b", "c"]


def test_papers_known_to_be_by_a_followed_author_come_first_too() -> None:
    ranking = [make_ranked("a", 0.95), make_ranked("b", 0.9)]

    placed = _placed(ranking, at_angles(FAR_APART), authored={"b": "0000-0001"}, most=1)

    assert _digest(placed) == ["b"]


def test_every_interest_has_its_say() -> None:
    loud = [make_ranked(f"a{number}", 0.97, "robots") for number in range(8)]
    ranking = [*loud, make_ranked("b", 0.55, "stars"), make_ranked("c", 0.5, "books")]
    profile = Profile((Interest("robots"), Interest("stars"), Interest("books")))
    candidates = at_angles({one.paper_id: 40.0 * number for number, one in enumerate(ranking)})

    placed = _placed(ranking, candidates, profile, most=4)

    assert {one.interest for one in placed if one.place} == {"robots", "stars", "books"}


def test_a_heavier_interest_gets_more_places() -> None:
    ranking = [make_ranked(f"{name}{number}", 0.8, name) for name in ("robots", "stars") for number in range(9)]
    candidates = at_angles({one.paper_id: 0.0 for one in ranking})

    even = _placed(ranking, candidates, Profile((Interest("robots"), Interest("stars"))), most=6)
    heavy = _placed(ranking, candidates, Profile((Interest("robots", 2.0), Interest("stars"))), most=6)

    counts = [sum(one.interest == "robots" for one in placed if one.place) for placed in (even, heavy)]
    assert counts == [3, 4]


def test_a_paper_that_brings_something_new_stands_before_one_like_those_above() -> None:
    ranking = [make_ranked("a", 0.9), make_ranked("b", 0.85), make_ranked("c", 0.8)]

    placed = _placed(ranking, at_angles({"a": 0.0, "b": 5.0, "c": 90.0}))

    assert _digest(placed) == ["a", "c", "b"]


def test_a_long_tail_without_hope_changes_nothing() -> None:
    tail = [make_ranked(f"t{number}", 0.01) for number in range(200)]
    candidates = at_angles({"a": 0.0, **{one.paper_id: 90.0 for one in tail}})

    placed = _placed([make_ranked("a"), *tail], candidates)

    assert (len(placed), _digest(placed)) == (201, ["a"])


def test_readers_have_digests_of_their_own() -> None:
    first = FixedRanker(*(make_ranked(one) for one in "abcd"))
    requests = [RankRequest(Profile(), frozenset("ab")), RankRequest(Profile(), frozenset("cd"), most=1)]

    placed = PlacingRanker(first).rank(requests, at_angles(FAR_APART))

    assert [_digest(one) for one in placed] == [["a", "b"], ["c"]]


def test_the_order_of_the_candidates_changes_nothing() -> None:
    ranking = [make_ranked(one) for one in "abcd"]
    candidates = at_angles({"a": 0.0, "b": 5.0, "c": 10.0, "d": 60.0})

    assert _placed(ranking, candidates) == _placed(ranking, candidates[::-1])


def test_nothing_to_place_is_no_trouble() -> None:
    assert _placed([], []) == []
    assert PlacingRanker(FixedRanker()).rank([], []) == []
