"""Rows, ids and conditions."""

from __future__ import annotations

import numpy as np

from index.columns import Columns
from index.columns_growth import ColumnsGrowth
from tests.fakes.library import TUESDAY, passage


def three_chunks() -> Columns:
    builder = ColumnsGrowth()
    builder.add(passage(30, "2611.00002", "c", day=TUESDAY))
    builder.add(passage(10, "2611.00001", "a"))
    builder.add(passage(20, "2611.00001", "b"))
    return builder.finish()


def test_ids_lead_back_to_rows_in_whatever_order_the_rows_are() -> None:
    assert three_chunks().rows_of(np.array([10, 20, 30, 31, 5])).tolist() == [1, 2, 0, -1, -1]


def test_rows_know_their_paper() -> None:
    columns = three_chunks()

    assert [str(columns.paper_ids[paper]) for paper in columns.papers] == ["2611.00002", "2611.00001", "2611.00001"]


def test_categories_are_alternatives() -> None:
    assert three_chunks().in_categories(("math.CO", "cs.CL")).tolist() == [True, False, False]


def test_a_whole_archive_may_be_asked_for() -> None:
    assert three_chunks().in_categories(("cs.*",)).tolist() == [False, True, True]


def test_a_category_nobody_has_selects_nothing() -> None:
    assert not three_chunks().in_categories(("hep-th",)).any()


def test_a_paper_has_what_any_of_its_chunks_shows() -> None:
    builder = ColumnsGrowth()
    builder.add(passage(1, "2611.00001", "We sample graphs; see github.com/someone/graphs"))
    builder.add(passage(2, "2611.00001", "Table 2: sizes."))
    builder.add(passage(3, "2611.00002", "Fig. 1. A graph."))

    assert builder.finish().features.tolist() == [5, 5, 2]


def test_the_newest_day_is_known() -> None:
    assert three_chunks().newest_day == TUESDAY.toordinal()
    assert ColumnsGrowth().finish().newest_day is None


def test_more_than_eight_categories_fit() -> None:
    builder = ColumnsGrowth()
    for number in range(20):
        chunk = passage(number, f"p{number}", "x")
        builder.add(type(chunk)(chunk.chunk, chunk.title, chunk.authors, (f"c{number:02d}.X",), chunk.day))

    mask = builder.finish().in_categories(("c17.X", "c03.X"))

    assert np.flatnonzero(mask).tolist() == [3, 17]


def test_no_chunks_at_all_is_a_valid_table() -> None:
    columns = ColumnsGrowth().finish()

    assert len(columns) == 0
    assert columns.rows_of(np.array([1])).tolist() == [-1]
    assert columns.in_categories(("cs.IR",)).tolist() == []
    assert columns.of_papers(("2611.00001",)).tolist() == []
