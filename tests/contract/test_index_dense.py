"""Dense search returns what an exact computation in numpy returns, values included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from pipeline.errors import IndexStateError
from pipeline.ports import F32

DIMENSION = 24


def unit(rows: int, seed: int) -> F32:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    scaled: F32 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


@pytest.fixture(params=["in memory", "from disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> DenseIndex:
    made = DenseIndex.empty(DIMENSION)
    made.add(unit(700, 1))
    made.add(unit(300, 2))
    if request.param == "in memory":
        return made
    made.save(tmp_path / "vectors.faiss")
    return DenseIndex.load(tmp_path / "vectors.faiss")


VECTORS = np.vstack([unit(700, 1), unit(300, 2)]).astype(np.float16).astype(np.float32)  # as an index keeps them


@pytest.mark.parametrize("seed", range(5))
def test_the_best_rows_and_their_inner_products_are_exact(index: DenseIndex, seed: int) -> None:
    query = unit(1, 100 + seed)[0]
    exact = VECTORS @ query

    rows, scores = index.search(query, 20)

    assert rows.tolist() == np.argsort(-exact, kind="stable")[:20].tolist()
    assert scores == pytest.approx(exact[rows], abs=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.01])
def test_under_a_mask_the_best_admitted_rows_are_exact(index: DenseIndex, share: float) -> None:
    mask = np.random.default_rng(7).random(1000) < share
    query = unit(1, 8)[0]
    exact = np.where(mask, VECTORS @ query, -np.inf)

    rows, scores = index.search(query, 15, mask)

    expected = [row for row in np.argsort(-exact, kind="stable")[:15].tolist() if mask[row]]
    assert rows.tolist() == expected
    assert scores == pytest.approx(exact[rows], abs=1e-6)


def test_a_vector_is_nearest_to_itself_at_one(index: DenseIndex) -> None:
    rows, scores = index.search(VECTORS[123], 1)

    assert rows.tolist() == [123]
    assert scores == pytest.approx([1.0], abs=1e-3)


def test_vectors_of_given_rows_come_in_their_order(index: DenseIndex) -> None:
    assert index.vectors(np.array([5, 999, 0])) == pytest.approx(VECTORS[[5, 999, 0]], abs=1e-6)
    assert index.vectors(np.array([], np.int64)).shape == (0, VECTORS.shape[1])


def test_asking_for_more_than_there_is_returns_what_there_is(index: DenseIndex) -> None:
    assert len(index.search(unit(1, 3)[0], 2000)[0]) == 1000
    assert index.search(unit(1, 3)[0], 10, np.zeros(1000, bool))[0].tolist() == []


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex.empty(DIMENSION).search(unit(1, 3)[0], 10)[0].tolist() == []


def test_a_file_that_is_no_index_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    path.write_bytes(b"not an index")

    with pytest.raises(IndexStateError, match=r"vectors\.faiss is not a FAISS index"):
        DenseIndex.load(path)
