"""Which papers are the same work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from index import Hit
from index.duplicates import Work, fold, leaders
from pipeline.digest import Passage
from tests.fakes.library import MONDAY

AUTHORS = ("Ada Lind", "Bo Okafor", "Chiara d'Este")
TITLE = "Searching long documents in little memory"


@dataclass
class Cosines:
    """One cosine for all pairs; `asked` tells for which it was wanted."""

    value: float
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, one: str, other: str) -> float:
        self.asked.append((one, other))
        return self.value


def are_same(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]], cosine: float) -> bool:
    works = [Work.of("1", *one), Work.of("2", *other)]
    return leaders(works, Cosines(cosine)) == [0, 0]


def hit(paper_id: str, title: str = TITLE, authors: tuple[str, ...] = AUTHORS) -> Hit:
    return Hit(paper_id, 1, title, authors, ("cs.IR",), MONDAY, 0.5, (Passage("", "Abstract", 0),), "why")


@pytest.mark.parametrize(
    "authors, cosine, same",
    [
        (AUTHORS, 0.8, True),
        (("Lind, A.", "Okafor, Bo", "Somebody New", "Another New"), 0.8, True),
        (("Ada Lind", "X One", "Y Two"), 0.99, False),
        ((), 0.99, False),
    ],
    ids=["all", "half of the fewer, written otherwise", "a third", "none"],
)
def test_one_title_is_one_work_where_half_of_the_authors_are_the_same(
    authors: tuple[str, ...], cosine: float, *, same: bool
) -> None:
    assert are_same((TITLE, AUTHORS), (TITLE.upper() + ".", authors), cosine) is same


@pytest.mark.parametrize(
    "title, cosine, same",
    [
        ("Searching Long Documents: An Extended Report", 0.95, True),
        ("Searching Long Documents: An Extended Report", 0.94, False),
        ("How to bake bread", 1.0, False),
    ],
)
def test_like_titles_are_one_work_where_the_abstracts_say_the_same(title: str, cosine: float, *, same: bool) -> None:
    assert are_same((TITLE, AUTHORS), (title, AUTHORS), cosine) is same


@pytest.mark.parametrize(
    "one, other",
    [
        ("A theory of graphs, part I", "A theory of graphs, part II"),
        ("Proceedings of the 1st workshop on graphs", "Proceedings of the 2nd workshop on graphs"),
        ("Our team at the shared task 2025", "Our team at the shared task 2026"),
        ("GraphNet for graphs of proteins", "GraphNet v2 for graphs of proteins"),
    ],
)
def test_a_series_is_told_apart_by_its_numbers(one: str, other: str) -> None:
    assert not are_same((one, AUTHORS), (other, AUTHORS), 0.999)


def test_accents_make_no_other_author() -> None:
    assert are_same((TITLE, ("Jörg Müller",)), (TITLE, ("Jorg Muller",)), 0.8)


def test_vectors_are_looked_at_only_where_authors_and_titles_agree() -> None:
    cosines = Cosines(0.0)

    leaders(
        [
            Work.of("1", TITLE, AUTHORS),
            Work.of("2", "How to bake bread", AUTHORS),
            Work.of("3", TITLE, ("Nobody Known",)),
            Work.of("4", f"{TITLE}, at length", AUTHORS),
        ],
        cosines,
    )

    assert cosines.asked == [("1", "4")]


def test_the_better_hit_stays_and_names_the_others() -> None:
    kept = fold([hit("1"), hit("2", "Bread"), hit("3"), hit("4")], Cosines(1.0))

    assert [(one.paper_id, one.also) for one in kept] == [("1", ("3", "4")), ("2", ())]


def test_a_paper_that_was_asked_for_stays() -> None:
    kept = fold([hit("1"), hit("2"), hit("3")], Cosines(1.0), pinned={"1", "2"})

    assert [(one.paper_id, one.also) for one in kept] == [("1", ("3",)), ("2", ())]


def test_a_withdrawn_paper_hides_none_that_stands() -> None:
    gone = replace(hit("1"), is_withdrawn=True)

    kept = fold([gone, hit("2")], Cosines(1.0), pinned={"1"})

    assert [(one.paper_id, one.also) for one in kept] == [("1", ()), ("2", ())]
