"""What a ranker that learned from likes promises, on a made day beside an archive of 80 made papers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from pipeline.digest import Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, RankRequest
from pipeline.subscriber import Interest
from rerank import open_ranker
from rerank.hybrid import HybridRanker
from tests.fakes.encoder import HashedEncoder
from tests.fakes.tastes import (
    TOPICS,
    id_of,
    make_archive,
    make_reader,
    make_topical,
    make_topical_day,
    topic_of,
)

DAY, ARCHIVE = make_topical_day(), make_archive()
OWLS, BREAD, BEES = "owl feather", "bread dough", "bee hive"
RANKER = HybridRanker(HashedEncoder())


def _rank(request: RankRequest, day: Sequence[Candidate] = DAY, archive: Archive = ARCHIVE) -> list[Ranked]:
    return RANKER.rank([request], day, archive)[0]


def _topics(ranking: Sequence[Ranked]) -> list[str]:
    return [topic_of(one.paper_id) for one in ranking]


def _scores(ranking: Sequence[Ranked]) -> dict[str, float]:
    return {one.paper_id: one.score for one in ranking}


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("likes", [1, 5])
def test_a_liked_topic_rises_above_all_others(topic: str, likes: int) -> None:
    assert _topics(_rank(make_reader({topic: likes})))[:3] == [topic] * 3


def test_several_liked_topics_stay_apart() -> None:
    ranking = _rank(make_reader({"owls": 5, "bread": 5, "bees": 5}))

    assert sorted(_topics(ranking)[:12]) == ["bees"] * 4 + ["bread"] * 4 + ["owls"] * 4
    assert set(_topics(ranking)[:4]) == {"owls", "bread", "bees"}


def test_a_reader_with_three_interests_and_likes_of_each_gets_papers_of_each() -> None:
    ranking = _rank(make_reader({"owls": 6, "bread": 3, "bees": 1}, OWLS, BREAD, BEES))

    assert set(_topics(ranking)[:6]) == {"owls", "bread", "bees"}
    assert {topic_of(one.paper_id): one.interest for one in ranking[:3]}.items() <= {
        "owls": OWLS,
        "bread": BREAD,
        "bees": BEES,
    }.items()


def test_seeds_teach_the_interest_they_were_given_for_and_no_other() -> None:
    seeds = tuple(make_topical("owls", number, "liked") for number in range(2))
    interests = (Interest(OWLS, seeds=tuple(one.paper.id for one in seeds)), Interest(BREAD))
    asked = replace(make_reader({}, *interests), liked=seeds)

    ranking = {one.paper_id: one for one in _rank(asked)}

    told = {topic_of(one): {part.name for part in ranking[one].parts} for one in (id_of("owls", 0), id_of("bread", 0))}
    assert {"meaning", "words"} <= told["owls"]
    assert told["bread"] == {"interest", "start"}


READERS = {
    "likes alone": make_reader({"owls": 6}),
    "few likes": make_reader({"owls": 2}),
    "likes that show an interest": make_reader({"owls": 3}, OWLS, BREAD),
    "a weight": make_reader({"owls": 3}, Interest(OWLS, 3.0)),
    "hinted categories": make_reader({"owls": 6}, Interest(OWLS, categories=("cs.*",)), categories=("cs.IR",)),
    "hints beside likes alone": make_reader({"owls": 2}, categories=("cs.IR",)),
    "dislikes": make_reader({"owls": 2}, OWLS, dislikes={"bread": 3}),
    "no likes": make_reader({}, OWLS, BREAD),
    "answers": replace(make_reader({"owls": 6}, OWLS), answers=((1.0, True), (0.5, False), (2.0, True)) * 4),
}


@pytest.mark.parametrize("archive", [ARCHIVE, NOTHING_OLDER], ids=["an archive", "no archive"])
@pytest.mark.parametrize("asked", READERS.values(), ids=READERS)
def test_parts_add_up_to_the_score(asked: RankRequest, archive: Archive) -> None:
    told = [one for one in _rank(asked, archive=archive) if one.parts]

    assert len(told) >= 20
    # Parts below .005 are not told; a paper has nine at most.
    assert [sum(part.log_odds for part in one.parts) for one in told] == pytest.approx(
        [one.score for one in told], abs=0.045
    )


def test_a_paper_like_a_disliked_one_sinks() -> None:
    disliked = replace(make_topical("owls", 0), paper=replace(make_topical("owls", 0).paper, id="2605.99999"))
    plain = make_reader({"owls": 3}, OWLS)

    before, after = _scores(_rank(plain)), _scores(_rank(replace(plain, disliked=(disliked,))))

    # 12 log-odds a unit of cosine above .55 (`rerank.taste`), and this one is the disliked paper itself.
    assert before[id_of("owls", 0)] - after[id_of("owls", 0)] == pytest.approx(12 * 0.45, abs=2e-4)
    assert after[id_of("bread", 0)] == before[id_of("bread", 0)]


def test_an_avoided_author_falls_below_the_gate_whatever_else_speaks() -> None:
    day = (make_topical("owls", 0, authors=("Ada Lind", "Bo Okafor")), *DAY[1:])
    asked = make_reader({"owls": 6}, OWLS, authors=("Bo Okafor",), avoided_authors=("Ada Lind",))

    ranking = {one.paper_id: one for one in open_ranker(HashedEncoder()).rank([asked], day, ARCHIVE)[0]}

    avoided = ranking[id_of("owls", 0)]
    assert avoided.score == -10.0
    assert avoided.place == 0
    assert avoided.probability == pytest.approx(1 / (1 + math.exp(10)))
    assert "Ada Lind, whom you do not want to read" in avoided.why


def test_a_paper_known_to_be_by_somebody_followed_comes_first_whatever_name_it_bears() -> None:
    asked = make_reader({"owls": 6}, OWLS, authors=("0000-0002-1825-0097",))

    first, *others = _rank(replace(asked, authored={id_of("clocks", 1): "Cy Rare"}))

    assert (first.paper_id, first.probability) == (id_of("clocks", 1), 0.95)
    assert first.why.startswith("By Cy Rare, whom you follow")
    assert {one.paper_id: one.score for one in others}.items() <= _scores(_rank(asked)).items()


@pytest.mark.parametrize("archive", [ARCHIVE, NOTHING_OLDER], ids=["an archive", "no archive"])
@pytest.mark.parametrize("likes", [0, 2, 6])
def test_a_hinted_category_lifts_by_the_same_for_every_reader(archive: Archive, likes: int) -> None:
    day = (make_topical("owls", 0, categories=("math.NT",)), *DAY[1:])
    texts = () if likes else (OWLS,)
    plain, hinted = (make_reader({"owls": likes}, *texts, categories=some) for some in ((), ("math.*",)))

    before, after = (_scores(_rank(one, day, archive)) for one in (plain, hinted))

    lifted = {one: round(after[one] - before[one], 3) for one in before}
    assert lifted == dict.fromkeys(before, 0.0) | {id_of("owls", 0): 0.7}


def test_an_interests_own_hint_lifts_what_that_interest_decides() -> None:
    plain, hinted = (make_reader({}, Interest(OWLS, categories=some), BREAD) for some in ((), ("cs.IR",)))

    before, after = ({one.paper_id: one for one in _rank(asked)} for asked in (plain, hinted))

    gained = [after[one].score - before[one].score for one in before if before[one].interest == OWLS]
    assert gained == pytest.approx([0.7] * len(gained), abs=2e-4)
    assert all(after[one].score == before[one].score for one in before if after[one].interest == BREAD)


@pytest.mark.parametrize("likes", [0, 1, 3, 8])
def test_a_weight_multiplies_the_odds_however_much_is_liked(likes: int) -> None:
    plain, double = (make_reader({"owls": likes}, Interest(OWLS, weight)) for weight in (1.0, 2.0))

    before, after = ({one.paper_id: one for one in _rank(asked)} for asked in (plain, double))

    gained = [after[one].score - before[one].score for one in before if before[one].interest == OWLS]
    assert len(gained) >= 4
    assert gained == pytest.approx([math.log(2)] * len(gained), abs=2e-4)


@pytest.mark.parametrize("interests", [(), (BREAD,), (OWLS,)], ids=["no interest", "another", "its own"])
def test_another_like_of_a_topic_never_lowers_the_topics_best_paper(interests: tuple[str, ...]) -> None:
    rankings = [_topics(_rank(make_reader({"bees": 2, "owls": likes}, *interests))) for likes in range(8)]

    places = [ranking.index("owls") for ranking in rankings]
    assert all(after <= before for before, after in pairwise(places))
    assert places[-1] == 0


def test_an_author_of_liked_papers_lifts_a_paper() -> None:
    day = (*DAY[:-1], make_topical("clocks", 3, authors=("Cy Rare",)))
    asked = make_reader({"owls": 5})
    theirs = (replace(one, paper=replace(one.paper, authors=("cy  rare",))) for one in asked.liked)

    before, after = (_scores(_rank(one, day)) for one in (asked, replace(asked, liked=tuple(theirs))))

    # .54 a unit of strength, 2.5 of ln(1 + 5 papers by somebody whom the archive does not know).
    assert after[id_of("clocks", 3)] - before[id_of("clocks", 3)] == pytest.approx(0.49 * 2.5 * math.log(6), abs=2e-4)
    assert after[id_of("clocks", 2)] == before[id_of("clocks", 2)]


def test_answers_move_probabilities_and_leave_the_order() -> None:
    asked = make_reader({"owls": 6}, OWLS)

    plain, strict = _rank(asked), _rank(replace(asked, answers=((1.0, False),) * 10))

    assert [one.paper_id for one in strict] == [one.paper_id for one in plain]
    assert strict[0].probability < plain[0].probability
    assert {part.name for part in strict[0].parts} - {part.name for part in plain[0].parts} == {"answers"}
