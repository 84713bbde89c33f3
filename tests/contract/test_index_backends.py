"""Whatever computes a model, its vectors are the same, batch by batch, and so is the name of its weights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.encoder import unit_length
from index.models import load_model
from index.openvino_backend import OpenVinoBackend
from index.processor import has_gpu
from index.sentence_bert import read_sentence_bert
from index.torch_backend import TorchBackend, open_torch
from pipeline.errors import ConfigError
from pipeline.ports import F32
from tests.fakes.models import WORDS, make_bert

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),  # torch's and transformers' own
    pytest.mark.skipif(has_gpu(), reason="torch computes every model where there is a GPU"),
]
# 300 texts of 1 to 60 words: more than one batch of either backend, and some that are cut.
TEXTS = [" ".join(WORDS[(7 * n + k) % len(WORDS)] for k in range(1 + n % 60)) for n in range(300)] + ["", "zebra"]


def cosines(ours: F32, theirs: F32) -> F32:
    together: F32 = np.sum(unit_length(ours) * unit_length(theirs), axis=1)
    return together


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    def make(name: str, **options: object) -> str:
        return make_bert(tmp_path_factory.mktemp("model") / name, **options)  # type: ignore[arg-type]  # passed through

    return make


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_bert_in_a_folder_gives_torchs_vectors_by_openvino(made: Callable[..., str], pooling: str) -> None:
    folder = made(f"tiny-{pooling}", pooling=pooling, prompts={"query": "search ", "document": "text "})
    reference, facts = open_torch(folder, batch_size=2)

    encoder = load_model(folder, 64, "words/1")

    assert isinstance(encoder._backend, OpenVinoBackend)
    assert cosines(encoder._backend.embed(TEXTS), reference.embed(TEXTS)).min() > 0.99999
    assert encoder.contract.revision == facts.revision
    assert (encoder.contract.model, encoder.contract.dimension) == (f"tiny-{pooling}", 48)
    assert (encoder.contract.query_prompt, encoder.contract.passage_prompt) == ("search ", "text ")


def test_torch_gives_in_token_batches_what_sentence_transformers_gives_in_its_own(made: Callable[..., str]) -> None:
    from sentence_transformers import SentenceTransformer

    folder = made("plain")
    theirs = SentenceTransformer(folder, device="cpu").encode(TEXTS, show_progress_bar=False)

    assert cosines(open_torch(folder, batch_size=1)[0].embed(TEXTS), theirs).min() > 0.99999


def test_a_network_that_is_not_quite_bert_is_left_to_torch(made: Callable[..., str]) -> None:
    encoder = load_model(made("relu", hidden_act="relu"), 64, "words/1")

    assert isinstance(encoder._backend, TorchBackend)
    assert encoder.encode_queries(["graph walk"]).shape == (1, 48)


@pytest.mark.parametrize(
    "file, change",
    [
        ("1_Pooling/config.json", {"pooling_mode": "max"}),
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("config.json", {"dtype": "bfloat16"}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"transformer_task": "fill-mask"}),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}),
        ("config_sentence_transformers.json", {"truncate_dim": 16}),
        ("tokenizer_config.json", {"truncation_side": "left"}),
        ("modules.json", None),
        ("model.safetensors", None),
    ],
)
def test_a_folder_that_asks_for_anything_else_is_not_read_as_bert(
    made: Callable[..., str], tmp_path: Path, file: str, change: dict[str, object] | None
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(made("whole"), folder)
    assert read_sentence_bert(folder) is not None

    path = folder / file
    if change is None:
        path.unlink()
    else:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")

    assert read_sentence_bert(folder) is None


def test_folders_of_older_versions_say_the_same_in_other_words(made: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "older"
    shutil.copytree(made("new"), folder)
    new = read_sentence_bert(folder)
    old_pooling = {"word_embedding_dimension": 48, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(old_pooling), encoding="utf-8")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 20}), encoding="utf-8")

    old = read_sentence_bert(folder)

    assert new is not None
    assert old is not None
    assert (old.pooling, old.longest, new.longest) == (new.pooling, 20, 48)


def test_weights_that_are_cut_short_are_named(made: Callable[..., str]) -> None:
    folder = made("short")
    weights = Path(folder) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])

    with pytest.raises(ConfigError, match=r"weights .*short/model\.safetensors cannot be read"):
        load_model(folder, 64, "words/1")


def test_a_weight_that_is_missing_is_named(made: Callable[..., str]) -> None:
    folder = made("lacking")
    weights = Path(folder) / "model.safetensors"
    kept = {name: array for name, array in load_file(weights).items() if "layer.1.output.dense.bias" not in name}
    save_file(kept, weights)

    with pytest.raises(ConfigError, match=r"weights lack encoder\.layer\.1\.output\.dense\.bias"):
        load_model(folder, 64, "words/1")
