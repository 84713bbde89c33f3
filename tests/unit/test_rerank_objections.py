"""When a negative overrules a paper: by meaning, by its words, and never by words alone."""

from __future__ import annotations

import numpy as np
import pytest

from rerank.objections import Subjects, objections


def _objection(unwanted: float, words: float, *, titles: float = 0, between: float = 0.2) -> float:
    """For one paper, one interest that is at .5 to it, and one negative."""
    one = [np.full((1, 1), value, np.float32) for value in (0.5, unwanted, between, words, titles)]
    return float(objections(Subjects(*one), np.zeros(1, np.int64))[0, 0])


def test_nearness_that_the_interest_explains_is_no_objection() -> None:
    assert _objection(0.35, 0) == pytest.approx(0, abs=1e-5)  # .35 - .2 x .5 = .25, the border
    assert _objection(0.35, 0, between=0.4) == pytest.approx(12 * -0.1, abs=1e-5)


def test_words_speak_from_a_share_of_nine_tenths_to_thirteen() -> None:
    assert _objection(0.3, 0.9) == _objection(0.3, 0)
    assert _objection(0.3, 1.1) == pytest.approx(12 * (0.2 + 0.085 - 0.25), abs=1e-5)
    assert _objection(0.3, 1.3) == _objection(0.3, 2)


def test_a_title_that_names_it_speaks_as_loudly_as_words_can() -> None:
    assert _objection(0.3, 0, titles=1) == _objection(0.3, 2)
    assert _objection(0.3, 0, titles=0.5) == pytest.approx(12 * (0.2 + 0.085 - 0.25), abs=1e-5)


def test_the_words_of_a_negative_do_not_overrule_without_its_meaning() -> None:
    assert _objection(0.17, 2) < 0 < _objection(0.19, 2)


def test_where_likes_alone_decide_a_negative_must_be_plain() -> None:
    near = np.full((1, 1), 0.44, np.float32)
    nothing = np.zeros((0, 1), np.float32)
    silent = np.zeros((1, 1), np.float32)
    alone = Subjects(nothing, near, np.zeros((1, 0), np.float32), silent, silent)

    found = objections(alone, np.full(1, -1, np.int64))

    assert found[0, 0] == pytest.approx(12 * -0.01, abs=1e-5)
