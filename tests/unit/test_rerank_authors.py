from __future__ import annotations

import pytest

from rerank.authors import Byline, Bylines, Name


@pytest.mark.parametrize(
    "one, other",
    [
        ("J. Smith", "John Smith"),
        ("John Smith", "John A. Smith"),
        ("Smith, John", "J. Smith"),
        ("JOHN SMITH", "John Smith Jr."),
        ("J.-P. Serre", "Jean-Pierre Serre"),
        ("Jürgen Schmidhuber", "Jurgen Schmidhuber"),
        ("Søren Kierkegård", "Soren Kierkegard"),
        ("Paul Erdős", "P. Erdos"),
        ("L. van der Berg", "Ludo van der Berg"),
        ("LIGO", "ligo"),
    ],
)
def test_two_ways_of_writing_one_name_are_alike(one: str, other: str) -> None:
    assert Name.parse(one).is_like(Name.parse(other))
    assert Name.parse(other).is_like(Name.parse(one))


@pytest.mark.parametrize(
    "one, other",
    [
        ("J. Smith", "Kate Smith"),
        ("John A. Smith", "John B. Smith"),
        ("John Smith", "John Smithson"),
        ("John Smith", "Joan Smith"),
        ("Wang", "Lei Wang"),
    ],
)
def test_names_of_different_people_are_not_alike(one: str, other: str) -> None:
    assert not Name.parse(one).is_like(Name.parse(other))
    assert not Name.parse(other).is_like(Name.parse(one))


def test_a_day_is_searched_for_followed_authors() -> None:
    bylines = Bylines([("Ada Lind", "Bo Okafor"), ("Cleo Ruiz",), ("A. Lind",)])

    assert bylines.find(["ada lind"]) == {0: Byline("Ada Lind", "ada lind"), 2: Byline("A. Lind", "ada lind")}


def test_an_exact_name_is_told_before_one_that_agrees_by_initials() -> None:
    bylines = Bylines([("Ada Lind", "Bo Okafor")])

    found = bylines.find(["A. Lind", "Bo Okafor", "B. Okafor"])

    assert found == {0: Byline("Bo Okafor", "Bo Okafor")}


@pytest.mark.parametrize("written", ["", "  ", ",", "12"])
def test_a_name_without_letters_follows_nobody(written: str) -> None:
    assert Bylines([("", "12"), ("Ada Lind",)]).find([written]) == {}


@pytest.mark.parametrize("number", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "lind_a_1"])
def test_an_authors_number_is_no_name(number: str) -> None:
    assert Bylines([("Ada Lind",), ("A. Lind",)]).find([number]) == {}


def test_papers_known_to_be_by_somebody_are_found_whatever_name_is_printed() -> None:
    known = Bylines.known({"2611.00002": "Ada Lind", "2611.00009": "Bo Okafor"}, {"2611.00001": 0, "2611.00002": 1})

    assert known == {1: Byline("Ada Lind", "Ada Lind")}
