"""One thing of a profile changes; everything else, and everything that can be undone, stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.profile_changes import (
    avoiding,
    checked_categories,
    checked_interest,
    find_interest,
    following,
    indifferent_to,
    with_interest,
    with_interest_changed,
    with_negatives,
    with_new_interest,
    without_interest,
    without_negative,
)
from pipeline.subscriber import Interest, Profile, Volume

GRAPHS = Interest("graph learning", 2.0, ("cs.LG",), ("2611.00001",))
FULL = Profile(
    interests=(GRAPHS, Interest("protein folding")),
    negatives=("images",),
    authors=("Ada Lind", "lind_a_1"),
    likes=("2611.00002",),
    dislikes=("2611.00003",),
    saves=("2611.00004",),
    avoided_authors=("B. Noisy",),
    categories=("cs.*",),
    volume=Volume.FEW,
)


@pytest.mark.parametrize(
    "change,undo,part",
    [
        (
            lambda p: with_interest(p, Interest("time series")),
            lambda p: without_interest(p, "time series"),
            "interests",
        ),
        (lambda p: with_negatives(p, ["speech"]), lambda p: without_negative(p, "speech"), "negatives"),
        (lambda p: following(p, ["C. Nice"]), lambda p: indifferent_to(p, ["c. nice"]), "authors"),
        (lambda p: avoiding(p, ["D. Loud"]), lambda p: indifferent_to(p, ["D. Loud"]), "avoided_authors"),
        (
            lambda p: with_interest_changed(p, "graph", replace(GRAPHS, weight=0.5)),
            lambda p: with_interest_changed(p, "1", GRAPHS),
            "interests",
        ),
    ],
)
def test_a_change_touches_one_part_and_can_be_taken_back(
    change: Callable[[Profile], Profile], undo: Callable[[Profile], Profile], part: str
) -> None:
    changed = change(FULL)

    touched = [one.name for one in fields(Profile) if getattr(changed, one.name) != getattr(FULL, one.name)]
    assert touched == [part]
    assert undo(changed) == FULL


def test_an_interest_said_again_keeps_its_hints_and_seeds() -> None:
    said = Interest("Graph  Learning", 3.0, ("stat.ML",), ("2611.00009v2",))

    changed = with_interest(FULL, said)

    assert changed.interests[0] == Interest("Graph Learning", 3.0, ("cs.LG", "stat.ML"), ("2611.00001", "2611.00009"))
    assert changed.interests[1:] == FULL.interests[1:]


def test_no_two_interests_say_the_same() -> None:
    with pytest.raises(UsageError, match="the interest 'Graph learning' is there already; change it instead"):
        with_new_interest(FULL, Interest("Graph learning"))
    with pytest.raises(UsageError, match="another interest says 'GRAPH learning' already"):
        with_interest_changed(FULL, "protein", Interest("GRAPH learning"))


@pytest.mark.parametrize("which", ["protein folding", "Protein", "2"])
def test_an_interest_is_told_by_its_words_a_part_of_them_or_its_number(which: str) -> None:
    assert find_interest(FULL, which) == 1


@pytest.mark.parametrize("which", ["3", "0", "ing", "robots", " "])
def test_what_names_no_single_interest_lists_those_there_are(which: str) -> None:
    with pytest.raises(NotFoundError, match="there are: 1 graph learning; 2 protein folding"):
        find_interest(FULL, which)


def test_an_interest_in_a_number_is_told_by_its_words_first() -> None:
    profile = Profile((Interest("graphs"), Interest("1")))

    assert find_interest(profile, "1") == 1


def test_an_author_is_followed_or_avoided_never_both() -> None:
    assert avoiding(FULL, ["ada lind"]).authors == ("lind_a_1",)
    assert following(FULL, ["B. NOISY"]).avoided_authors == ()


def test_following_twice_is_following_once() -> None:
    assert following(FULL, ["ada lind", "https://arxiv.org/a/lind_a_1"]).authors == FULL.authors


def test_an_author_to_avoid_is_told_by_name() -> None:
    with pytest.raises(UsageError, match="told by name, as papers print it, not by number: lind_a_1"):
        avoiding(FULL, ["lind_a_1"])


def test_who_is_neither_followed_nor_avoided_cannot_be_taken_back() -> None:
    with pytest.raises(NotFoundError, match="neither followed nor avoided: E\\. Unknown"):
        indifferent_to(FULL, ["E. Unknown"])


@pytest.mark.parametrize(
    "interest,message",
    [
        (Interest(" - "), "a topic needs words"),
        (Interest("x" * 2001), "a topic of 2001 letters is too long"),
        (Interest("graphs", 0.0), "the weight of 'graphs' is 0: expected more than 0, at most 10"),
        (Interest("graphs", -1.0), "the weight of 'graphs' is -1"),
        (Interest("graphs", float("nan")), "the weight of 'graphs' is nan"),
        (Interest("graphs", 11.0), "the weight of 'graphs' is 11"),
        (Interest("graphs", 1.0, ("machine learning",)), "not an arXiv category: 'machine learning'"),
        (Interest("graphs", 1.0, (), ("x",)), "not an arXiv identifier: 'x'"),
    ],
)
def test_what_cannot_be_meant_is_refused(interest: Interest, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        checked_interest(interest)


def test_category_hints_may_name_a_whole_archive() -> None:
    assert checked_categories([" cs.* ", "hep-th", "cond-mat.mes-hall", "cs.*"]) == (
        "cs.*",
        "hep-th",
        "cond-mat.mes-hall",
    )
