"""With the packaged model, what a reader does not want falls below the gate and the rest of the topic stays."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from index import open_encoder
from pipeline.config import IndexSettings
from pipeline.digest import Ranked
from pipeline.ports import Archive, Candidate, Encoder, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from tests.fakes.candidates import make_candidate
from tests.fakes.negative_cases.case import NegativeCase
from tests.fakes.negatives import CASES

_GATE = 0.5
_IN_PASSING = "words that are said several times count although they are said in passing"
_TOO_HARD_TO_DROP = {
    "partial differential equations of fluid dynamics": "the interest does not find the paper: nothing is to drop",
}
_TOO_HARD_TO_KEEP = {
    "memory safety": _IN_PASSING,
    "image synthesis": _IN_PASSING,
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(IndexSettings(), "words/1")


def _as_candidate(number: int, text: str, encoder: Encoder) -> Candidate:
    title, abstract = text.split(". ", 1)
    return make_candidate(f"2611.{number:05d}", abstract, title=title, encoder=encoder)


def _profile(case: NegativeCase) -> Profile:
    if case.written:
        return Profile((Interest(case.written),))
    return Profile((Interest(case.interest),), (case.negative,))


@pytest.fixture(scope="module")
def rankings(encoder: Encoder) -> list[tuple[dict[str, Ranked], dict[str, Ranked]]]:
    """For each case the ranking without and with the negative; dropped papers are even, kept ones odd."""
    texts = [text for case in CASES for text in (case.dropped, case.kept)]
    day = [_as_candidate(number, text, encoder) for number, text in enumerate(texts)]
    everything = frozenset(one.paper.id for one in day)
    profiles = [profile for case in CASES for profile in (Profile((Interest(case.interest),)), _profile(case))]
    found = open_ranker(encoder).rank([RankRequest(profile, everything) for profile in profiles], day)
    by_id = [{one.paper_id: one for one in ranking} for ranking in found]
    return list(zip(by_id[::2], by_id[1::2], strict=True))


def _each(hard: Mapping[str, str]) -> list[object]:
    """Every case; those that do not hold yet, by their interests, with the reason."""
    return [
        pytest.param(
            number,
            id=case.interest,
            marks=[pytest.mark.xfail(strict=True, reason=hard[case.interest])] if case.interest in hard else [],
        )
        for number, case in enumerate(CASES)
    ]


@pytest.mark.parametrize("number", _each(_TOO_HARD_TO_DROP))
def test_what_matches_the_negative_falls_below_the_gate(
    number: int, rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]]
) -> None:
    dropped = f"2611.{2 * number:05d}"
    without, with_negative = rankings[number]

    assert without[dropped].probability >= _GATE
    assert with_negative[dropped].probability < _GATE
    assert f'Is about "{CASES[number].named or CASES[number].negative}"' in with_negative[dropped].why


@pytest.mark.parametrize("number", _each(_TOO_HARD_TO_KEEP))
def test_what_matches_the_interest_alone_stays(
    number: int, rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]]
) -> None:
    kept = f"2611.{2 * number + 1:05d}"

    assert rankings[number][1][kept].probability >= _GATE
    assert rankings[number][1][kept].why.startswith("Matches")


def test_few_papers_of_other_topics_pass_the_gate(
    rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]],
) -> None:
    """A day of all the papers, each interest's own two set apart."""
    strangers = [
        ranked.probability >= _GATE
        for number, (without, _) in enumerate(rankings)
        for paper_id, ranked in without.items()
        if int(paper_id[5:]) // 2 != number
    ]

    assert sum(strangers) / len(strangers) < 0.02


def test_likes_do_not_bring_back_what_is_not_wanted(encoder: Encoder) -> None:
    """Five likes on the topic and an archive large enough to learn from; the day are the two papers of one case."""
    by_interest = {case.interest: case for case in CASES}
    case = by_interest.pop("large language models for question answering")
    texts = (
        by_interest.pop("detecting hallucinations of language models").kept,
        by_interest.pop("prompting language models").kept,
        by_interest.pop("code generation with language models").kept,
        by_interest.pop("multi-agent systems").dropped,
        by_interest.pop("database query optimisation").dropped,
    )
    likes = tuple(_as_candidate(100 + number, text, encoder) for number, text in enumerate(texts))
    others = [text for other in by_interest.values() for text in (other.dropped, other.kept)]
    archive = Archive(tuple(_as_candidate(200 + number, text, encoder) for number, text in enumerate(others)))
    day = [_as_candidate(number, text, encoder) for number, text in enumerate((case.dropped, case.kept))]
    dropped, kept = (one.paper.id for one in day)
    profiles = Profile((Interest(case.interest),)), _profile(case)
    requests = [RankRequest(profile, frozenset({dropped, kept}), liked=likes) for profile in profiles]

    found = open_ranker(encoder).rank(requests, day, archive)

    without, with_negative = ({one.paper_id: one.probability for one in ranking} for ranking in found)
    assert without[dropped] >= _GATE
    assert with_negative[dropped] < _GATE
    assert with_negative[kept] >= _GATE
