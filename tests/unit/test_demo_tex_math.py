from __future__ import annotations

import pytest

from flows.demo.tex_math import split_math, to_typst
from pipeline.errors import UsageError


def test_text_and_mathematics_are_told_apart() -> None:
    assert split_math("The $k$-means of $m = 64$.") == [
        ("text", "The "),
        ("math", "k"),
        ("text", "-means of "),
        ("math", "m = 64"),
        ("text", "."),
    ]


def test_text_without_mathematics_is_one_piece() -> None:
    assert split_math("No formula.") == [("text", "No formula.")]


@pytest.mark.parametrize(
    "tex, typst",
    [
        (r"F_1", "F_1"),
        (r"75^{+60}_{-35}", "75^(+60)_(-35)"),
        (r"1/\sqrt{\kappa}", r"1\/ sqrt( kappa )"),
        (r"T_{int} > 310", 'T_( upright("int") ) > 310'),
        (r"\hat V_n = \rho^{-1}", "hat(V)_n = rho^(-1)"),
        (r"(41\,\mathrm{mK})^2", '(41 thin upright("mK") )^2'),
        (r"\langle G, \pi_\lambda\rangle \le 7.9 \pm 0.6", "chevron.l G, pi_lambda chevron.r <= 7.9 plus.minus 0.6"),
        (r"\mathbb{Z}^d", "bb(Z)^d"),
    ],
)
def test_a_formula_is_rewritten(tex: str, typst: str) -> None:
    assert to_typst(tex) == typst


def test_an_unknown_command_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"the TeX command \\oint is not known"):
        to_typst(r"\oint x")
