"""How many cores are kept busy, and by what name a model's weights go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.processor import usable_cpus
from index.revision import weights_digest


@pytest.fixture
def bound(tmp_path: Path) -> int:
    """The cores of this machine that this process may use, without any quota."""
    return usable_cpus(tmp_path / "no quota here")


@pytest.mark.parametrize("quota", ["50000 100000\n", "100000 100000\n", "1000 100000\n"])
def test_a_containers_quota_of_a_core_or_less_is_one_thread(tmp_path: Path, quota: str) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(quota, encoding="ascii")

    assert usable_cpus(path) == 1


@pytest.mark.parametrize("quota", ["max 100000\n", "100000000 100000\n", "", "garbage"])
def test_without_a_quota_that_binds_all_cores_are_used(tmp_path: Path, bound: int, quota: str) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(quota, encoding="ascii")

    assert usable_cpus(path) == bound >= 1


def test_a_part_of_a_core_counts_as_a_whole_one(tmp_path: Path, bound: int) -> None:
    path = tmp_path / "cpu.max"
    path.write_text("150000 100000\n", encoding="ascii")

    assert usable_cpus(path) == min(2, bound)


WEIGHTS = {"embeddings.word": np.ones((2, 2), np.float32), "encoder.layer.0.bias": np.zeros(3, np.float32)}


@pytest.mark.parametrize("prefix", ["", "bert.", "0.model.", "0.auto_model."])
def test_weights_have_one_name_whoever_loaded_them(prefix: str) -> None:
    loaded = [(prefix + name, array) for name, array in reversed(WEIGHTS.items())]

    assert weights_digest(loaded) == weights_digest(WEIGHTS.items())


def test_heads_that_no_vector_goes_through_do_not_count() -> None:
    head = np.random.default_rng().normal(size=4).astype(np.float32)

    assert weights_digest([*WEIGHTS.items(), ("pooler.dense.bias", head)]) == weights_digest(WEIGHTS.items())


def test_another_value_or_another_layer_is_another_model() -> None:
    other = WEIGHTS | {"encoder.layer.0.bias": np.full(3, 1e-6, np.float32)}
    later = [*WEIGHTS.items(), ("2.linear.weight", np.ones(2, np.float32))]

    assert len({weights_digest(named) for named in (WEIGHTS.items(), other.items(), later)}) == 3
