"""What the folder of a sentence-transformers model says, where it is a BERT that `index.bert` expresses exactly."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from index.bert import BertShape

logger = logging.getLogger(__name__)

_JSON = Mapping[str, Any]  # Any: JSON
_USUAL = {"position_embedding_type": "absolute", "is_decoder": False, "add_cross_attention": False}
_EXPRESSED = {"model_type": "bert", "hidden_act": "gelu", **_USUAL}
_UNLIMITED = 1_000_000  # tokenizers without a limit of their own write 10^30 or so


class Pooling(StrEnum):
    """How the vectors of tokens become that of the text."""

    MEAN = "mean"
    CLS = "cls"


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a text, by what it is."""

    query: str
    passage: str

    @classmethod
    def of(cls, named: Mapping[str, str | None] | None) -> Prompts:
        """From a model's own prompts by name."""
        names = named or {}
        return cls(names.get("query") or "", names.get("document") or names.get("passage") or "")


@dataclass(frozen=True, slots=True)
class SentenceBert:
    """A model; `longest` is the number of tokens, special ones counted, after which a text is cut."""

    folder: Path
    shape: BertShape
    pooling: Pooling
    longest: int
    prompts: Prompts

    @property
    def weights(self) -> Path:
        """Where the weights lie."""
        return self.folder / "model.safetensors"


def read_sentence_bert(folder: Path) -> SentenceBert | None:
    """The model in a folder; None where it is anything else, whose vectors only torch can be trusted with."""
    obstacle = _obstacle(folder)
    if obstacle:
        logger.info("%s is computed by torch: %s", folder, obstacle)
        return None
    config, limits = _read(folder / "config.json"), _read(folder / "sentence_bert_config.json")
    tokenizer, model = _read(folder / "tokenizer_config.json"), _read(folder / "config_sentence_transformers.json")
    limit = limits.get("max_seq_length") or tokenizer.get("model_max_length") or _UNLIMITED
    return SentenceBert(
        folder=folder,
        shape=BertShape(
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            width=config["hidden_size"],
            inner=config["intermediate_size"],
            epsilon=config.get("layer_norm_eps", 1e-12),
        ),
        pooling=Pooling(_pooling(_read(folder / "1_Pooling" / "config.json"))),
        longest=min(int(limit), config["max_position_embeddings"]),
        prompts=Prompts.of(model.get("prompts")),
    )


def _obstacle(folder: Path) -> str:
    """Why the model cannot be expressed; empty where it can."""
    missing = [name for name in ("model.safetensors", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        return f"it has no {missing[0]}"
    modules = _modules(folder)
    if modules not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return f"its modules are {modules}"
    pooling = _read(folder / "1_Pooling" / "config.json")
    if _pooling(pooling) not in tuple(Pooling) or pooling.get("include_prompt") is False:
        return f"its pooling is {dict(pooling)}"
    return _other_network(_read(folder / "config.json")) or _other_use(folder)


def _modules(folder: Path) -> list[str]:
    """The kinds of its modules in order, each where it is expected; an empty list where they are elsewhere."""
    listed: Any = _read_any(folder / "modules.json")  # Any: JSON
    modules = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if [one.get("path") for one in modules[:2]] != ["", "1_Pooling"]:
        return []
    return [str(one.get("type", "")).rpartition(".")[2] for one in modules]


def _pooling(config: _JSON) -> str:
    """The one mode that is on, in the words of either format of the file."""
    if "pooling_mode" in config:
        return str(config["pooling_mode"])
    modes = [name for name, is_on in config.items() if name.startswith("pooling_mode_") and is_on is True]
    return {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}.get("+".join(modes), "+".join(modes))


def _other_network(config: _JSON) -> str:
    for name, value in _EXPRESSED.items():
        if config.get(name, _USUAL.get(name)) != value:
            return f"its {name} is {config.get(name)}"
    if config.get("dtype", config.get("torch_dtype", "float32")) not in ("float32", "float16"):
        return "its weights are of a type that numpy does not know"
    sizes = ("hidden_size", "intermediate_size", "max_position_embeddings")
    needed = ("num_hidden_layers", "num_attention_heads", *sizes)
    missing = [name for name in needed if not isinstance(config.get(name), int)]
    return f"its config.json has no {missing[0]}" if missing else ""


def _other_use(folder: Path) -> str:
    """Whether sentence-transformers would do something with it that we do not."""
    limits, model = _read(folder / "sentence_bert_config.json"), _read(folder / "config_sentence_transformers.json")
    tokenizer = _read(folder / "tokenizer_config.json")
    if "left" in (tokenizer.get("padding_side"), tokenizer.get("truncation_side")):
        return "its texts are padded or cut on the left"
    if limits.get("do_lower_case"):
        return "its texts are put in lower case before the tokenizer"
    if limits.get("transformer_task", "feature-extraction") != "feature-extraction":
        return f"its task is {limits['transformer_task']}"
    if limits.get("modality_config", {}).get("text", {}).get("method_output_name", "last_hidden_state") != (
        "last_hidden_state"
    ):
        return "its vectors are not the last layer's"
    if model.get("default_prompt_name"):
        return f"every text gets the prompt {model['default_prompt_name']}"
    return "its vectors are cut" if model.get("truncate_dim") else ""


def _read(path: Path) -> _JSON:
    found = _read_any(path)
    return found if isinstance(found, dict) else {}


def _read_any(path: Path) -> Any:  # Any: JSON
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
