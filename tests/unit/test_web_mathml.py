from __future__ import annotations

import pytest

from web.mathml import mathml


def test_a_formula_becomes_mathml() -> None:
    assert (
        mathml(r"x_i^2")
        == '<math display="inline"><mrow><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></mrow></math>'
    )


def test_a_displayed_formula_is_a_block() -> None:
    assert str(mathml("x", is_display=True)).startswith('<math display="block">')


def test_angle_brackets_are_relations() -> None:
    assert mathml("a<b") == '<math display="inline"><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>'


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<svg/onload=alert(1)>}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\tag{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\href{https://example.org}{x}",
        r"\url{javascript:alert(1)}",
        r"\style{background:url(//example.org)}{x}",
        r"\class{top}{x}",
        r"\unicode{x3c}script\unicode{x3e}",
        r"\def\a{\a\a}\a",
        r"\newcommand{\b}{x}\b",
        r"\includegraphics{x}",
    ],
)
def test_what_is_no_mathematics_is_refused(tex: str) -> None:
    assert mathml(tex) is None


@pytest.mark.parametrize(
    "tex",
    [
        r'\textcolor{"><script>alert(1)</script>}{x}',
        r'\color{"onmouseover=alert(1) x="}x',
        r'\hspace{"onclick=alert(1)}x',
        r"\mathrm{<b>}",
        r"\operatorname{<img src=x onerror=alert(1)>}x",
        "x&lt;script&gt;alert(1)&lt;/script&gt;",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\begin{matrix}<script>&b\\c&d\end{matrix}",
    ],
)
def test_whatever_is_shown_holds_only_mathematical_elements(tex: str) -> None:
    shown = str(mathml(tex) or "")

    for forbidden in ("<script", "<img", "<b>", "<svg", " on", "href", "style=", "javascript"):
        assert forbidden not in shown.replace("&lt;", "")


@pytest.mark.parametrize("tex", ["", "  ", r"\frac{", r"\left( x", r"\begin{x}", r"\unknown{x}", "{" * 400, "x" * 1001])
def test_broken_unknown_and_endless_tex_is_left_to_the_caller(tex: str) -> None:
    assert mathml(tex) is None
