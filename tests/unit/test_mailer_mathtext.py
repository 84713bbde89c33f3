"""TeX as arXiv's metadata holds it, in Unicode."""

# ruff: noqa: RUF001 - the signs that mathematics is set in are what these tests are about

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mathtext import clean, math_to_text, tex_to_text


@pytest.mark.parametrize(
    "tex, text",
    [
        (r"$O(n\log n)$", "O(n log n)"),
        (r"$\log(n)$ rounds", "log(n) rounds"),
        (r"$x^{2n} + y_i$", "x²ⁿ + yᵢ"),
        (r"$A^\top A$ and $10^{-3}$", "AᵀA and 10⁻³"),
        (r"$x_{i,j}$ and $L_\infty$", "x_(i,j) and L_∞"),
        (r"$x_\mathrm{max}$", "xₘₐₓ"),
        (r"$\frac{a+b}{c}$ and $\dfrac{1}{2}$", "(a+b)/c and 1/2"),
        (r"$\sqrt{n+1}$", "√(n+1)"),
        (r"$\mathbb{R}^d$", "ℝᵈ"),
        (r"$\widetilde{O}(n)$", "Õ(n)"),
        (r"$\epsilon$-greedy", "ϵ-greedy"),
        (r"$n\leq m$", "n ≤ m"),
        (r"$\sim 50$ and $\pm 3$", "∼50 and ±3"),
        (r"$\operatorname{argmax}_i f$", "argmaxᵢ f"),
        (r"$\left(x\right)$", "(x)"),
        (r"$\binom{n}{2}$", "(n choose 2)"),
        (r"$90\%$ of $50%$", "90% of 50%"),
        (r"\(a \in B\) and \[c\] and $$d^2$$", "a ∈ B and c and d²"),
    ],
)
def test_mathematics_is_set_in_unicode(tex: str, text: str) -> None:
    assert tex_to_text(tex) == text


@pytest.mark.parametrize(
    "tex, text",
    [
        (r"Erd\H{o}s, M\"uller, {\L}ukasz Garc\'{\i}a", "Erdős, Müller, Łukasz García"),
        (r"J\'er\^ome \v{S}", "Jérôme Š"),
        ("``quoted'' --- and 1--2", "“quoted” — and 1–2"),
        (r"\emph{so} \textbf{it} {\em is}", "so it is"),
        (r"360{\deg} by R\&D", "360° by R&D"),
        (r"see \href{https://example.org/}{our page} \cite{a,b}", "see our page"),
        (r"Fig.~3", "Fig. 3"),
        ("a price of ~5", "a price of ~5"),
        (r"\'Etude of Fig.~3", "Étude of Fig. 3"),
    ],
)
def test_tex_in_prose_becomes_what_it_means(tex: str, text: str) -> None:
    assert tex_to_text(tex) == text


@pytest.mark.parametrize(
    "text",
    [
        "gains of 5% over the best, and more after it",
        "AT&T and C# and a_b and x^2",
        "from $5 to $10 a month",
        "it costs $5 million",
        "the set {a, b}",
        "a < b > c",
    ],
)
def test_what_is_no_tex_stays_to_the_letter(text: str) -> None:
    assert tex_to_text(text) == text


def test_a_percent_sign_beside_tex_is_no_comment() -> None:
    assert tex_to_text(r"Poincar\'e gains 5% here & there") == "Poincaré gains 5% here & there"


def test_a_macro_nobody_knows_keeps_its_name() -> None:
    assert tex_to_text(r"we call it \ours and like it") == r"we call it \ours and like it"


@pytest.mark.parametrize(
    "broken", ["{", "$x", r"\begin{foo} a", r"\textbf{a", r"$\frac{a}$ b", r"a } b \emph{c}", r"\unicode{zz} \'e"]
)
def test_broken_tex_comes_through_as_it_was_written(broken: str) -> None:
    assert tex_to_text(broken) == broken


def test_deep_nesting_comes_through_as_it_was_written() -> None:
    deep = r"\emph{" + "{" * 3000

    assert tex_to_text(deep) == deep


def test_a_passage_from_a_page_is_quoted_to_the_letter_but_for_its_formulas() -> None:
    assert math_to_text(r"``so'' {a} --- $x^2$ costs $5 or \emph{more}") == r"``so'' {a} --- x² costs $5 or \emph{more}"


def test_clean_text_is_one_line_without_control_characters() -> None:
    assert clean("a\r\nBcc: x\x00\x1b[31m\u202eb\ud800 \u2028c\t d") == "a Bcc: x[31mb c d"


@given(st.text(alphabet=st.sampled_from(r"\{}$^_%&~ab1 ()[]'`-" + "é"), max_size=40))
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    assert "\n" not in tex_to_text(text)
