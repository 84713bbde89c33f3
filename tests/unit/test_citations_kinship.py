from __future__ import annotations

import math

import pytest

from index.hits import PaperMatch
from index.ties import tied
from pipeline.kinship import Kin, Tie, cosine


def test_a_tie_of_each_kind_is_told() -> None:
    kin = Kin((Tie("2611.00001", 0.2, 7, 1.0, cites=True, cocitation=0.5, together=3),))

    assert kin.parts() == [
        "cites 2611.00001",
        "shares seven references with it",
        "three papers here cite both",
    ]


def test_the_strongest_tie_is_told_of_several() -> None:
    kin = Kin((Tie("2611.00001", 0.1, 2), Tie("2611.00002", 0.3, 5)))

    assert kin.parts() == ["shares five references with 2611.00002"]


def test_a_paper_that_was_named_before_is_it() -> None:
    kin = Kin((Tie("2611.00001", direct=1.0, is_cited=True, cocitation=1, together=1),))

    assert kin.parts("this paper", is_named=True) == ["is cited by it", "one paper here cites both"]
    assert kin.parts("this paper") == ["is cited by this paper", "one paper here cites both"]


def test_ties_add_up_and_never_pass_one() -> None:
    faint, strong = Tie("a", 0.1), Tie("b", 0.9, direct=1.0, cites=True)

    assert Kin((faint, faint)).strength == pytest.approx(0.1 * math.sqrt(2))
    assert Kin((strong, strong, faint)).strength == 1
    assert strong.strength == pytest.approx(1 - 0.1 * 0.75)


def test_papers_that_cite_nothing_have_nothing_in_common() -> None:
    assert cosine(0, 0, 3) == 0
    assert cosine(2, 2, 2) == 1


def match(paper: int, score: float) -> PaperMatch:
    return PaperMatch(paper, (paper,), score, score, 0)


def test_a_tied_paper_passes_one_that_is_a_little_nearer() -> None:
    kin = Kin((Tie("2611.00001", 0.2, 7),))

    found = tied([match(1, 0.6), match(2, 0.5), match(3, 0.4)], [None, kin, None], ["2611.00001"], "")

    assert [one.paper for one in found] == [2, 1, 3]
    assert [one.reason for one in found] == [
        "Near to 2611.00001; shares seven references with it.",
        "Near to 2611.00001.",
        "Near to 2611.00001.",
    ]


def test_scores_stay_within_one() -> None:
    kin = Kin((Tie("2611.00001", 0.5, 7),))

    found = tied([match(1, 0.9), match(2, 0.7)], [kin, None], ["2611.00001"], "")

    assert [one.score for one in found] == pytest.approx([1, 0.5])


def test_a_tied_paper_that_is_not_near_is_not_called_so() -> None:
    kin = Kin((Tie("2611.00001", direct=0.8, cites=True),))

    assert tied([match(1, 0.1)], [kin], ["2611.00001"], "this paper")[0].reason == "Cites this paper."


def test_of_several_papers_the_one_that_ties_is_named() -> None:
    kin = Kin((Tie("2611.00002", 0.2, 7),))

    [found] = tied([match(1, 0.5)], [kin], ["2611.00001", "2611.00002"], "")

    assert found.reason == "Near to 2611.00001, 2611.00002; shares seven references with 2611.00002."


def test_nothing_found_is_nothing_tied() -> None:
    assert tied([], [], ["2611.00001"], "") == []
