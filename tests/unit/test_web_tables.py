from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Box
from tests.fakes.documents import OPEN_FIGURES, open_document
from web.tables import safe_table, table_of


def test_a_formula_in_a_cell_is_set_and_one_nobody_understands_stays_tex() -> None:
    table = safe_table(r"<table><tr><td><math>a &lt; b</math></td><td><math>\href{x}{y}</math></td></tr></table>")

    assert table is not None
    assert "<mo>&lt;</mo>" in table
    assert r'<span class="tex">\href{x}{y}</span>' in table


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><script>alert(1)</script>x</td></tr></table>",
        "<table><tr><td><a href='javascript:alert(1)'>x</a></td></tr></table>",
        "<table><tr><td onclick='alert(1)' class='x' id='y' style='position:fixed'>x</td></tr></table>",
        "<table><tr><td colspan='1000000' rowspan='0'>x</td></tr></table>",
        "<table><tr><td><math><mtext><img src=x onerror=alert(1)></mtext></math>x</td></tr></table>",
        "<table><tr><td><svg/onload=alert(1)>x</td></tr></table>",
        "<table><tr><td>\ue0000\ue001x</td></tr></table>",
        "<table><tr><td>\ue000<u>7</u>\ue001x</td></tr></table>",
    ],
)
def test_nothing_but_the_bare_table_is_kept(html: str) -> None:
    table = safe_table(html)

    assert table is not None
    assert not any(
        bad in table for bad in ("<script", "<a", "<img", "<svg", "javascript:", "colspan", "class='x'", "id=")
    )
    assert "style" not in table.replace("mstyle", "")


@pytest.mark.parametrize(
    "html", ["", "no table", "<p>text</p>", "<table></table>", "<table><tr><td>x</td></tr>" * 9000]
)
def test_what_is_no_table_or_endless_is_not_shown(html: str) -> None:
    assert safe_table(html) is None


def test_a_table_is_found_by_its_place_on_the_page() -> None:
    table = OPEN_FIGURES[2]

    assert "Method" in str(table_of(table, open_document()))
    assert table_of(replace(table, page=3), open_document()) is None
    assert table_of(replace(table, box=Box(0, 0, 100, 100)), open_document()) is None
    assert table_of(OPEN_FIGURES[1], open_document()) is None
