"""Which likes show which interest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.ports import F32, RankRequest
from pipeline.subscriber import Interest
from rerank.background import Background, learn_background
from rerank.day import Day, lay_out
from rerank.fusion import border, border_of_interest
from rerank.tastes import Judged, Tastes, untaught
from rerank.wishes import read_wishes
from tests.fakes.encoder import HashedEncoder
from tests.fakes.tastes import id_of, make_archive, make_reader, make_topical, make_topical_day

OWLS, BREAD = "owl feather talon", "bread dough yeast"


@pytest.fixture(scope="module")
def day() -> Day:
    return lay_out(make_topical_day(), 256)


@pytest.fixture(scope="module")
def background() -> Background:
    learned = learn_background(make_archive().sample)
    assert learned
    return learned


def _judge(day: Day, background: Background, asked: RankRequest, *others: RankRequest) -> Judged:
    """One reader's day beside others', of an evidence of 1 everywhere."""
    wishes = read_wishes(asked.profile).wanted
    vectors = HashedEncoder().encode_queries([wish.topic for wish in wishes])
    evidence: F32 = np.ones((len(wishes), len(day.candidates)), np.float32)
    return Tastes(day, background, [asked, *others]).among([asked, *others]).judge(asked, wishes, evidence, vectors)


def _likes(judged: Judged) -> list[int]:
    return [one.likes if one else 0 for one in (*judged.of_interest, judged.of_all)]


def test_a_like_shows_the_interest_that_it_is_near_to(day: Day, background: Background) -> None:
    judged = _judge(day, background, make_reader({"owls": 2, "bread": 1}, OWLS, BREAD))

    assert _likes(judged) == [2, 1, 0]


def test_few_likes_that_show_no_interest_judge_for_themselves(day: Day, background: Background) -> None:
    judged = _judge(day, background, make_reader({"kites": 3}, Interest("glacier ice moraine crevasse melt firn")))

    assert judged.of_all
    assert sum(_likes(judged)) == 3
    assert np.isfinite(judged.alone).all()


@pytest.mark.parametrize("likes, speaking", [(4, 0), (5, 5), (6, 6)])
def test_five_likes_speak_for_themselves_beside_the_interest_that_explains_them(
    day: Day, background: Background, likes: int, speaking: int
) -> None:
    judged = _judge(day, background, make_reader({"owls": likes}, OWLS))

    assert _likes(judged) == [likes, speaking]
    assert np.isfinite(judged.alone).all() == bool(speaking)


def test_a_seed_shows_the_interest_it_was_given_for_whatever_it_is_near_to(day: Day, background: Background) -> None:
    seeds = tuple(make_topical("bread", number, "liked") for number in range(2))
    interest = Interest(OWLS, seeds=tuple(one.paper.id for one in seeds))

    judged = _judge(day, background, replace(make_reader({}, interest, BREAD), liked=seeds))

    assert _likes(judged) == [2, 0, 0]


def test_a_paper_that_only_another_reader_likes_is_no_seed_of_mine(day: Day, background: Background) -> None:
    interest = Interest(OWLS, seeds=(id_of("bread", 0, "liked"),))

    judged = _judge(day, background, make_reader({"owls": 1}, interest), make_reader({"bread": 4}))

    assert _likes(judged) == [1, 0]


def test_other_readers_change_no_judgement(day: Day, background: Background) -> None:
    asked = make_reader({"owls": 3, "bread": 2}, OWLS)

    alone = _judge(day, background, asked)
    beside = _judge(day, background, asked, make_reader({"bread": 5, "owls": 6}, BREAD))

    assert beside.wanted == pytest.approx(alone.wanted, abs=1e-3)
    assert beside.alone == pytest.approx(alone.alone, abs=1e-3)


def test_a_judgement_starts_from_its_borders(day: Day, background: Background) -> None:
    judged = _judge(day, background, make_reader({"owls": 6}, OWLS, BREAD))

    assert judged.borders == (border_of_interest(6, 6), border_of_interest(0, 6), border(6))
    assert judged.is_taught
    # Nothing shows the second interest: its evidence of 1 and where it starts are all there is.
    assert judged.wanted[1].tolist() == pytest.approx([1 + border_of_interest(0, 6)] * len(day.candidates), abs=1e-5)


def test_likes_without_interests_judge_alone_however_few(day: Day, background: Background) -> None:
    judged = _judge(day, background, make_reader({"owls": 1}))

    assert judged.wanted.shape == (0, len(day.candidates))
    assert _likes(judged) == [1]
    assert judged.borders == (border(1),)


def test_who_likes_nothing_is_judged_by_evidence_alone(day: Day, background: Background) -> None:
    judged = _judge(day, background, make_reader({}, OWLS, BREAD), make_reader({"owls": 5}))

    assert not judged.is_taught
    assert judged.wanted.tolist() == np.ones((2, len(day.candidates))).tolist()
    assert (judged.alone == -np.inf).all()
    assert judged.borders == (0.0, 0.0, 0.0)


def test_what_was_worked_out_ahead_is_what_is_judged(day: Day, background: Background) -> None:
    asked = make_reader({"owls": 6, "bread": 2}, OWLS, BREAD)
    wishes = read_wishes(asked.profile).wanted
    vectors = HashedEncoder().encode_queries([wish.topic for wish in wishes])
    evidence: F32 = np.ones((2, len(day.candidates)), np.float32)
    ahead = Tastes(day, background, [asked]).among([asked])

    ahead.prepare([(asked, wishes, vectors), (make_reader({"owls": 2}), (), vectors[:0])])

    judged, expected = ahead.judge(asked, wishes, evidence, vectors), _judge(day, background, asked)
    assert judged.wanted == pytest.approx(expected.wanted, abs=1e-3)
    assert judged.alone == pytest.approx(expected.alone, abs=1e-3)


def test_an_untaught_day_of_nobody_is_empty() -> None:
    judged = untaught(np.zeros((0, 0), np.float32))

    assert judged.wanted.shape == (0, 0)
    assert judged.alone.shape == (0,)
