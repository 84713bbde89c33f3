from __future__ import annotations

import pytest

from web.markup import Text, code_html, read_tex, tex_html, to_html


def test_prose_is_unicode_and_formulas_are_left_as_tex() -> None:
    text = read_tex(r"Erd\H{o}s numbers cost 5\% in $O(n)$ time")

    assert text.text == "Erdős numbers cost 5% in $O(n)$ time"
    assert [text.text[start:stop] for start, stop in text.formulas] == ["$O(n)$"]


def test_money_is_no_formula() -> None:
    assert read_tex("from $5 to $10 a day").formulas == ()


def test_spaces_around_a_formula_are_kept() -> None:
    assert read_tex("a $x$ b").text == "a $x$ b"


def test_everything_but_formulas_is_escaped() -> None:
    html = tex_html("<b>x</b> & $y$")

    assert html == '&lt;b&gt;x&lt;/b&gt; &amp; <math display="inline"><mrow><mi>y</mi></mrow></math>'


def test_a_formula_that_cannot_be_shown_is_its_escaped_tex() -> None:
    assert tex_html(r"$\text{<svg>}$") == r'<span class="tex">$\text{&lt;svg&gt;}$</span>'


@pytest.mark.parametrize("source", [r"\[x\]", "$$x$$"])
def test_displayed_formulas_are_blocks(source: str) -> None:
    assert tex_html(source) == '<math display="block"><mrow><mi>x</mi></mrow></math>'


def test_marks_wrap_words_outside_formulas_only() -> None:
    text = read_tex("walk $walk$ <walk>")

    html = to_html(text, [(0, 4), (6, 10), (13, 17)])

    assert html.startswith("<mark>walk</mark> <math")
    assert html.endswith("&lt;<mark>walk</mark>&gt;")


def test_neighbouring_marks_are_one() -> None:
    assert to_html(Text("late-interaction model"), [(0, 4), (5, 16)]) == "<mark>late-interaction</mark> model"


def test_our_own_sentences_may_name_commands() -> None:
    assert code_html("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
