"""When two papers are one work, or nearly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.ports import Candidate
from rerank.diversity import Works
from tests.fakes.papers import make_paper

VECTORS = np.eye(1, 4, dtype=np.float32)
PEOPLE = ("Ada Lind", "Bo Okafor")


def _works(titles: tuple[str, str], authors: tuple[str, ...] = PEOPLE, others: tuple[str, ...] = PEOPLE) -> Works:
    papers = [
        make_paper(one, title=title, authors=who)
        for one, title, who in zip("ab", titles, (authors, others), strict=True)
    ]
    return Works([Candidate(paper, (), np.zeros((0, 4), np.float32)) for paper in papers])


@pytest.mark.parametrize(
    "titles,cosine,is_same",
    [
        (("Seeing moss", "seeing: Moss!"), 0.5, True),  # equal but for case and points
        (("Seeing moss on wet rocks", "Seeing moss on dry sand"), 0.91, True),  # 3 of 7 words
        (("Seeing moss on wet rocks", "Seeing moss on dry sand"), 0.89, False),
        (("Seeing moss on wet rocks", "Seeing moss on wet sand"), 0.86, True),  # 4 of 6
        (("Seeing moss on wet rocks", "A lichen detector"), 0.99, False),
        (("Overview of the moss track 2025", "Overview of the moss track 2026"), 0.99, False),  # editions
        (("Moss, part 1", "Moss, part 2"), 0.99, False),
    ],
)
def test_titles_and_abstracts_together_tell_whether_a_work_is_the_same(
    titles: tuple[str, str], cosine: float, is_same: bool
) -> None:
    assert _works(titles).is_same("a", "b", cosine) is is_same


def test_papers_of_other_people_are_other_works_however_alike() -> None:
    titles = ("Natural moss generation", "Natural moss generation")

    assert not _works(titles, others=("Cy Berg", "Di Wolf")).is_same("a", "b", 0.99)


def test_initials_do_not_hide_that_people_are_the_same() -> None:
    assert _works(("Seeing moss", "Seeing moss"), others=("Okafor, B.", "A. Lind", "Cy Berg")).is_same("a", "b", 0.5)


def test_half_of_the_people_are_enough() -> None:
    titles = ("Seeing moss", "Seeing moss")

    assert _works(titles, others=("Ada Lind", "Cy Berg")).is_same("a", "b", 0.5)
    assert not _works(titles, (*PEOPLE, "Di Wolf"), ("Ada Lind", "Cy Berg", "Ed Moss")).is_same("a", "b", 0.5)


def test_a_chain_of_repetitions_names_the_first() -> None:
    papers = [make_paper(one, title="Seeing moss", authors=PEOPLE) for one in "abc"]
    works = Works([Candidate(paper, (), VECTORS) for paper in papers])

    assert works.repeats(["b", "a", "c"], np.ones((3, 3), np.float32)) == {"a": "b", "c": "b"}


def test_an_abstract_that_is_not_there_is_like_nothing() -> None:
    works = Works(
        [Candidate(make_paper("a"), (), VECTORS), Candidate(make_paper("b"), (), np.zeros((0, 4), np.float32))]
    )

    vectors = works.abstracts(["a", "b", "unknown"])

    assert (vectors @ vectors.T).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert math.isclose(float(vectors.sum()), 1.0)
