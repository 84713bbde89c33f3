"""A ranker that learned from likes answers alike whoever else asks and however, and does without what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest

from pipeline.config import Rival
from pipeline.digest import Ranked
from pipeline.ports import F32, NOTHING_OLDER, Archive, Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_draft, open_ranker
from rerank.forgetful import Forgetful
from rerank.hybrid import HybridRanker
from tests.fakes.encoder import HashedEncoder
from tests.fakes.tastes import (
    id_of,
    make_archive,
    make_reader,
    make_topical_day,
)

DAY, ARCHIVE = make_topical_day(), make_archive()
OWLS, BREAD, BEES = "owl feather", "bread dough", "bee hive"
RANKER = HybridRanker(HashedEncoder())


def _rank(request: RankRequest, day: Sequence[Candidate] = DAY, archive: Archive = ARCHIVE) -> list[Ranked]:
    return RANKER.rank([request], day, archive)[0]


def _scores(ranking: Sequence[Ranked]) -> dict[str, float]:
    return {one.paper_id: one.score for one in ranking}


def test_a_second_reader_changes_nothing() -> None:
    one = make_reader({"owls": 3, "bread": 2}, OWLS, dislikes={"kites": 1})
    other = make_reader({"owls": 4, "clocks": 5}, "owl prey", BEES, negatives=("honey",))

    alone, first, last = (
        [_told(some) for some in HybridRanker(HashedEncoder()).rank(readers, DAY, ARCHIVE)]
        for readers in ([one], [one, other], [other, one])
    )

    assert first[0] == alone[0]
    assert last[1] == alone[0]


def _told(ranking: Sequence[Ranked]) -> list[Ranked]:
    """The same but for the last bits of matrix products, which vary with their size."""
    return [
        replace(
            one,
            probability=round(one.probability, 4),
            parts=tuple(replace(part, log_odds=round(part.log_odds, 3)) for part in one.parts),
        )
        for one in ranking
    ]


def test_the_same_ranker_answers_alike_when_asked_again_and_of_another_day() -> None:
    ranker, request = HybridRanker(HashedEncoder()), make_reader({"owls": 3}, BREAD)
    first = ranker.rank([request], DAY, ARCHIVE)

    ranker.rank([request], DAY[:5], make_archive(8))

    assert ranker.rank([request], DAY, ARCHIVE) == first


def test_the_order_of_the_candidates_changes_nothing() -> None:
    request = make_reader({"owls": 3, "bread": 2}, OWLS)

    assert _rank(request, DAY[::-1]) == _rank(request)


def test_an_archive_too_small_to_learn_from_is_as_none() -> None:
    asked = make_reader({"owls": 3}, OWLS)
    small, enough = (replace(ARCHIVE, sample=ARCHIVE.sample[:size]) for size in (59, 60))

    assert _rank(asked, archive=small) == _rank(asked, archive=NOTHING_OLDER)
    assert _rank(asked, archive=enough) != _rank(asked, archive=NOTHING_OLDER)


class _Unread(tuple[Candidate, ...]):
    """A sample that nobody may look at."""

    __slots__ = ()

    def __iter__(self) -> NoReturn:
        raise AssertionError("the sample was read")


def test_an_archive_is_not_read_for_readers_who_like_nothing() -> None:
    asked = make_reader({}, OWLS, dislikes={"bread": 1})

    assert _rank(asked, archive=replace(ARCHIVE, sample=_Unread())) == _rank(asked)


def test_one_that_does_not_learn_is_as_without_an_archive() -> None:
    asked = make_reader({"owls": 3}, OWLS)

    simple = HybridRanker(HashedEncoder(), learns=False).rank([asked], DAY, ARCHIVE)[0]

    assert simple == _rank(asked, archive=NOTHING_OLDER)


@pytest.mark.parametrize("feature", ["meaning", "words", "titles"])
def test_a_feature_left_out_is_no_part_and_the_others_stay(feature: str) -> None:
    asked = make_reader({"owls": 6})

    whole, without = _rank(asked), HybridRanker(HashedEncoder(), without=[feature]).rank([asked], DAY, ARCHIVE)[0]

    parts = {one.paper_id: {part.name: round(part.log_odds, 3) for part in one.parts} for one in whole}
    for one in without:
        if one.parts and parts[one.paper_id]:
            expected = {name: odds for name, odds in parts[one.paper_id].items() if name != feature}
            assert {part.name: round(part.log_odds, 3) for part in one.parts} == expected


def test_a_ranking_is_as_deep_as_it_was_asked_for() -> None:
    asked = make_reader({"owls": 3}, OWLS)

    assert _rank(replace(asked, depth=7)) == _rank(asked)[:7]
    assert _rank(replace(asked, depth=0)) == []
    assert len(_rank(asked)) == len(DAY)


def test_a_day_without_papers_is_ranked_for_readers_who_like_some() -> None:
    assert HybridRanker(HashedEncoder()).rank([make_reader({"owls": 3}, OWLS)] * 2, [], ARCHIVE) == [[], []]


def test_likes_whose_texts_are_unknown_say_nothing() -> None:
    asked = make_reader({"owls": 3}, OWLS)
    textless = tuple(replace(one, chunks=(), vectors=np.zeros((0, 256), np.float32)) for one in asked.liked)

    assert _rank(replace(asked, liked=textless)) == _rank(make_reader({}, OWLS))


def test_one_who_forgets_ranks_by_words_alone() -> None:
    seeds = Interest(OWLS, seeds=(id_of("owls", 0, "liked"),))
    asked = replace(make_reader({"owls": 3}, seeds, dislikes={"bread": 2}), answers=((1.0, False),) * 9)

    forgotten = Forgetful(HybridRanker(HashedEncoder())).rank([asked], DAY, ARCHIVE)[0]

    assert forgotten == _rank(make_reader({}, OWLS))


def test_turning_all_vectors_changes_no_judgement() -> None:
    turn = np.linalg.qr(np.random.default_rng(7).normal(size=(256, 256)))[0].astype(np.float32)
    asked = make_reader({"owls": 4}, OWLS, dislikes={"bread": 1})

    def turned(vectors: F32) -> F32:
        return np.asarray(vectors @ turn, np.float32)

    adapted = HybridRanker(HashedEncoder(), turned).rank([asked], DAY, ARCHIVE)[0]

    assert _scores(adapted) == pytest.approx(_scores(_rank(asked)), abs=1e-2)


def test_what_is_told_of_likeness_is_of_vectors_as_they_are_found() -> None:
    asked = make_reader({"owls": 4})

    def blind(vectors: F32) -> F32:
        return np.asarray(vectors * (np.arange(256) == 0), np.float32)

    adapted = HybridRanker(HashedEncoder(), blind).rank([asked], DAY, ARCHIVE)[0]

    assert {one.paper_id: one.like for one in adapted[:20]}.items() >= {
        one.paper_id: one.like for one in _rank(asked)[:4]
    }.items()


@pytest.mark.parametrize("rival", ["words", "simple", "first"])
def test_a_draft_with_any_rival_ranks_everything_and_says_who_chose(rival: Rival) -> None:
    encoder = HashedEncoder()

    ranking = open_draft(open_ranker(encoder), rival, encoder).rank([make_reader({"owls": 5}, OWLS)], DAY, ARCHIVE)[0]

    assert {one.paper_id for one in ranking} == {one.paper.id for one in DAY}
    assert {one.ranker for one in ranking} == {"", f"full vs {rival}", f"{rival} vs full"}


def test_a_reader_of_whom_nothing_is_known_gets_no_parts() -> None:
    asked = replace(make_reader({}, categories=("cs.IR",)), profile=Profile(categories=("cs.IR",)))

    assert {(one.probability, one.parts) for one in _rank(asked)} == {(0.0, ())}
