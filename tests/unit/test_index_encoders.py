"""Which model a contract names, where it is found again, and what is said where it is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoder import SentenceEncoder
from index.encoders import EncoderSource
from index.packaged import NAME, WEIGHTS_SHA256
from pipeline.config import IndexSettings
from pipeline.document import EmbeddingContract
from pipeline.errors import ConfigError, IndexStateError
from pipeline.ports import F32


class Zeros:
    def embed(self, texts: Sequence[str]) -> F32:
        return np.zeros((len(texts), 2), np.float32)


class Models:
    """Stands for `index.models.load_model`: knows some models by their setting, records which it loaded."""

    def __init__(self, **revisions: str) -> None:
        self.revisions = {"": WEIGHTS_SHA256, **revisions}
        self.loaded: list[str] = []

    def __call__(self, name: str, batch_size: int, chunker: str) -> SentenceEncoder:
        del batch_size
        self.loaded.append(name)
        path = Path(name).name
        if path not in self.revisions:
            raise ConfigError(f"no model {name}")
        return SentenceEncoder(contract(path or NAME, self.revisions[path], chunker), Zeros())


def contract(model: str, revision: str, chunker: str = "sections/1") -> EmbeddingContract:
    return EmbeddingContract(model, revision, 2, "", "", is_normalised=True, chunker=chunker)


def source(home: Path, models: Models, model: str = "") -> EncoderSource:
    return EncoderSource(IndexSettings(model=model), "sections/1", home / "models.json", models)


def test_the_packaged_model_is_known_whatever_is_set(tmp_path: Path) -> None:
    models = Models(other="1")

    found = source(tmp_path, models, "other").for_contract(contract(NAME, WEIGHTS_SHA256))

    assert found.contract == contract(NAME, WEIGHTS_SHA256)
    assert models.loaded == [""]


def test_another_chunkers_vectors_are_asked_for_with_the_model_that_is_loaded(tmp_path: Path) -> None:
    models = Models()
    encoders = source(tmp_path, models)

    encoders.configured()
    found = encoders.for_contract(contract(NAME, WEIGHTS_SHA256, "sections/0"))

    assert found.contract.chunker == "sections/0"
    assert models.loaded == [""]


def test_a_folder_that_was_set_once_is_found_again_after_another_was_set(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    models = Models(mine="1")
    old = source(tmp_path, models, str(folder)).configured().contract

    found = source(tmp_path, models).for_contract(old)

    assert found.contract == old
    assert json.loads((tmp_path / "models.json").read_text(encoding="utf-8")) == {"mine 1": str(folder.resolve())}


def test_a_folder_whose_weights_changed_is_not_taken_for_the_old_model(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    old = source(tmp_path, Models(mine="1"), str(folder)).configured().contract
    models = Models(mine="2")
    encoders = source(tmp_path, models, str(folder))

    with pytest.raises(IndexStateError, match=r"built with the model mine \(weights 1\), which is not on this machine"):
        encoders.for_contract(old)
    with pytest.raises(IndexStateError, match="autoreader embed"):
        encoders.for_contract(old)

    assert set(models.loaded) == {str(folder), str(folder.resolve())}
    assert len(models.loaded) == len(set(models.loaded))


def test_at_most_two_models_are_kept(tmp_path: Path) -> None:
    models = Models(one="1", two="2")
    register = {"one 1": "one", "two 2": "two"}
    (tmp_path / "models.json").write_text(json.dumps(register), encoding="utf-8")
    encoders = source(tmp_path, models)

    encoders.configured()
    for name, revision in (("one", "1"), ("two", "2"), ("one", "1")):
        encoders.for_contract(contract(name, revision))
    encoders.configured()

    assert models.loaded == ["", "one", "two", ""]


def test_a_damaged_register_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text("[1, 2", encoding="utf-8")

    with pytest.raises(IndexStateError):
        source(tmp_path, Models()).for_contract(replace(contract("gone", "9"), dimension=3))
