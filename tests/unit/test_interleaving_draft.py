"""A digest drafted by two rankers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import repeat

import pytest

from pipeline.digest import Ranked
from pipeline.errors import ConfigError
from pipeline.ports import Candidate, RankRequest
from pipeline.subscriber import Profile
from rerank.interleaving import TeamDraftRanker, draft
from rerank.places import PlacingRanker
from tests.fakes.rankings import FixedRanker, at_angles, make_ranked

A, B = "words vs learned", "learned vs words"
PAPERS = {name: 40.0 * number for number, name in enumerate("abcdefgh")}
CANDIDATES = at_angles(PAPERS)


def _digest(names: Iterable[str], why: str = "Because.") -> list[Ranked]:
    """A ranker's papers in the order of its digest, all of them placed."""
    names = list(names)
    return [make_ranked(name, 0.95 - 0.01 * number, place=number + 1, why=why) for number, name in enumerate(names)]


def _rank(
    one: list[Ranked], other: list[Ranked], most: int = 12, candidates: list[Candidate] | None = None, day: str = ""
) -> list[Ranked]:
    ranker = TeamDraftRanker(("words", FixedRanker(*one)), ("learned", FixedRanker(*other)), day)
    return ranker.rank([RankRequest(Profile(), frozenset(PAPERS), most=most)], candidates or CANDIDATES)[0]


def _shown(ranking: list[Ranked]) -> list[Ranked]:
    return sorted((one for one in ranking if one.place), key=lambda one: one.place)


def test_in_every_round_each_team_picks_the_best_that_it_has_left() -> None:
    work_of = {name: name for name in PAPERS}

    picks = list(draft((_digest("abcd"), _digest("bcea")), work_of, repeat(object=False)))

    assert [(pick.ranked.paper_id, pick.team) for pick in picks] == [
        ("a", 0),
        ("b", 1),
        ("c", 0),
        ("e", 1),
        ("d", -1),
    ]


def test_a_paper_is_told_as_its_team_has_it() -> None:
    one, other = _digest("ab", why="By words."), _digest("cd", why="By likes.")

    shown = _shown(_rank(one, other))

    assert {pick.paper_id: (pick.ranker, pick.why) for pick in shown} == {
        "a": (A, "By words."),
        "b": (A, "By words."),
        "c": (B, "By likes."),
        "d": (B, "By likes."),
    }
    assert [pick.place for pick in shown] == [1, 2, 3, 4]


def test_what_only_one_has_left_is_shown_and_credited_to_nobody() -> None:
    shown = _shown(_rank(_digest("abcd"), _digest("e")))

    assert Counter(pick.ranker for pick in shown) == {A: 1, B: 1, "": 3}


def test_where_one_has_nothing_nobody_is_credited() -> None:
    assert [(pick.paper_id, pick.ranker) for pick in _shown(_rank(_digest("ab"), []))] == [("a", ""), ("b", "")]


def test_a_draft_holds_no_more_than_a_digest_may() -> None:
    assert len(_shown(_rank(_digest("abcd"), _digest("efgh"), most=5))) == 5


def test_one_work_is_drafted_once_and_its_other_id_names_it() -> None:
    twins = at_angles({"a": 0.0, "e": 5.0}, title="The same work", authors=("Ada Lind",))

    ranking = _rank(
        _digest("ab"), _digest("ed"), candidates=[*twins, *(one for one in CANDIDATES if one.paper.id in "bd")]
    )

    shown = [pick.paper_id for pick in _shown(ranking)]
    assert sorted(shown) in (["a", "b", "d"], ["b", "d", "e"])
    left_out = next(one for one in ranking if one.paper_id in {"a", "e"} - set(shown))
    assert left_out.same_as == ({"a", "e"} & set(shown)).pop()


def test_papers_in_no_digest_stand_as_the_first_ranker_has_them() -> None:
    ranking = _rank([*_digest("a"), make_ranked("h", 0.2, why="Words say no.")], [*_digest("b"), make_ranked("h", 0.1)])

    last = next(one for one in ranking if one.paper_id == "h")
    assert (last.place, last.probability, last.why) == (0, 0.2, "Words say no.")


def test_every_paper_is_there_once_in_the_order_of_scores() -> None:
    ranking = _rank(_digest("abc"), _digest("cbd"))

    assert sorted(one.paper_id for one in ranking) == ["a", "b", "c", "d"]
    assert [one.score for one in ranking] == sorted((one.score for one in ranking), reverse=True)


def test_one_exploration_comes_last_and_is_credited_to_nobody() -> None:
    one = [*_digest("ab"), make_ranked("g", 0.45, place=3, is_exploration=True)]
    other = [*_digest("cd"), make_ranked("h", 0.45, place=3, is_exploration=True)]

    shown = _shown(_rank(one, other))

    assert [pick.is_exploration for pick in shown] == [False] * 4 + [True]
    assert shown[-1].ranker == ""
    assert sum(pick.is_exploration for pick in _rank(one, other)) == 1


def test_an_exploration_of_one_that_is_a_pick_of_the_other_is_a_pick() -> None:
    shown = _shown(_rank([*_digest("a"), make_ranked("c", 0.45, place=2, is_exploration=True)], _digest("c")))

    assert [(pick.paper_id, pick.is_exploration) for pick in sorted(shown, key=lambda one: one.paper_id)] == [
        ("a", False),
        ("c", False),
    ]


def test_two_empty_digests_make_an_empty_one() -> None:
    assert _shown(_rank([make_ranked("a", 0.2)], [make_ranked("a", 0.1)])) == []


def test_the_same_question_is_drafted_the_same_way() -> None:
    assert _rank(_digest("abcd"), _digest("dcba")) == _rank(_digest("abcd"), _digest("dcba"))


def test_another_seed_falls_every_way_in_time() -> None:
    drafts = [
        tuple(one.ranker for one in _shown(_rank(_digest("abcd"), _digest("dcba"), day=str(day)))) for day in range(30)
    ]

    assert len(set(drafts)) == 4  # two rounds of one toss each


def test_equal_rankers_tie_in_expectation() -> None:
    wanted = {"b", "c", "f"}
    earned = Counter(
        pick.ranker
        for day in range(1500)
        for pick in _shown(_rank(_digest("abcdefgh"), _digest("abcdefgh"), day=str(day)))
        if pick.paper_id in wanted
    )

    assert earned[A] + earned[B] == 4500
    assert abs(earned[A] - earned[B]) < 4 * 4500**0.5


def test_the_better_ranker_earns_more() -> None:
    wanted = {"e", "f"}
    earned = Counter(
        pick.ranker
        for day in range(200)
        for pick in _shown(_rank(_digest("abcdef"), _digest("efabcd"), most=4, day=str(day)))
        if pick.paper_id in wanted
    )

    assert earned[B] > 5 * earned[A]


def test_readers_of_a_draft_get_drafts_of_their_own() -> None:
    first, second = FixedRanker(*_digest("abcd")), FixedRanker(*_digest("dcba"))
    ranker = TeamDraftRanker(("words", PlacingRanker(first)), ("learned", PlacingRanker(second)))
    requests = [RankRequest(Profile(), frozenset(ids)) for ids in ("ab", "cd")]

    drafted = ranker.rank(requests, CANDIDATES)

    assert [{one.paper_id for one in _shown(ranking)} for ranking in drafted] == [{"a", "b"}, {"c", "d"}]


@pytest.mark.parametrize("names", [("words", "words"), ("", "words"), ("a vs b", "c"), ("w" * 40, "l" * 40)])
def test_names_that_could_not_be_told_apart_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="two short, different names are needed"):
        TeamDraftRanker((names[0], FixedRanker()), (names[1], FixedRanker()))
