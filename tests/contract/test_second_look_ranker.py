"""The second look over the real first stage keeps what the port `Ranker` promises."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.digest import Ranked
from pipeline.ports import Ranker, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from rerank.second_look import Look, SecondLookRanker
from tests.fakes.candidates import make_candidate
from tests.fakes.encoder import HashedEncoder
from tests.fakes.pair_memory import DictMemory
from tests.fakes.scorers import ListedScorer

DAY = (
    make_candidate("2611.00001", "owl fox elk", title="owl fox"),
    make_candidate("2611.00002", "owl fox in medical scans", "medical scans of fox", title="medical scans"),
    make_candidate("2611.00003", "pond reed frog", title="frog pond"),
    make_candidate("2611.00004", "fox den", title="fox"),
    make_candidate("2611.00005", "salt", title="salt"),
)
EVERYTHING = frozenset(one.paper.id for one in DAY)
OWLS = Profile((Interest("owl fox"),), negatives=("medical scans",))
FROGS = Profile((Interest("frog pond"), Interest("owl fox")))


def _ranker(favourite: str = "medical") -> Ranker:
    scorer = ListedScorer({favourite: 40.0, "den": -3.0})
    return SecondLookRanker(open_ranker(HashedEncoder()), scorer, DictMemory(), Look(weight=1.0))


def _rank(profile: Profile, eligible: frozenset[str] = EVERYTHING) -> list[Ranked]:
    return _ranker().rank([RankRequest(profile, eligible)], DAY)[0]


def test_every_eligible_paper_is_ranked_once_and_no_other() -> None:
    some = frozenset({"2611.00003", "2611.00001", "2611.99999"})

    assert {one.paper_id for one in _rank(OWLS)} == EVERYTHING
    assert sorted(one.paper_id for one in _rank(OWLS, some)) == ["2611.00001", "2611.00003"]


@pytest.mark.parametrize("profile", [OWLS, FROGS, Profile(), Profile(authors=("Ada Lind",))])
def test_the_best_come_first_and_equal_ones_by_id(profile: Profile) -> None:
    ranking = _rank(profile)

    assert all((-a.score, a.paper_id) < (-b.score, b.paper_id) for a, b in pairwise(ranking))
    assert all(0 <= one.probability <= 1 for one in ranking)


def test_a_paper_that_a_negative_is_about_stays_below_the_gate_however_much_the_scorer_likes_it() -> None:
    unwanted = next(one for one in _rank(OWLS) if one.paper_id == "2611.00002")

    assert unwanted.probability < 0.5


def test_a_reader_is_ranked_the_same_alone_and_among_others() -> None:
    requests = [RankRequest(profile, EVERYTHING) for profile in (FROGS, OWLS)]

    together = _ranker().rank(requests, DAY)

    assert together == [_rank(FROGS), _rank(OWLS)]


def test_the_same_day_is_ranked_the_same_whatever_the_order_of_its_papers() -> None:
    request = RankRequest(FROGS, EVERYTHING)

    assert _ranker().rank([request], DAY[::-1]) == _ranker().rank([request], DAY)


def test_an_empty_day_is_an_empty_ranking() -> None:
    assert _ranker().rank([RankRequest(OWLS, frozenset())], []) == [[]]
