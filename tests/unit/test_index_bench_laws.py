"""What the bench of the index draws and concludes, checked without building anything."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from flows.evaluation.index_bench.growth import extrapolated
from flows.evaluation.index_bench.law import VectorLaw, read_vectors
from flows.evaluation.index_bench.stores import Trial, fastest_enough
from flows.evaluation.index_bench.texts import CHUNKS_A_PAPER, TextLaw
from flows.evaluation.index_bench.timing import Times
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.ports import F32

OLD, NEW = date(2026, 1, 1), date(2026, 2, 1)


def unit(rows: int) -> F32:
    vectors = np.random.default_rng(0).normal(size=(rows, 16)).astype(np.float32)
    scaled: F32 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def paper(number: int, category: str) -> Paper:
    abstract = f"First sentence of paper {number} on lattices. Second one says more. Third one ends it."
    return Paper(f"2601.{number:05d}", f"Title of paper number {number}", ("Ada",), abstract, (category,))


LAW = TextLaw([(paper(1, "cs.IR"), NEW), *((paper(number, "cs.CV"), OLD) for number in range(2, 11))])


def test_drawn_vectors_are_of_unit_length_and_the_same_for_the_same_seed() -> None:
    law = VectorLaw.of(unit(200))

    drawn = law.draw(50, 3)

    assert np.linalg.norm(drawn, axis=1) == pytest.approx(np.ones(50), abs=1e-2)
    assert np.array_equal(drawn, law.draw(50, 3))
    assert not np.array_equal(drawn, law.draw(50, 4))


def test_a_vector_s_neighbours_do_not_hold_itself() -> None:
    near = VectorLaw.of(unit(200)).near

    assert near.shape == (200, 10)
    assert not np.any(near == np.arange(200)[:, None])


def test_embeddings_are_read_from_rows_and_archives_and_scaled(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", 2 * unit(1000))
    np.savez(tmp_path / "rows.npz", vectors=unit(1000).astype(np.float16))

    assert read_vectors(tmp_path / "rows.npy") == pytest.approx(unit(1000), abs=1e-6)
    assert read_vectors(tmp_path / "rows.npz") == pytest.approx(unit(1000), abs=1e-3)


@pytest.mark.parametrize("rows", [np.zeros(2000), unit(10)])
def test_too_few_embeddings_are_refused_with_their_shape(tmp_path: Path, rows: F32) -> None:
    np.save(tmp_path / "rows.npy", rows)

    with pytest.raises(UsageError, match="at least 1000 rows of numbers"):
        read_vectors(tmp_path / "rows.npy")


def test_a_file_without_embeddings_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "rows.npy").write_bytes(b"no array")

    with pytest.raises(UsageError, match=r"rows\.npy: it holds no embeddings"):
        read_vectors(tmp_path / "rows.npy")


def test_a_drawn_paper_begins_with_its_abstract_and_the_oldest_papers_come_first() -> None:
    chunks = [LAW.chunk(number, 10) for number in range(10 * CHUNKS_A_PAPER)]

    assert [chunk.chunk.id for chunk in chunks[:3]] == [1, 2, 3]
    assert chunks[0].chunk.text == paper(2, "cs.CV").abstract
    assert [chunk.day for chunk in chunks] == sorted(chunk.day for chunk in chunks)
    assert len({chunk.chunk.paper_id for chunk in chunks}) == 10
    assert chunks[1].chunk.text != chunks[0].chunk.text
    assert LAW.chunk(21, 10) == chunks[21]


def test_questions_are_three_to_ten_words() -> None:
    lengths = {len(question.split()) for question in LAW.questions(50, 1)}

    assert lengths <= set(range(3, 11))


def test_conditions_leave_about_the_share_asked_for() -> None:
    assert LAW.conditions(0.1) == {
        "days leave 10 %": "date:2026-02-01..",
        "category leaves 10 %": "cat:cs.IR",
    }


def test_the_fastest_of_the_settings_that_find_enough_counts() -> None:
    slow, fast, poor = Trial("slow", 1.0, 3, 3), Trial("fast", 0.991, 2, 2), Trial("poor", 0.9, 1, 1)

    assert fastest_enough([slow, fast, poor]) == fast
    assert fastest_enough([poor, Trial("poorer", 0.8, 0.5, 0.5)]) == poor


def test_larger_archives_follow_from_the_largest_measured_one() -> None:
    small = {"rows": 1e5, "CPU-ms p50": 1.0, "MB in memory": 6.0, "build CPU-s": 5.0}
    large = {"rows": 1e6, "CPU-ms p50": 2.0, "MB in memory": 60.0, "build CPU-s": 20.0}

    (far,) = extrapolated([large, small], [100_000_000])

    assert far == pytest.approx({"rows": 1e8, "CPU-ms p50": 20.0, "MB in memory": 6000.0, "build CPU-s": 20_000.0})
    assert extrapolated([small]) == []


def test_times_come_as_the_middle_and_the_slowest_in_a_hundred() -> None:
    rows = {row.metric: row.value for row in Times((1.0, 2.0, 9.0), (0.5, 0.5, 0.5)).rows("data", "ours")}

    assert rows["ms p50"] == 2.0
    assert math.isclose(rows["ms p99"], 8.86)
    assert rows["CPU-ms p50"] == 0.5
