"""Every ranker keeps the port's promises, and agrees with an exact reference of a few lines."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest

from pipeline.digest import Ranked
from pipeline.ports import Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from tests.fakes.candidates import make_candidate
from tests.fakes.encoder import HashedEncoder

# Words that stem to themselves and are no stop words, so that the reference needs neither list.
DAY = (
    make_candidate("2611.00003", "owl fox elk", "fox moss fern fern", title="owl moss"),
    make_candidate("2611.00001", "pond reed frog", title="frog pond"),
    make_candidate("2611.00002", "fox den", "owl fox elk yak", "reed fern moss", title="den"),
    make_candidate("2611.00004", "salt", title="salt"),
)
INTERESTS = ("owl fox", "frog reed salt")
EVERYTHING = frozenset(candidate.paper.id for candidate in DAY)


def _reference(interest: str, candidate: Candidate) -> float:
    """Log-odds by the definition in `rerank.evidence`, one passage at a time."""
    words = {
        (one.paper.id, at): Counter(re.findall(r"\w+", f"{one.paper.title} {chunk.text}"))
        for one in DAY
        for at, chunk in enumerate(one.chunks)
    }
    average = sum(bag.total() for bag in words.values()) / len(words)
    df = Counter(word for bag in words.values() for word in bag)
    wanted = {word: math.log1p((len(words) - df[word] + 0.5) / (df[word] + 0.5)) for word in interest.split()}
    vector = HashedEncoder().encode_queries([interest])[0]
    best = -math.inf
    for at in range(len(candidate.chunks)):
        bag = words[candidate.paper.id, at]
        damping = 1.2 * (0.25 + 0.75 * bag.total() / average)
        bm25 = sum(idf * bag[word] * 2.2 / (bag[word] + damping) for word, idf in wanted.items()) / sum(wanted.values())
        odds = 12 * (float(candidate.vectors[at] @ vector) + 0.25 * bm25 - 0.52)
        best = max(best, odds - (2 if at else 0))
    return best


def _rank(profile: Profile, eligible: frozenset[str] = EVERYTHING) -> list[Ranked]:
    return open_ranker(HashedEncoder()).rank([RankRequest(profile, eligible)], DAY)[0]


def test_scores_and_probabilities_equal_the_exact_reference() -> None:
    for interest in INTERESTS:
        expected = {candidate.paper.id: _reference(interest, candidate) for candidate in DAY}

        ranking = _rank(Profile((Interest(interest),)))

        assert {one.paper_id: one.score for one in ranking} == pytest.approx(expected, abs=2e-4)
        assert [one.probability for one in ranking] == pytest.approx(
            [1 / (1 + math.exp(-one.score)) for one in ranking], abs=1e-4
        )


def test_a_paper_stands_by_its_best_interest_and_not_by_the_average() -> None:
    profile = Profile(tuple(Interest(text) for text in INTERESTS))

    ranking = _rank(profile)

    expected = {one.paper.id: max(_reference(text, one) for text in INTERESTS) for one in DAY}
    assert {one.paper_id: one.score for one in ranking} == pytest.approx(expected, abs=2e-4)
    assert {one.paper_id: one.interest for one in ranking}["2611.00001"] == "frog reed salt"


def test_the_best_stand_first_and_equal_ones_by_id() -> None:
    ranking = _rank(Profile((Interest("owl fox"),)))

    assert [one.paper_id for one in ranking] == ["2611.00003", "2611.00002", "2611.00001", "2611.00004"]
    assert ranking[2].score == ranking[3].score


def test_only_eligible_candidates_are_ranked() -> None:
    ranking = _rank(Profile((Interest("owl"),)), frozenset({"2611.00002", "2611.00004", "2611.77777"}))

    assert [one.paper_id for one in ranking] == ["2611.00002", "2611.00004"]


def test_a_weight_multiplies_the_odds() -> None:
    plain, double = (_rank(Profile((Interest("owl fox", weight),))) for weight in (1.0, 2.0))

    differences = [two.score - one.score for one, two in zip(plain, double, strict=True)]
    assert differences == pytest.approx([math.log(2)] * 4, abs=2e-4)


def test_readers_do_not_influence_each_other() -> None:
    requests = [RankRequest(Profile((Interest(text),)), EVERYTHING) for text in INTERESTS]

    together = open_ranker(HashedEncoder()).rank(requests, DAY)

    alone = [_rank(Profile((Interest(text),))) for text in INTERESTS]
    assert [[(one.paper_id, one.score, one.passage, one.why) for one in ranking] for ranking in together] == [
        [(one.paper_id, one.score, one.passage, one.why) for one in ranking] for ranking in alone
    ]


def test_the_order_of_the_candidates_changes_nothing() -> None:
    request = RankRequest(Profile((Interest("owl fox"),), ("moss",)), EVERYTHING)

    one, other = (open_ranker(HashedEncoder()).rank([request], day) for day in (DAY, DAY[::-1]))

    assert one == other


def test_every_topic_is_encoded_once() -> None:
    encoder = HashedEncoder()
    profile = Profile((Interest("owl"), Interest("owl")), ("owl", "fox"))

    open_ranker(encoder).rank([RankRequest(profile, EVERYTHING)] * 3, DAY)

    assert [text for text in sorted(encoder.encoded) if text in {"owl", "fox"}] == ["fox", "owl"]


def test_a_passage_is_read_closely_once_for_all_readers() -> None:
    one, three = HashedEncoder(), HashedEncoder()
    request = RankRequest(Profile((Interest("owl fox"),)), EVERYTHING)

    open_ranker(one).rank([request], DAY)
    open_ranker(three).rank([request] * 3, DAY)

    assert len(one.encoded) > 1
    assert three.encoded == one.encoded


def test_nothing_to_rank_gives_an_empty_ranking_for_each_request() -> None:
    request = RankRequest(Profile((Interest("owl"),)), EVERYTHING)
    ranker = open_ranker(HashedEncoder())

    assert ranker.rank([request, request], []) == [[], []]
    assert ranker.rank([], DAY) == []
    assert ranker.rank([RankRequest(request.profile, frozenset())], DAY) == [[]]


def test_a_paper_without_text_is_ranked_by_its_title_and_has_no_passage() -> None:
    textless = Candidate(make_candidate("2611.00009", "x", title="owl fox").paper, (), np.zeros((0, 256), np.float32))
    request = RankRequest(Profile((Interest("owl fox"),)), frozenset({"2611.00009"}))

    ranked = open_ranker(HashedEncoder()).rank([request], [*DAY, textless])[0][0]

    assert ranked.passage is None
    assert ranked.score > 12 * -0.52
