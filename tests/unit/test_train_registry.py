"""The models that were trained here, and which of them serve."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, StoreError, UsageError
from rerank.registry import Manifest, ModelKind, Registry

ONE = Manifest(ModelKind.ADAPTER, "adapter-0001", "2026-11-17T13:00:00+00:00", "", "key", "2 lists", "learnt", 0)
KIND = ModelKind.ADAPTER


def _write(folder: Path) -> None:
    (folder / "adapter.npz").write_bytes(b"weights")


def _add(registry: Registry, kind: ModelKind = KIND) -> str:
    name = registry.next_name(kind)
    registry.add(replace(ONE, kind=kind, name=name), _write)
    return name


def test_a_model_is_stored_whole_with_its_manifest(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models")

    folder = registry.add(ONE, _write)

    assert registry.entries() == [ONE]
    assert sorted(path.name for path in folder.iterdir()) == ["adapter.npz", "manifest.json"]


def test_a_model_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    registry = Registry(tmp_path)

    def fail(folder: Path) -> None:
        _write(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=r"cannot store the model .*adapter-0001: No space left"):
        registry.add(ONE, fail)

    assert list(tmp_path.iterdir()) == []


def test_no_model_serves_before_one_is_taken_into_service(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    name = _add(registry)

    assert registry.serving(KIND) is None
    assert registry.use(name) is KIND
    assert registry.serving(KIND) == ONE
    assert registry.serving(ModelKind.CROSS_ENCODER) is None


def test_rolling_back_brings_what_served_before(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first, second = _add(registry), _add(registry)
    registry.use(first)
    registry.use(second)

    assert registry.rollback(KIND) == first
    assert registry.rollback(KIND) == ""
    assert registry.serving(KIND) is None
    with pytest.raises(UsageError, match="no adapter was ever taken into service"):
        registry.rollback(KIND)


def test_using_what_serves_already_changes_nothing(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    name = _add(registry)
    registry.use(name)
    registry.use(name)

    assert registry.rollback(KIND) == ""


def test_a_retired_model_comes_back_by_a_rollback(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    name = _add(registry)
    registry.use(name)

    registry.retire(KIND)

    assert registry.serving(KIND) is None
    assert registry.rollback(KIND) == name


def test_names_count_up_over_all_kinds(tmp_path: Path) -> None:
    registry = Registry(tmp_path)

    assert [_add(registry), _add(registry, ModelKind.CROSS_ENCODER), _add(registry)] == [
        "adapter-0001",
        "cross-encoder-0002",
        "adapter-0003",
    ]


@pytest.mark.parametrize("name", ["adapter-0009", "", "../secret", "."])
def test_an_unknown_model_is_named_and_nothing_outside_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError, match="no model"):
        Registry(tmp_path).use(name)


def test_a_broken_register_is_named(tmp_path: Path) -> None:
    (tmp_path / "serving.json").write_text("{")

    with pytest.raises(StoreError, match=r"serving\.json cannot be read"):
        Registry(tmp_path).serving(KIND)
