"""An index of cells finds what an exact search finds, under any condition, and takes its vectors from the shards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index.approximate
from index.approximate import ApproximateIndex
from index.shard_rows import NOWHERE, ShardFile, ShardRows
from index.shards import FileShards
from pipeline.errors import IndexStateError
from pipeline.ports import F32
from tests.fakes.encoder import HashedEncoder

CONTRACT = HashedEncoder().contract
DIMENSION = CONTRACT.dimension
COUNT, QUERIES, WANTED = 12_000, 60, 10


def clustered(rows: int, seed: int) -> F32:
    """Unit vectors around 300 centres, as texts lie around subjects."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(300, DIMENSION))
    vectors = centres[rng.integers(300, size=rows)] + 0.9 * rng.normal(size=(rows, DIMENSION))
    scaled: F32 = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


VECTORS = clustered(COUNT, 2).astype(np.float16).astype(np.float32)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> ShardRows:
    """The vectors in three shards, their rows in an order of their own; the last row has no vector."""
    shards = FileShards(tmp_path_factory.mktemp("vectors"))
    files = []
    for start, end in ((0, 5000), (5000, 5001), (5001, COUNT)):
        shard = shards.write(CONTRACT, range(start + 1, end + 1), VECTORS[start:end])
        files.append(ShardFile(shard.path, shard.rows))
    places = np.append(np.random.default_rng(3).permutation(COUNT), NOWHERE)
    return ShardRows(shards.folder, files, places, DIMENSION)


@pytest.fixture(scope="module")
def cells(rows: ShardRows, tmp_path_factory: pytest.TempPathFactory) -> ApproximateIndex:
    path = tmp_path_factory.mktemp("cells") / "vectors.faiss"
    ApproximateIndex.build(rows, COUNT, DIMENSION).save(path)
    return ApproximateIndex.load(path, rows)


@pytest.mark.parametrize("share", [None, 0.5, 0.1, 0.01, 0.0005])
@pytest.mark.parametrize("compared_one_by_one", [0, 20_000])
def test_recall_is_at_least_99_percent_whatever_a_condition_leaves(
    cells: ApproximateIndex,
    rows: ShardRows,
    monkeypatch: pytest.MonkeyPatch,
    share: float | None,
    compared_one_by_one: int,
) -> None:
    monkeypatch.setattr(index.approximate, "_EXACTLY", compared_one_by_one)
    mask = None if share is None else np.random.default_rng(4).random(len(rows)) < share
    everything = rows.take(np.arange(len(rows)))
    found = expected = 0
    for query in clustered(QUERIES, 5):
        exact = everything @ query
        exact[-1] = -np.inf
        if mask is not None:
            exact[~mask] = -np.inf
        best = [row for row in np.argsort(-exact, kind="stable")[:WANTED].tolist() if exact[row] > -np.inf]
        got, scores = cells.search(query, WANTED, mask)
        found += len(set(got.tolist()) & set(best))
        expected += len(best)
        assert scores == pytest.approx(everything[got] @ query, abs=1e-5)

    assert found >= 0.99 * expected


def test_rows_come_from_their_shards_and_one_without_a_vector_is_zero(rows: ShardRows) -> None:
    taken = rows.take(np.array([0, COUNT, 7]))

    places = np.random.default_rng(3).permutation(COUNT)
    assert np.array_equal(taken[[0, 2]], VECTORS[places[[0, 7]]])
    assert not taken[1].any()


def test_a_missing_shard_is_an_index_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="autoreader run"):
        ShardRows(tmp_path, [ShardFile("gone.npy", 3)], np.arange(3), DIMENSION)


def test_a_file_that_is_no_index_of_cells_is_refused(rows: ShardRows, tmp_path: Path) -> None:
    (tmp_path / "vectors.faiss").write_bytes(b"torn")

    with pytest.raises(IndexStateError, match="not a FAISS index"):
        ApproximateIndex.load(tmp_path / "vectors.faiss", rows)
