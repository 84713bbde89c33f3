from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.surya.html_blocks import code_text, entries, formulas, parse, plain_text, repair, table_html, table_text


@pytest.mark.parametrize(
    "markup,text",
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>Broken\nby the model<br>and by a tag</p>", "Broken by the model and by a tag"),
        (
            "<p>We have <math>a_1 + b</math>, <b>bold</b> and <i>slanted</i>.</p>",
            "We have $a_1 + b$, bold and slanted.",
        ),
        ('<p>So <math display="block">x = y</math> holds</p>', "So $$x = y$$ holds"),
        ("<p>x<sup>2</sup> of CO<sub>2</sub></p>", "x2 of CO2"),
        ("<ul><li>one</li><li><p>two</p></li></ul>", "• one\n• two"),
        ("<ol start='3'><li>three</li><li>four</li></ol>", "3. three\n4. four"),
        ("<p><input type='checkbox' checked> yes <input type='checkbox'> no</p>", "[x] yes [ ] no"),
        ("a < b and c > d & e", "a < b and c > d & e"),
        ("<p>seen<script>alert(1)</script><style>p{}</style><!-- not --></p>", "seen"),
        ("\x00a\x0bb\ud800", "ab�"),
        ("<p>never closed <b>and nested", "never closed and nested"),
        ('<?xml version="1.0" encoding="utf-8"?><p>x</p>', "x"),
        ("<html><body><p>a</body></html><body>b<frameset>c", "abc"),
        ("", ""),
    ],
)
def test_text_is_what_one_reads(markup: str, text: str) -> None:
    assert plain_text(parse(markup)) == text


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a}{b} \\ \text{if } x &lt; y",
        r"\begin{aligned} a &amp;= b \\ c &amp;= d \end{aligned}",
        "a<b",
        "x<p \\le q",
        r"\left<u, v\right>",
        "a & b < c",
    ],
)
def test_latex_stays_as_delivered_whether_its_signs_are_escaped_or_not(latex: str) -> None:
    node = parse(f'<p>Before</p><math display="block">\n{latex}\n</math><p>after</p>')

    assert formulas(node) == [latex.replace("&lt;", "<").replace("&amp;", "&")]
    assert plain_text(node).endswith("\nafter")


def test_a_formula_that_is_never_closed_swallows_no_block() -> None:
    answer = '<math>a <div data-label="Text">b</div> <math>c<d</math>'

    assert repair(answer) == '<math>a <div data-label="Text">b</div> <math>c&lt;d</math>'


def test_a_table_keeps_its_structure_and_nothing_that_could_do_harm() -> None:
    node = parse(
        '<p>x</p><table onclick="steal()" style="x"><thead><tr><th colspan="2">A<br>B</th></tr></thead>'
        '<tr><td rowspan="9999"><a href="javascript:x">l</a><script>bad()</script></td><td>1 &lt; 2</td></tr>'
        "<tr><td><img src=x onerror=bad()><math>x_1</math> m</td><td></td></tr></table>"
    )

    assert table_html(node) == (
        '<table><thead><tr><th colspan="2">A<br>B</th></tr></thead><tbody><tr><td>l</td><td>1 &lt; 2</td></tr>'
        "<tr><td>$x_1$ m</td><td></td></tr></tbody></table>"
    )


def test_a_formula_in_a_table_cannot_smuggle_markup_in() -> None:
    node = parse("<table><tr><td><math>&lt;img src=x onerror=bad()&gt;</math></td></tr></table>")

    assert table_html(node) == "<table><tbody><tr><td>$&lt;img src=x onerror=bad()&gt;$</td></tr></tbody></table>"


def test_a_table_reads_row_by_row_with_its_caption() -> None:
    node = parse(
        "<table><caption>Scores</caption><tr><th>Name</th><th>F1</th></tr>"
        "<tr><td><p>A</p><p>b</p></td><td><math>.9</math></td></tr><tr><td></td><td></td></tr></table>"
    )

    assert table_text(node) == "Scores\nName | F1\nA b | $.9$"


def test_code_keeps_its_lines_and_indentation() -> None:
    node = parse("<pre><code>def f(x):\n    return x &lt; 3  \n</code></pre>")

    assert code_text(node) == "def f(x):\n    return x < 3"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>[1] A. <b>B</b>.</p>\n<p>[2] C [1] D\nE.</p>",
        "<ul><li>[1] A. B.</li><li>[2] C [1] D E.</li></ul>",
        "<p>[1] A. B.<br>[2] C [1] D E.</p>",
        "[1] A. B.\n[2] C [1] D E.",
    ],
)
def test_references_are_parted_however_the_model_sets_them(markup: str) -> None:
    found = [entry.removeprefix("• ") for entry in entries(parse(markup))]

    assert found == ["[1] A. B.", "[2] C [1] D E."]


_PIECES = ["<p>", "</p>", "<b>", "<div>", "</div>", "<table>", "<tr>", "<td", "<th>", "</table>", "<math>", "</math>"]
_PIECES += ["a<b", "&lt;", "&#xD800;", "<li>", "<ol", "<br>", "<!--", "-->", "<![CDATA[", "<?pi", "<script>", "</body>"]
_PIECES += ["<frameset>", "\x00", "\ud800", " rowspan='-1'>", " words ", "[1] ", "$"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_no_markup_breaks_the_reading_of_it(pieces: list[str]) -> None:
    node = parse("".join(pieces))

    found = [plain_text(node), code_text(node), table_text(node), table_html(node), *formulas(node), *entries(node)]

    "".join(found).encode()
    assert not [text for text in found if "\x00" in text]
    assert "<script" not in table_html(node)
