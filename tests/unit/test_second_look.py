"""The second look at a day: who is asked what, and what the answers may change."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Sequence

import pytest

from pipeline.digest import Part, Passage, Ranked
from pipeline.errors import RerankError
from pipeline.ports import F32, Pair, PairScorer, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank.second_look import Look, SecondLookRanker
from tests.fakes.candidates import make_candidate
from tests.fakes.pair_memory import DictMemory, SaidRanker
from tests.fakes.scorers import ListedScorer, Seconds

DAY = [
    make_candidate("2611.00001", "owls at night", title="One"),
    make_candidate("2611.00002", "foxes in snow", "a den in detail", title="Two"),
    make_candidate("2611.00003", "yaks on hills", title="Three"),
]
LIBRARY = [make_candidate("2601.00001", "a", title="Old"), make_candidate("2601.00002", "b", title="New")]
EVERYTHING = frozenset(one.paper.id for one in DAY)
WHOLE = Look(depth=3, weight=1.0)
READER = Profile((Interest("owls"), Interest("hills, but not snow")))


def _ranked(number: int, log_odds: float, interest: str = "owls", parts: tuple[Part, ...] = ()) -> Ranked:
    likely = 1 / (1 + math.exp(-log_odds))
    return Ranked(f"2611.0000{number}", log_odds, likely, "Because.", interest, parts=parts)


def _look(
    scorer: PairScorer,
    rankings: list[list[Ranked]],
    *,
    profile: Profile = READER,
    look: Look = WHOLE,
    memory: DictMemory | None = None,
) -> list[list[Ranked]]:
    liked = tuple(one for one in LIBRARY if one.paper.id in profile.likes)
    requests = [RankRequest(profile, EVERYTHING, liked=liked) for _ in rankings]
    ranker = SecondLookRanker(SaidRanker(rankings), scorer, memory or DictMemory(), look)
    return ranker.rank(requests, DAY)


def _order(ranking: Sequence[Ranked]) -> list[int]:
    return [int(one.paper_id[-1]) for one in ranking]


def test_readers_of_one_interest_have_it_asked_once_about_each_paper() -> None:
    scorer = ListedScorer({"snow": 1.0})

    _look(scorer, [[_ranked(1, 2), _ranked(2, 1)], [_ranked(2, 3), _ranked(3, 0)]])

    assert scorer.asked == [("owls", ("One. owls at night", "Two. foxes in snow", "Three. yaks on hills"))]


def test_an_interest_is_asked_without_its_exceptions() -> None:
    scorer = ListedScorer()

    _look(scorer, [[_ranked(3, 1, "hills, but not snow")]])

    assert [query for query, _ in scorer.asked] == ["hills"]


def test_the_second_reading_decides_the_order_within_the_range_of_the_first() -> None:
    [ranking] = _look(ListedScorer({"owls": -4.0, "snow": 8.0, "hills": 2.0}), [[_ranked(1, 3), _ranked(2, 1)]])

    assert _order(ranking) == [2, 1]
    assert [one.score for one in ranking] == [3.0, 1.0]
    assert [round(one.probability, 4) for one in ranking] == [0.9526, 0.7311]
    assert ranking[0].parts == (Part("second look", 2.0, 'read beside "owls", it answers better'),)
    assert ranking[1].parts[0].log_odds == -2.0


def test_half_the_weight_moves_half_the_way() -> None:
    [ranking] = _look(
        ListedScorer({"owls": 0.0, "snow": 1.0}),
        [[_ranked(1, 3), _ranked(2, 1)]],
        look=Look(depth=3, weight=0.25),
    )

    assert [(one.paper_id[-1], one.score) for one in ranking] == [("1", 2.5), ("2", 1.5)]


def test_only_papers_of_one_interest_are_compared() -> None:
    first = [_ranked(1, 3), _ranked(2, 2, "hills, but not snow"), _ranked(3, 1)]

    [ranking] = _look(ListedScorer({"owls": 0.0, "snow": 99.0, "hills": 5.0}), [first])

    assert [(one.paper_id[-1], one.score) for one in ranking] == [("3", 3.0), ("2", 2.0), ("1", 1.0)]


def test_papers_below_the_head_are_not_read() -> None:
    scorer = ListedScorer({"hills": 9.0})

    [ranking] = _look(scorer, [[_ranked(1, 3), _ranked(2, 2), _ranked(3, 1)]], look=Look(depth=2, weight=1.0))

    assert len(scorer.asked[0][1]) == 2
    assert ranking[2] == _ranked(3, 1)


def test_a_day_without_a_match_gets_none_by_being_read_again() -> None:
    first = [_ranked(1, -5), _ranked(2, -6), _ranked(3, -7)]

    [ranking] = _look(ListedScorer({"hills": 30.0}), [first])

    assert _order(ranking)[0] == 3
    assert max(one.score for one in ranking) <= -5


def test_a_paper_that_a_negative_settles_is_not_read() -> None:
    against = (Part("negative", -1.0, "is about snow"),)
    first = [_ranked(1, 3), _ranked(3, 2), _ranked(2, -1, parts=against)]
    scorer = ListedScorer({"snow": 9.0, "hills": 1.0})

    [ranking] = _look(scorer, [first], profile=Profile((Interest("owls"),), ("snow",)))

    assert [len(passages) for _, passages in scorer.asked] == [2]
    assert ranking[2] == first[2]


def test_a_paper_near_to_a_dislike_is_not_lifted_over_the_gate() -> None:
    against = (Part("interest", 1.0, "matches"), Part("dislikes", -2.0, "close to a paper you disliked"))
    first = [_ranked(1, 3, parts=(Part("interest", 3.0, ""),)), _ranked(2, -1, parts=against)]

    [ranking] = _look(ListedScorer({"snow": 9.0}), [first], profile=Profile((Interest("owls"),), dislikes=("x",)))

    lifted = next(one for one in ranking if one.paper_id[-1] == "2")
    assert -0.02 < lifted.score < 0
    assert lifted.probability < 0.5


def test_where_it_is_not_told_what_speaks_a_reader_of_negatives_has_nothing_lifted_over_the_gate() -> None:
    [ranking] = _look(
        ListedScorer({"snow": 9.0}),
        [[_ranked(1, 3), _ranked(2, -1)]],
        profile=Profile((Interest("owls"),), ("hills",)),
    )

    assert max(one.probability for one in ranking if one.paper_id[-1] == "2") < 0.5


def test_a_paper_that_nothing_speaks_against_may_be_lifted_over_the_gate() -> None:
    told = (Part("interest", 3.0, ""), Part("start", -4.0, ""))
    first = [_ranked(1, 3), _ranked(2, -1, parts=told)]

    [ranking] = _look(ListedScorer({"snow": 9.0}), [first], profile=Profile((Interest("owls"),), ("hills",)))

    assert _order(ranking) == [2, 1]
    assert ranking[0].probability > 0.9


def test_a_failing_scorer_leaves_the_ranking_as_it_was_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    first = [_ranked(1, 3), _ranked(2, 2, "hills, but not snow"), _ranked(3, 1)]
    scorer = ListedScorer(error=RerankError("out of memory"))

    with caplog.at_level(logging.INFO):
        [ranking] = _look(scorer, [first])

    assert ranking == first
    assert len(scorer.asked) == 1
    assert caplog.messages == ["second look: 2 interests stand as first ranked: out of memory"]


def test_what_was_read_before_is_not_asked_again() -> None:
    memory, scorer = DictMemory(), ListedScorer({"snow": 1.0})
    first = [[_ranked(1, 2), _ranked(2, 1)]]
    once = _look(scorer, first, memory=memory)

    again = _look(scorer, first, memory=memory)

    assert len(scorer.asked) == 1
    assert again == once
    assert Pair(hashlib.sha256(b"owls").hexdigest(), "2611.00002", 1) in memory.scores


def test_what_is_remembered_serves_while_the_scorer_is_down() -> None:
    memory = DictMemory()
    first = [_ranked(1, 3), _ranked(2, 2), _ranked(3, 1, "hills, but not snow")]
    [whole] = _look(ListedScorer({"snow": 1.0}), [first[:2]], memory=memory)

    [ranking] = _look(ListedScorer(error=RerankError("down")), [first], memory=memory)

    assert ranking == [*whole, first[2]]


def test_a_paper_more_makes_its_interest_be_asked_whole_for_scores_compare_within_a_call_only() -> None:
    memory, scorer = DictMemory(), ListedScorer()
    _look(scorer, [[_ranked(1, 2), _ranked(2, 1)]], memory=memory)

    _look(scorer, [[_ranked(1, 2), _ranked(2, 1), _ranked(3, 0)]], memory=memory)

    assert [len(passages) for _, passages in scorer.asked] == [2, 3]


def test_interests_that_the_budget_does_not_reach_stand_as_they_were(caplog: pytest.LogCaptureFixture) -> None:
    clock = Seconds()

    class Slow(ListedScorer):
        def score(self, query: str, passages: Sequence[str]) -> F32:
            clock.now += 100
            return super().score(query, passages)

    first = [_ranked(1, 3), _ranked(2, 2), _ranked(3, 1, "hills, but not snow")]
    scorer = Slow({"snow": 1.0})
    look = Look(depth=3, weight=1.0, budget_s=60)

    with caplog.at_level(logging.INFO):
        ranker = SecondLookRanker(SaidRanker([first]), scorer, DictMemory(), look, clock)
        [ranking] = ranker.rank([RankRequest(READER, EVERYTHING)], DAY)

    assert [query for query, _ in scorer.asked] == ["hills"]
    assert ranking == first
    assert caplog.messages == ["second look: 1 interests stand as first ranked: the time is up"]


def test_likes_alone_are_asked_by_the_titles_that_the_head_resembles() -> None:
    scorer = ListedScorer({"snow": 1.0})
    first = [_ranked(1, 2, ""), _ranked(2, 1, "")]

    [ranking] = _look(scorer, [first], profile=Profile(likes=("2601.00001", "2601.00002")))

    assert [query for query, _ in scorer.asked] == ["Old; New"]
    assert _order(ranking) == [2, 1]


def test_the_quoted_chunk_is_read_after_the_abstract() -> None:
    scorer = ListedScorer()
    quoted = Ranked("2611.00002", 1.0, 0.7, "", "owls", Passage("a den", "1 Part 1", 1, chunk_id=2))

    _look(scorer, [[quoted]])

    assert scorer.asked[0][1] == ("Two. foxes in snow a den in detail",)
