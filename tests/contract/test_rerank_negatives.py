"""With the packaged model, what a reader does not want falls below the gate and the rest of the topic stays."""

from __future__ import annotations

import pytest

from index import open_encoder
from pipeline.config import IndexSettings
from pipeline.digest import Ranked
from pipeline.ports import Candidate, Encoder, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from tests.fakes.candidates import make_candidate
from tests.fakes.negatives import CASES

_GATE = 0.5


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(IndexSettings(), "words/1")


def _as_candidate(number: int, text: str, encoder: Encoder) -> Candidate:
    title, abstract = text.split(". ", 1)
    return make_candidate(f"2611.{number:05d}", abstract, title=title, encoder=encoder)


@pytest.fixture(scope="module")
def rankings(encoder: Encoder) -> list[tuple[dict[str, Ranked], dict[str, Ranked]]]:
    """For each case the ranking without and with the negative; dropped papers are even, kept ones odd."""
    texts = [text for case in CASES for text in (case.dropped, case.kept)]
    day = [_as_candidate(number, text, encoder) for number, text in enumerate(texts)]
    everything = frozenset(one.paper.id for one in day)
    profiles = [
        Profile((Interest(case.interest),), negatives) for case in CASES for negatives in ((), (case.negative,))
    ]
    found = open_ranker(encoder).rank([RankRequest(profile, everything) for profile in profiles], day)
    by_id = [{one.paper_id: one for one in ranking} for ranking in found]
    return list(zip(by_id[::2], by_id[1::2], strict=True))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.interest for case in CASES])
def test_what_matches_the_negative_falls_below_the_gate(
    number: int, rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]]
) -> None:
    dropped = f"2611.{2 * number:05d}"
    without, with_negative = rankings[number]

    assert without[dropped].probability >= _GATE
    assert with_negative[dropped].probability < _GATE
    assert f'Is about "{CASES[number].negative.removeprefix("not ")}"' in with_negative[dropped].why


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.interest for case in CASES])
def test_what_matches_the_interest_alone_stays(
    number: int, rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]]
) -> None:
    kept = f"2611.{2 * number + 1:05d}"

    assert rankings[number][1][kept].probability >= _GATE
    assert rankings[number][1][kept].why.startswith("Matches")


def test_few_papers_of_other_topics_pass_the_gate(
    rankings: list[tuple[dict[str, Ranked], dict[str, Ranked]]],
) -> None:
    """A day of 42 papers, each interest's own two set apart."""
    strangers = [
        ranked.probability >= _GATE
        for number, (without, _) in enumerate(rankings)
        for paper_id, ranked in without.items()
        if int(paper_id[5:]) // 2 != number
    ]

    assert sum(strangers) / len(strangers) < 0.02
