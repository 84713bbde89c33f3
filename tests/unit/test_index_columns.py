"""Rows, ids and conditions."""

from __future__ import annotations

import numpy as np

from index.columns import Columns, ColumnsBuilder
from index.narrowing import Narrowing
from tests.fakes.library import MONDAY, TUESDAY, passage


def three_chunks() -> Columns:
    builder = ColumnsBuilder()
    builder.add(passage(30, "2611.00002", "c", day=TUESDAY))
    builder.add(passage(10, "2611.00001", "a"))
    builder.add(passage(20, "2611.00001", "b"))
    return builder.finish()


def test_ids_lead_back_to_rows_in_whatever_order_the_rows_are() -> None:
    assert three_chunks().rows_of(np.array([10, 20, 30, 31, 5])).tolist() == [1, 2, 0, -1, -1]


def test_rows_know_their_paper() -> None:
    columns = three_chunks()

    assert [str(columns.paper_ids[paper]) for paper in columns.papers] == ["2611.00002", "2611.00001", "2611.00001"]


def test_a_day_selects_exactly_its_rows() -> None:
    assert three_chunks().select(Narrowing(day=TUESDAY)).tolist() == [True, False, False]


def test_categories_are_alternatives() -> None:
    assert three_chunks().select(Narrowing(categories=("math.CO", "cs.CL"))).tolist() == [True, False, False]


def test_a_whole_archive_may_be_asked_for() -> None:
    assert three_chunks().select(Narrowing(categories=("cs.*",))).tolist() == [False, True, True]


def test_a_category_nobody_has_selects_nothing() -> None:
    assert not three_chunks().select(Narrowing(categories=("hep-th",))).any()


def test_day_and_category_must_both_hold() -> None:
    assert not three_chunks().select(Narrowing(day=MONDAY, categories=("math.CO",))).any()


def test_more_than_eight_categories_fit() -> None:
    builder = ColumnsBuilder()
    for number in range(20):
        chunk = passage(number, f"p{number}", "x")
        builder.add(type(chunk)(chunk.chunk, chunk.title, chunk.authors, (f"c{number:02d}.X",), chunk.day))

    mask = builder.finish().select(Narrowing(categories=("c17.X", "c03.X")))

    assert np.flatnonzero(mask).tolist() == [3, 17]


def test_no_chunks_at_all_is_a_valid_table() -> None:
    columns = ColumnsBuilder().finish()

    assert len(columns) == 0
    assert columns.rows_of(np.array([1])).tolist() == [-1]
    assert columns.select(Narrowing(day=MONDAY, categories=("cs.IR",))).tolist() == []
