from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from pipeline.kinship import counted, rarity
from pipeline.ports import Archive
from rerank.citations import CITES, DayCitations


def archive(references: Mapping[str, set[str]], citations: Mapping[str, int] | None = None) -> Archive:
    """Of a hundred papers, in which a work is cited once if nothing else is said."""
    frozen = {paper_id: frozenset(keys) for paper_id, keys in references.items()}
    return Archive(references=frozen, citations=citations or {}, papers=100)


def test_papers_that_cite_the_same_works_are_coupled_by_the_cosine_of_what_they_cite() -> None:
    known = archive({"day": {"title:a", "title:b"}, "liked": {"title:a", "title:b", "title:c", "title:d"}})

    ties = DayCitations(["day"], known).ties(["liked"])

    assert ties.coupling.tolist() == pytest.approx([2 / math.sqrt(2 * 4)])


def test_a_rare_work_in_common_ties_more_than_a_common_one() -> None:
    known = archive(
        {"rare": {"title:a", "title:x"}, "common": {"title:b", "title:y"}, "liked": {"title:a", "title:b"}},
        {"title:a": 2, "title:b": 20},
    )

    ties = DayCitations(["rare", "common"], known).ties(["liked"])

    assert ties.coupling[0] > 2 * ties.coupling[1] > 0


def test_what_everybody_cites_ties_nobody() -> None:
    known = archive({"day": {"title:a"}, "liked": {"title:a"}}, {"title:a": 60})

    ties = DayCitations(["day"], known).ties(["liked"])

    assert ties.coupling.tolist() == [0]
    assert ties.evidence.tolist() == [0]


def test_citing_a_liked_paper_counts_by_how_few_do() -> None:
    known = archive(
        {"one": {"arxiv:new"}, "other": {"arxiv:known"}, "neither": {"title:a"}}, {"arxiv:new": 1, "arxiv:known": 30}
    )

    ties = DayCitations(["one", "other", "neither"], known).ties(["new", "known"])

    assert ties.cites.tolist() == pytest.approx([1, rarity(30, 100), 0])
    assert ties.nearest.tolist() == [0, 1, -1]
    assert ties.evidence[0] == pytest.approx(CITES)


def test_being_cited_by_a_liked_paper_counts() -> None:
    ties = DayCitations(["day", "other"], archive({"liked": {"arxiv:day"}})).ties(["liked"])

    assert ties.cited.tolist() == [1, 0]
    assert ties.words(0, {"liked": "Slow walks"}) == 'is cited by "Slow walks", which you liked'


def test_a_paper_whose_references_are_unknown_has_no_ties() -> None:
    ties = DayCitations(["day"], archive({"liked": {"title:a"}})).ties(["liked", "unread"])

    assert ties.evidence.tolist() == [0]
    assert ties.nearest.tolist() == [-1]
    assert ties.words(0, {}) == ""


def test_a_reader_without_likes_has_no_ties() -> None:
    ties = DayCitations(["day"], archive({"day": {"title:a"}})).ties([])

    assert ties.evidence.tolist() == [0]
    assert ties.nearest.tolist() == [-1]


def test_a_further_like_never_weakens_a_tie() -> None:
    references = {"day": {"title:a", "title:b", "arxiv:first"}, "first": {"title:a"}, "second": {"title:b", "title:c"}}
    day = DayCitations(["day"], archive({**references, "unrelated": {"title:z"}}))

    likes: list[str] = []
    before = 0.0
    for paper_id in ("first", "unrelated", "second"):
        likes.append(paper_id)
        ties = day.ties(likes)
        assert ties.coupling[0] >= before
        assert ties.cites[0] == 1
        before = float(ties.coupling[0])


def test_what_one_reader_likes_changes_nothing_for_another() -> None:
    references = {"day": {"title:a", "title:b"}, "mine": {"title:a", "title:c"}}
    alone = DayCitations(["day"], archive(references)).ties(["mine"])

    shared = DayCitations(["day"], archive({**references, "theirs": {"title:a", "title:b", "title:c"}}))
    shared.ties(["theirs"])
    beside = shared.ties(["mine"])

    assert np.array_equal(beside.coupling, alone.coupling)
    assert np.array_equal(beside.evidence, alone.evidence)


def test_the_reason_names_the_liked_paper_that_shares_most() -> None:
    known = archive(
        {
            "day": {"title:a", "title:b", "title:c"},
            "far": {"title:a", "title:x", "title:y"},
            "near": {"title:b", "title:c"},
        }
    )

    ties = DayCitations(["day"], known).ties(["far", "near"])

    assert ties.words(0, {"near": "Slow walks"}) == 'shares two references with "Slow walks", which you liked'
    assert ties.words(0, {}) == "shares two references with a paper you liked"


def test_the_reason_says_that_it_cites_a_liked_paper() -> None:
    ties = DayCitations(["day"], archive({"day": {"arxiv:liked", "title:a"}})).ties(["liked"])

    assert ties.words(0, {"liked": "Slow walks"}) == 'cites "Slow walks", which you liked'


def test_the_reason_counts_the_liked_papers_that_it_cites() -> None:
    ties = DayCitations(["day"], archive({"day": {"arxiv:one", "arxiv:two", "arxiv:three"}})).ties(["one", "two"])

    assert ties.words(0, {"one": "Slow walks"}) == "cites two papers you liked"


def test_a_liked_paper_is_not_tied_to_itself() -> None:
    ties = DayCitations(["day"], archive({"day": {"title:a", "title:b"}})).ties(["day"])

    assert ties.evidence.tolist() == [0]
    assert ties.words(0, {}) == ""


def test_the_reason_speaks_of_the_liked_paper_that_ties_most() -> None:
    known = archive({"day": {"arxiv:one"}, "other": {"arxiv:day"}}, {"arxiv:one": 30})

    ties = DayCitations(["day"], known).ties(["one", "other"])

    assert ties.words(0, {"other": "Slow walks"}) == 'is cited by "Slow walks", which you liked'


def test_a_coupling_is_worth_how_many_times_it_is_what_the_day_has_by_chance() -> None:
    references = {f"day{number}": {f"title:{number}"} for number in range(200)}

    ties = DayCitations(list(references), archive({**references, "liked": {"title:0"}})).ties(["liked"])

    assert ties.coupling[0] == pytest.approx(1)
    assert ties.evidence[0] == pytest.approx(math.log1p(1 / ((1 + 0.25) / 250)))
    assert ties.evidence[1:].max() == 0


def test_ten_things_are_counted_in_words() -> None:
    assert counted(1, "reference") == "one reference"
    assert counted(10, "paper") == "ten papers"
    assert counted(1100, "paper") == "1,100 papers"


def test_a_work_that_only_one_paper_cites_tells_most_and_one_that_all_cite_next_to_nothing() -> None:
    assert rarity(1, 100) == 1
    assert rarity(100, 100) == pytest.approx(0.002, abs=0.001)
    assert rarity(5, 0) == pytest.approx(math.log(6 / 5) / math.log(6))
