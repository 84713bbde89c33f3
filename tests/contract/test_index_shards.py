"""The vector files keep the port's promises: exact ids, float16 values, and no altered file is believed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from index import open_shards
from pipeline.errors import IndexStateError, StoreError
from pipeline.ports import Shard
from tests.fakes.encoder import HashedEncoder

ENCODER = HashedEncoder(32)
VECTORS = ENCODER.encode_passages(["graph sampling", "bread", "random walks on graphs"])


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    return open_shards(tmp_path).write(ENCODER.contract, [3, 4, 9], VECTORS)


def test_what_was_written_is_read_to_half_precision(tmp_path: Path, shard: Shard) -> None:
    ids, vectors = open_shards(tmp_path).read(shard)

    assert ids.tolist() == [3, 4, 9]
    assert ids.dtype == np.int64
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, VECTORS.astype(np.float16).astype(np.float32))


def test_a_shard_describes_its_file(tmp_path: Path, shard: Shard) -> None:
    assert (shard.id, shard.rows, shard.contract_key) == (0, 3, ENCODER.contract.key)
    assert shard.path.startswith(f"{ENCODER.contract.key}/000000000003-3-")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.npy")] == [shard.path]


def test_the_same_rows_make_the_same_file_and_others_another(tmp_path: Path, shard: Shard) -> None:
    shards = open_shards(tmp_path)

    assert shards.write(ENCODER.contract, [3, 4, 9], VECTORS) == shard
    assert shards.write(ENCODER.contract, [3, 4, 9], VECTORS[::-1]).path != shard.path


def test_a_missing_file_is_refused_by_name_with_the_remedy(tmp_path: Path, shard: Shard) -> None:
    (tmp_path / shard.path).unlink()

    with pytest.raises(IndexStateError, match=rf"{shard.path} cannot be used .* run again"):
        open_shards(tmp_path).read(shard)


def test_an_altered_file_is_refused(tmp_path: Path, shard: Shard) -> None:
    path = tmp_path / shard.path
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    with pytest.raises(IndexStateError, match="its checksum differs"):
        open_shards(tmp_path).read(shard)


def test_a_file_altered_after_it_was_read_once_is_refused_too(tmp_path: Path, shard: Shard) -> None:
    shards = open_shards(tmp_path)
    shards.read(shard)
    (tmp_path / shard.path).write_bytes(b"torn")

    with pytest.raises(IndexStateError, match="its checksum differs"):
        shards.read(shard)


def test_a_row_count_that_differs_is_refused(tmp_path: Path, shard: Shard) -> None:
    with pytest.raises(IndexStateError, match="it does not hold 4 rows"):
        open_shards(tmp_path).read(dataclasses.replace(shard, rows=4))


@pytest.mark.parametrize(
    "ids, rows, reason",
    [
        ([], 0, "needs rows"),
        ([1, 2], 3, "the shape"),
        ([1, 3, 2], 3, "must ascend"),
        ([1, 1, 2], 3, "must ascend"),
    ],
)
def test_rows_that_make_no_sense_are_refused(tmp_path: Path, ids: list[int], rows: int, reason: str) -> None:
    with pytest.raises(IndexStateError, match=reason):
        open_shards(tmp_path).write(ENCODER.contract, ids, VECTORS[:rows])


def test_vectors_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="not finite"):
        open_shards(tmp_path).write(ENCODER.contract, [1, 2, 3], VECTORS * np.float32(1e9))


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("a file where a folder should be")

    with pytest.raises(StoreError, match="cannot write"):
        open_shards(tmp_path / "vectors").write(ENCODER.contract, [1, 2, 3], VECTORS)
