"""Readers whose taste is plain to see: vectors of two tastes in a space where most directions say nothing."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from pipeline.ports import F32
from rerank.train_set import Occasion, Texts

FIRST_DAY = date(2026, 3, 2)
DIMENSION = 32
TASTES = {"owls": 0, "yaks": 1}  # the direction that a taste is told by
WORDS = {"owls": "owls see at night", "yaks": "yaks climb high"}


def make_occasions(days: int, passed: int = 8) -> tuple[list[Occasion], Texts]:
    """One occasion a day and taste: one paper taken, the others passed; three more known from before the first day.

    In the plain vectors a taste is little beside what else a paper is about: it can be learnt, but is hard to see.
    """
    dice = np.random.default_rng(11)
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    vectors: dict[str, F32] = {}

    def add(number: int, taste: str) -> str:
        paper = f"2603.{number:05d}"
        vector = dice.normal(0, 1, DIMENSION)
        vector[:2] = dice.normal(0, 0.2, 2)
        if taste:
            vector[TASTES[taste]] += 0.7
        words = WORDS.get(taste, f"stones lie {number % 7}")
        titles[paper], texts[paper] = words, f"{words}. a study"
        vectors[paper] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return paper

    known = {taste: [add(at + 10 * place, taste) for at in range(3)] for place, taste in enumerate(TASTES)}
    occasions, number = [], 100
    for day in range(days):
        on = FIRST_DAY + timedelta(days=day)
        for taste, before in known.items():
            papers = [add(number + at, "" if at else taste) for at in range(passed + 1)]
            number += passed + 1
            taken, others = (papers[0],), tuple(papers[1:])
            occasions.append(Occasion(taste, on, "", tuple(before), taken, (on,), others))
            before.append(papers[0])
    return occasions, Texts(titles, texts, vectors, {})
