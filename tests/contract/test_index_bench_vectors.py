"""The bench measures against the truth: all rows compared, under any condition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from flows.evaluation.index_bench.archive import DrawnVectors
from flows.evaluation.index_bench.exact import nearest, recall
from flows.evaluation.index_bench.law import VectorLaw
from flows.evaluation.index_bench.vectors import VectorRun
from index.shard_rows import ShardFile, ShardRows
from tests.fakes.encoder import HashedEncoder

CONTRACT = HashedEncoder().contract
COUNT = 3000


@pytest.fixture(scope="module")
def law() -> VectorLaw:
    vectors = np.random.default_rng(1).normal(size=(300, CONTRACT.dimension)).astype(np.float32)
    return VectorLaw.of(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_the_truth_is_what_sorting_all_inner_products_gives(law: VectorLaw, tmp_path: Path) -> None:
    shards = DrawnVectors(tmp_path, CONTRACT, law).shards(0, COUNT)
    rows = ShardRows(
        tmp_path, [ShardFile(shard.path, shard.rows) for shard in shards], np.arange(COUNT), CONTRACT.dimension
    )
    queries, mask = law.draw(5, 9), np.arange(COUNT) % 1000 == 7

    truth = nearest(rows, queries, {"three": mask})

    products = queries @ rows.take(np.arange(COUNT)).T
    assert truth[""].tolist() == np.argsort(-products, axis=1, kind="stable")[:, :10].tolist()
    assert np.sort(truth["three"][0]).tolist() == [*[-1] * 7, 7, 1007, 2007]


def test_recall_counts_wanted_rows_and_leaves_out_those_that_do_not_exist() -> None:
    found, wanted = np.array([[1, 2, 3, -1]]), np.array([[3, 4, -1, -1]])

    assert recall(found, wanted) == 0.5


def test_a_run_tells_recall_and_times_of_every_condition(law: VectorLaw, tmp_path: Path) -> None:
    shards = DrawnVectors(tmp_path, CONTRACT, law).shards(0, COUNT)

    rows = list(VectorRun.of(tmp_path, shards, law.draw(10, 9), (0.1, 0.001)).rows())

    recalls = {row.dataset: row.value for row in rows if row.metric == "recall@10"}
    assert list(recalls) == [
        "3000 vectors",
        "3000 vectors, days leave 10 %",
        "3000 vectors, category leaves 10 %",
        "3000 vectors, days leave 0.1 %",
        "3000 vectors, category leaves 0.1 %",
    ]
    assert recalls["3000 vectors, days leave 10 %"] == 1.0
    assert {row.metric for row in rows} >= {"build CPU-s", "MB in memory", "ms p50", "CPU-ms p99"}
