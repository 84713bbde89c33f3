"""Which of the trained models a day is ranked with."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import RerankSettings
from pipeline.errors import NotFoundError
from rerank.adapter import Adapter
from rerank.registry import Manifest, ModelKind, Registry
from rerank.serving import open_day_adapter, open_day_scorer
from tests.fakes.cross_encoder import save_cross_encoder

ADAPTER = Manifest(ModelKind.ADAPTER, "adapter-0001", "2026-11-17T13:00:00+00:00", "", "contract", "", "", 0)
CROSS_ENCODER = replace(ADAPTER, kind=ModelKind.CROSS_ENCODER, name="cross-encoder-0002")


def _with_adapter(folder: Path) -> Registry:
    registry = Registry(folder)
    registry.add(ADAPTER, lambda made: Adapter.identity("contract", 3).save(made / "adapter.npz"))
    registry.use(ADAPTER.name)
    return registry


def test_an_adapter_serves_the_vectors_that_it_learnt_from_and_no_others(tmp_path: Path) -> None:
    registry = _with_adapter(tmp_path)

    found = open_day_adapter(registry, "contract")

    assert found is not None
    assert found.matrix.shape == (3, 3)
    assert open_day_adapter(registry, "another model") is None


def test_without_models_and_settings_nothing_is_opened(tmp_path: Path) -> None:
    with ExitStack() as closing:
        assert open_day_scorer(RerankSettings(), Registry(tmp_path), closing) is None


def test_a_trained_cross_encoder_goes_before_the_one_that_is_set(tmp_path: Path) -> None:
    base = save_cross_encoder(tmp_path / "set")
    settings = RerankSettings(model=str(base))
    registry = Registry(tmp_path / "models")
    registry.add(CROSS_ENCODER, lambda folder: _copy(base, folder))

    with ExitStack() as closing:
        before = open_day_scorer(settings, registry, closing)
        registry.use(CROSS_ENCODER.name)
        after = open_day_scorer(settings, registry, closing)

    assert before is not None
    assert after is not None
    assert (len(before.key), after.key) == (64, "cross-encoder-0002")


def test_a_serving_model_that_is_gone_is_named(tmp_path: Path) -> None:
    registry = _with_adapter(tmp_path)
    (tmp_path / "adapter-0001" / "manifest.json").unlink()

    with pytest.raises(NotFoundError, match="no model 'adapter-0001'"):
        open_day_adapter(registry, "contract")


def _copy(source: Path, target: Path) -> None:
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
